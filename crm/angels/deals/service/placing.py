"""The room of a raise: who has a place in it, and to whom one that becomes free is offered, in time order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from crm.angels.deals.models import Pledge
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.service.telling import tell_pledger
from crm.angels.deals.workflow import PLEDGES, Act
from crm.angels.investors.queries.gate import admissions_of
from crm.angels.investors.rules.gate import NOBODY, why_not_shown
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import PitchStatus
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance
from crm.figures.queries import due_after, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference


def kept(found: Pitch, amount: Money, *, account_id: UUID, like: Pledge | None = None, by: Actor) -> Pledge:
    """A new pledge on the waiting list; a part of another has its place in the line."""
    made = Pledge(pitch_id=found.id, account_id=account_id, amount=amount, _status=PLEDGES.start)
    made.reference, made.pitch_version = new_reference("PL"), like.pitch_version if like else found.number
    made.pledged_at = like.pledged_at if like else queries.next_in_line(found.id)
    session().add(made)
    session().flush()
    audit.record(Act.PLEDGE, made, created(pitch_id=found.id, amount=amount), by=by)
    return made


def move(found: Pledge, act: Act, *, by: Actor, **fields: Any) -> None:
    """Move a pledge by an act, with the fields that go with it, and write it down."""
    changes: Changes = amend(found, **fields)
    audit.record(act, found, {**changes, **advance(PLEDGES, found, act)}, by=by)


def fill(found: Pitch) -> None:
    """Offer the room there is to those who wait, in time order. One to whom the gate is closed keeps their place in the line.

    Where the room is less than they pledged, that much is offered, and the rest waits on; but never less than the least that
    one investor can put in, unless they have a place already.
    """
    session().flush()
    line = queries.line_of(found.id) if found.status is PitchStatus.PUBLISHED else ()
    room = queries.sums_of(found).room if line else Money(0)
    gates = admissions_of({each.account_id for each in line}, on=today()) if room else {}
    holders = queries.holders_of(found.id) if room and found.min_ticket else set()
    for each in line:
        if not room:
            return
        is_enough = min(each.amount, room) >= found.min_ticket or each.account_id in holders
        gate = gates.get(each.account_id, NOBODY)
        if is_enough and why_not_shown(gate, found.instrument, on=today()) is None:
            room = room - _offer(each, found, room)
            holders.add(each.account_id)


def _offer(found: Pledge, pitch: Pitch, room: Money) -> Money:
    """Offer a place to one who waits: as much of it as there is room."""
    if found.amount > room:
        kept(pitch, found.amount - room, account_id=found.account_id, like=found, by=SYSTEM)
        amend(found, amount=room)
    until = due_after(today(), int(figure_on("pledge.offer_days", on=today())))
    move(found, Act.OFFER, by=SYSTEM, offered_until=until)
    session().flush()
    tell_pledger(found, "pledge_offered", until=day_in_words(until))
    return found.amount
