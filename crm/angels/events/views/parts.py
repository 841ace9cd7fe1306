"""What pitch nights show elsewhere: on the desk, and on the page of a raise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for

from crm.angels.events.models import PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries.places import places_of
from crm.angels.events.rules import labels
from crm.angels.events.rules.running import outcomes_until
from crm.angels.events.workflow import Act, NightStatus, PlaceStatus, SlotStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import is_of_their_business
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import day_of, now, today
from crm.kernel.permissions import Actor
from crm.web.feature import Todo


def nights_to_invite(_actor: Actor) -> tuple[Todo, ...]:
    """Planned nights whose invitations were not sent."""
    return tuple(
        Todo("Send the invitations", None, _night(each.id), about=each.title, due=day_of(each.starts_at))
        for each in queries.with_status(NightStatus.PLANNED)
    )


def nights_to_run(_actor: Actor) -> tuple[Todo, ...]:
    """Tonight's check-in, and nights that are over and not recorded as held."""
    return tuple(_to_run())


def _to_run() -> Iterator[Todo]:
    for each in queries.with_status(NightStatus.INVITED):
        if each.ends_at <= now():
            words, href = "Record that the night was held", _night(each.id)
        elif day_of(each.starts_at) == today():
            words, href = "Check investors in", url_for("doors.door", night_id=each.id)
        else:
            continue
        yield Todo(words, None, href, about=each.title, due=day_of(each.starts_at))


def nights_to_review(_actor: Actor) -> tuple[Todo, ...]:
    """Nights held 90 days ago, without a word about what came of them."""
    return tuple(
        Todo("Record what came of the night", None, _night(each.id), about=each.title, since=until)
        for each in queries.with_status(NightStatus.HELD)
        if (until := outcomes_until(each.starts_at)) <= today() and each.reviewed_at is None
    )


def _night(night_id: Any) -> str:
    return url_for("nights.night", night_id=night_id)


def turns_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """The nights at which a founder's business was asked to pitch."""
    rows = queries.slots_to_answer(own_ids(actor))
    return tuple(
        _of_night("Say whether you pitch", url_for("night_turns.turn", slot_id=each.id), each.night)
        for each in rows
    )


def _of_night(words: str, href: str, night: PitchNight) -> Todo:
    return Todo(words, None, href, about=night.title, due=day_of(night.starts_at))


def own_invitations(actor: Actor) -> tuple[Todo, ...]:
    """An investor's invitations that they have not answered, or with maybe."""
    if actor.account_id is None or actor.seen_by is not None:
        return ()
    open_ = (PlaceStatus.INVITED, PlaceStatus.MAYBE)
    rows = [each for each in places_of(actor.account_id, upcoming=True) if each.status in open_]
    return tuple(
        _of_night("Answer the invitation", url_for("invitations.invitation", place_id=each.id), each.night)
        for each in rows
    )


def load_turns(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """The nights of a pitch, for its business and for the network's staff."""
    if not (is_of_their_business(actor, found) or POLICY.allows(actor, Act.PLAN)):
        return None
    rows = queries.slots_for(found.id)
    return {"rows": rows, "labels": labels, "SlotStatus": SlotStatus, "at": now()} if rows else None
