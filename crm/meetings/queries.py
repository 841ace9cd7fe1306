"""Reads of appointments, workshops and places."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.workflow import BusinessStatus
from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.meetings.models import Appointment, Workshop, WorkshopPlace
from crm.meetings.policy import workshops_shown_to
from crm.meetings.workflow import AppointmentStatus, PlaceStatus, WorkshopStatus

APPOINTMENT = Appointment.__table__.c
WORKSHOP = Workshop.__table__.c
PLACE = WorkshopPlace.__table__.c
MOST, MOST_HELD = 100, 500
MOST_PLACES = 2_000


def _whole() -> Select[Appointment]:
    return select(Appointment).options(
        joinedload(Appointment.business).undefer(Business.shared),
        joinedload(Appointment.person),
        joinedload(Appointment.adviser),
    )


def appointment(appointment_id: UUID) -> Appointment | None:
    """One appointment with its business and whoever meets."""
    return session().scalar(_whole().where(Appointment.id == appointment_id))


def read_again(found: Appointment) -> None:
    """Let an appointment know who meets now."""
    query = _whole().where(Appointment.id == found.id).execution_options(populate_existing=True)
    session().scalar(query)


def appointments_of(business_id: UUID, *, most: int) -> Sequence[Appointment]:
    """The appointments with a business, the latest first."""
    query = _whole().where(APPOINTMENT.business_id == business_id)
    return session().scalars(query.order_by(APPOINTMENT.starts_at.desc(), APPOINTMENT.id).limit(most)).all()


def appointments_for(account_id: UUID, *, after: datetime, until: datetime) -> Sequence[Appointment]:
    """What an adviser has arranged between two moments, the next first."""
    query = _whole().where(
        APPOINTMENT.adviser_id == account_id,
        APPOINTMENT.status == AppointmentStatus.PLANNED,
        APPOINTMENT.ends_at > after,
        APPOINTMENT.starts_at < until,
    )
    return session().scalars(query.order_by(APPOINTMENT.starts_at, APPOINTMENT.id).limit(MOST)).all()


def appointments_held_by(account_ids: Collection[UUID]) -> Sequence[Appointment]:
    """What some advisers have arranged with businesses in use and not recorded yet, also what is over; the first first."""
    query = select(Appointment).options(joinedload(Appointment.business).undefer(Business.shared))
    query = query.join(Appointment.business).where(
        APPOINTMENT.adviser_id.in_(account_ids),
        APPOINTMENT.status == AppointmentStatus.PLANNED,
        Business.__table__.c.status != BusinessStatus.ARCHIVED,
    )
    return session().scalars(query.order_by(APPOINTMENT.starts_at, APPOINTMENT.id).limit(MOST_HELD)).all()


def appointments_with(business_ids: Sequence[UUID], *, after: datetime) -> Sequence[Appointment]:
    """What is arranged with some businesses from a moment on, the next first."""
    query = _whole().where(
        APPOINTMENT.business_id.in_(business_ids),
        APPOINTMENT.status == AppointmentStatus.PLANNED,
        APPOINTMENT.ends_at > after,
    )
    return session().scalars(query.order_by(APPOINTMENT.starts_at, APPOINTMENT.id).limit(MOST)).all()


def clash_of(account_id: UUID, *, between: tuple[datetime, datetime], but: UUID | None) -> Appointment | None:
    """Another appointment of an adviser that takes up some of the same time."""
    query = _whole().where(
        APPOINTMENT.adviser_id == account_id,
        APPOINTMENT.status == AppointmentStatus.PLANNED,
        APPOINTMENT.starts_at < between[1],
        APPOINTMENT.ends_at > between[0],
    )
    if but is not None:
        query = query.where(APPOINTMENT.id != but)
    return session().scalar(query.order_by(APPOINTMENT.starts_at).limit(1))


def workshop(workshop_id: UUID) -> Workshop | None:
    """One workshop with its hub and its kind of support."""
    parts = (joinedload(Workshop.hub), joinedload(Workshop.kind), joinedload(Workshop.lead))
    return session().scalar(select(Workshop).options(*parts).where(Workshop.id == workshop_id))


def workshop_to_seat(workshop_id: UUID) -> Workshop:
    """A workshop, held against everybody else until the end of the transaction: its seats are counted once."""
    query = select(Workshop).options(selectinload(Workshop.lead))
    query = query.where(Workshop.id == workshop_id).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).one()


def workshops(actor: Actor, *, after: datetime) -> Sequence[Workshop]:
    """The workshops that are still to come, the next first, with the drafts that the reader may see."""
    is_coming = WORKSHOP.status.in_((WorkshopStatus.OPEN, WorkshopStatus.DRAFT))
    query = select(Workshop).options(joinedload(Workshop.hub))
    query = query.where(is_coming, WORKSHOP.ends_at > after, workshops_shown_to(actor))
    return session().scalars(query.order_by(WORKSHOP.starts_at, WORKSHOP.id).limit(MOST)).all()


def past_workshops(actor: Actor, *, before: datetime) -> Sequence[Workshop]:
    """The workshops that are over or were called off, the latest first."""
    is_over = or_(
        WORKSHOP.ends_at <= before, WORKSHOP.status.in_((WorkshopStatus.HELD, WorkshopStatus.CANCELLED))
    )
    query = select(Workshop).options(joinedload(Workshop.hub)).where(is_over, workshops_shown_to(actor))
    return session().scalars(query.order_by(WORKSHOP.starts_at.desc(), WORKSHOP.id).limit(MOST)).all()


def workshops_led_by(account_ids: Collection[UUID]) -> Sequence[Workshop]:
    """The workshops that some people lead and that were neither held nor cancelled, the first first."""
    query = select(Workshop).where(
        WORKSHOP.lead_id.in_(account_ids), WORKSHOP.status.in_((WorkshopStatus.DRAFT, WorkshopStatus.OPEN))
    )
    return session().scalars(query.order_by(WORKSHOP.starts_at, WORKSHOP.id).limit(MOST_HELD)).all()


def seats_taken(workshop_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many places are taken in each of some workshops."""
    is_taken = PLACE.status.in_((PlaceStatus.TAKEN, PlaceStatus.ATTENDED, PlaceStatus.ABSENT))
    query = select(PLACE.workshop_id, func.count()).where(PLACE.workshop_id.in_(workshop_ids), is_taken)
    found = {row[0]: row[1] for row in session().execute(query.group_by(PLACE.workshop_id))}
    return {each: found.get(each, 0) for each in workshop_ids}


