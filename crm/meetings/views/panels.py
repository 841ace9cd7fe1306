"""What meetings show elsewhere: on the desk, on the page of a business, on its timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import day_of, now, today
from crm.kernel.permissions import Actor
from crm.meetings import queries, rules
from crm.meetings.models import WorkshopPlace
from crm.meetings.policy import POLICY
from crm.meetings.workflow import Act, AppointmentStatus, PlaceStatus
from crm.web.feature import Case, Held, Todo
from crm.web.filters import moment
from crm.web.telling import Happening

SHOWN, SOON = 5, timedelta(days=14)


def appointments_to_record(actor: Actor) -> tuple[Todo, ...]:
    """Past appointments of this person whose conversation is not recorded."""
    return tuple(_appointments(actor.account_id)) if actor.account_id is not None else ()


def workshops_to_close(actor: Actor) -> tuple[Todo, ...]:
    """Workshops of the reader's hub, or of all together, that are over, without a word about who came."""
    return tuple(_workshops(actor))


def places_to_ask_about(actor: Actor) -> tuple[Todo, ...]:
    """Workshops with a free place for which somebody waits who has not answered the new time."""
    return tuple(
        Todo(
            f"A place is free: ask {count} {'person' if count == 1 else 'people'} who did not answer the new time",
            None,
            url_for("workshop_places.places", workshop_id=each.id),
            about=each.title,
            due=day_of(each.starts_at),
        )
        for each, count in queries.workshops_unanswered(now())
        if POLICY.allows(actor, Act.MATCH, each)
    )


def _appointments(account_id: UUID) -> Iterator[Todo]:
    rows = queries.past_appointments(account_id, before=now())
    for each in (row for row in rows if not row.business.is_archived):
        href = url_for("appointments.appointment", appointment_id=each.id)
        yield Todo(
            f"Record what was said: {each.subject}",
            None,
            href,
            about=each.business.name,
            since=day_of(each.ends_at),
        )


def _workshops(actor: Actor) -> Iterator[Todo]:
    rows = queries.workshops_to_hold(now())
    for each in (row for row in rows if POLICY.allows(actor, Act.HOLD_WORKSHOP, row)):
        href = url_for("workshops.hold_workshop", workshop_id=each.id)
        yield Todo("Record who came", None, href, about=each.title, since=day_of(each.ends_at))


def load_appointments(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The latest appointments with a business."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = queries.appointments_of(found.id, most=SHOWN)
    can_arrange = not found.is_archived and POLICY.allows(actor, Act.ARRANGE, found)
    if not rows and not can_arrange:
        return None
    return {"rows": rows, "can_arrange": can_arrange, "business": found, "rules": rules}


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """For advisers what they have arranged for the next two weeks, for founders all that is arranged with them."""
    if actor.has(*HUB_ROLES) and actor.account_id is not None:
        rows = queries.appointments_for(actor.account_id, after=now(), until=now() + SOON)
    else:
        own = own_ids(actor)
        rows = queries.appointments_with(own, after=now()) if own else ()
    return {"rows": rows} if rows else None


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """The workshops that people of a business signed up for and came to, each on its day; for staff its appointments too."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    places = queries.attended_by(business_id, most=most)
    rows = [row for each in places for row in _of(each, is_staff=is_staff)]
    return [*rows, *_arranged(actor, business_id, most)] if is_staff else rows


def _arranged(actor: Actor, business_id: UUID, most: int) -> Iterator[Happening]:
    """The appointments of a business, by the day on which they were arranged; what was said at one is a conversation."""
    for each in queries.appointments_of(business_id, most=most):
        off = each.status is AppointmentStatus.CANCELLED
        title = (
            f"Appointment with {each.adviser.name} on {moment(each.starts_at)}{' cancelled' if off else ''}"
        )
        can_open = POLICY.allows(actor, Act.VIEW, each)
        href = url_for("appointments.appointment", appointment_id=each.id) if can_open else ""
        yield Happening(each.arranged_at, title, href=href, text=each.reason if off else each.subject)


def _of(place: WorkshopPlace, *, is_staff: bool) -> list[Happening]:
    href = url_for("workshops.workshop", workshop_id=place.workshop_id) if is_staff else ""
    who, what = place.person_name, place.workshop.title
    rows = [Happening(place.signed_up_at, f"{who} signed up for {what}", href=href)]
    if place.status in (PlaceStatus.ATTENDED, PlaceStatus.ABSENT):
        title = f"{who} {'came to' if place.status is PlaceStatus.ATTENDED else 'did not come to'} {what}"
        rows.append(
            Happening(place.workshop.starts_at, title, href=href, on=day_of(place.workshop.starts_at))
        )
    elif place.status is PlaceStatus.WAITING:
        rows = [replace(rows[0], text=rules.PLACE_STATUSES[place.status])]
    return rows


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a conversation to the appointment that it was."""
    found = queries.appointment_with(thing_id) if kind == "conversation" else None
    if found is None:
        return []
    return [("The appointment that this was", url_for("appointments.appointment", appointment_id=found.id))]


def workshops_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The workshops that some people have still to hold, or whose attendance is to be recorded."""
    for each in queries.workshops_led_by(account_ids):
        assert each.lead_id is not None
        href = url_for("workshops.workshop", workshop_id=each.id)
        hubs = frozenset([str(each.hub_id)] if each.hub_id else [])
        yield each.lead_id, Case(each.id, f"{each.title}, {moment(each.starts_at)}", href, hubs)


def in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The appointments that some people have still to keep, or to record."""
    for each in queries.appointments_held_by(account_ids):
        title = f"{each.business.name}, {moment(each.starts_at)}: {each.subject}"
        href = url_for("appointments.appointment", appointment_id=each.id)
        yield each.adviser_id, Case(each.id, title, href, each.business.hub_ids(on=today()))