def place(place_id: UUID) -> WorkshopPlace | None:
    """One place with its workshop and business."""
    query = select(WorkshopPlace).options(
        joinedload(WorkshopPlace.workshop).joinedload(Workshop.lead),
        joinedload(WorkshopPlace.business).undefer(Business.shared),
    )
    return session().scalar(query.where(WorkshopPlace.id == place_id))


def places_in(workshop_id: UUID) -> Sequence[WorkshopPlace]:
    """Who signed up for a workshop, in the order in which they did."""
    query = select(WorkshopPlace).options(
        joinedload(WorkshopPlace.workshop).joinedload(Workshop.lead),
        joinedload(WorkshopPlace.business).undefer(Business.shared),
    )
    query = query.where(PLACE.workshop_id == workshop_id)
    return session().scalars(query.order_by(PLACE.signed_up_at, PLACE.id).limit(MOST_PLACES)).all()


def number_waiting(found: WorkshopPlace) -> int:
    """At which number a person stands on the waiting list of a workshop; 0 where they do not wait."""
    waiting = [each.id for each in places_in(found.workshop_id) if each.status is PlaceStatus.WAITING]
    return waiting.index(found.id) + 1 if found.id in waiting else 0


def place_of(workshop_id: UUID, email: str) -> WorkshopPlace | None:
    """The place that somebody has in a workshop and has not given up."""
    is_theirs = (PLACE.workshop_id == workshop_id, PLACE.email == email.lower())
    query = select(WorkshopPlace).where(*is_theirs, PLACE.status != PlaceStatus.GIVEN_UP)
    return session().scalar(query)


def attended_by(business_id: UUID, *, most: int) -> Sequence[WorkshopPlace]:
    """The places in workshops that people of a business had, the latest first."""
    query = select(WorkshopPlace).options(joinedload(WorkshopPlace.workshop))
    query = query.where(PLACE.business_id == business_id, PLACE.status != PlaceStatus.GIVEN_UP)
    return session().scalars(query.order_by(PLACE.signed_up_at.desc(), PLACE.id).limit(most)).all()


def workshops_to_hold(at: datetime) -> Sequence[Workshop]:
    """The workshops that are over and whose attendance is not recorded, the oldest first."""
    query = select(Workshop).where(WORKSHOP.status == WorkshopStatus.OPEN, WORKSHOP.ends_at <= at)
    return session().scalars(query.order_by(WORKSHOP.starts_at, WORKSHOP.id).limit(MOST)).all()


def workshops_unanswered(at: datetime) -> Sequence[tuple[Workshop, int]]:
    """Workshops still to come that were moved, have a place free, and how many who wait have not answered the new time."""
    start = Workshop.starts_at
    asked = select(func.count()).where(
        PLACE.workshop_id == Workshop.id,
        PLACE.status == PlaceStatus.WAITING,
        WorkshopPlace.agreed_to.is_not(None),
        WorkshopPlace.agreed_to != start,
    )
    taken = select(func.count()).where(PLACE.workshop_id == Workshop.id, PLACE.status == PlaceStatus.TAKEN)
    count = asked.scalar_subquery()
    query = select(Workshop, count).where(
        WORKSHOP.status == WorkshopStatus.OPEN,
        start > at,
        count > 0,
        taken.scalar_subquery() < Workshop.seats,
    )
    rows = session().execute(query.order_by(start, Workshop.id).limit(MOST))
    return [(found, number) for found, number in rows]


def past_appointments(account_id: UUID, *, before: datetime) -> Sequence[Appointment]:
    """The appointments of an adviser that are over without a word about what came of them, the oldest first."""
    query = _whole().where(
        APPOINTMENT.adviser_id == account_id,
        APPOINTMENT.status == AppointmentStatus.PLANNED,
        APPOINTMENT.ends_at <= before,
    )
    return session().scalars(query.order_by(APPOINTMENT.starts_at, APPOINTMENT.id).limit(MOST)).all()


def appointment_with(conversation_id: UUID) -> Appointment | None:
    """The appointment that became a conversation."""
    return session().scalar(select(Appointment).where(APPOINTMENT.conversation_id == conversation_id))
