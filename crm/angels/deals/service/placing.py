"""The room of a raise: who has a place in it, and to whom one that becomes free is offered, in time order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm.angels.deals.models import Pledge
from crm.angels.deals.queries import holders
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.rules.line import Place, Shares, Waiter, place_for, shared_out
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
from crm.kernel.money import NO_MONEY, Money
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

    Where the room is less than they pledged, that much is offered, and the rest waits on; but never less than brings them to
    the least that one investor can put in. Room that the first in the line cannot take waits for them.
    """
    session().flush()
    line = {each.id: each for each in queries.line_of(found.id)}
    for key, part in _shares(found, list(line.values())).offers.items():
        _offer(line[key], found, part)


def place_of_next(found: Pitch, account_id: UUID) -> Place:
    """What becomes of a pledge that an investor makes now: whoever pledges later never passes those who wait."""
    shares = _shares(found, queries.line_of(found.id))
    standing = holders.standing_in([found.id]).get((found.id, account_id), NO_MONEY)
    held = holders.held_in(found.id).get(account_id, NO_MONEY)
    room = queries.sums_of(found).room
    return place_for(shares, room=room, least=found.min_ticket, held=held, standing=standing)


def is_stuck(found: Pitch) -> bool:
    """Whether a raise has room that the first on its waiting list cannot take, so that it waits for them."""
    return _shares(found, queries.line_of(found.id)).is_stuck


def _shares(found: Pitch, line: Sequence[Pledge]) -> Shares[UUID]:
    """How the room of a raise is shared out now among those in its line who may be shown the pitch."""
    room = queries.sums_of(found).room if found.status is PitchStatus.PUBLISHED else NO_MONEY
    gates = admissions_of({each.account_id for each in line}, on=today()) if room and line else {}
    waiters = [
        Waiter(each.id, each.account_id, each.amount)
        for each in line
        if why_not_shown(gates.get(each.account_id, NOBODY), found.instrument, on=today()) is None
    ]
    held = holders.held_in(found.id) if waiters and found.min_ticket else {}
    return shared_out(waiters, room=room, least=found.min_ticket, held=held)


def _offer(found: Pledge, pitch: Pitch, part: Money) -> None:
    """Offer a place to one who waits, for a part of what they pledged or all of it; the rest waits on."""
    rest = found.amount - part
    if rest:
        kept(pitch, rest, account_id=found.account_id, like=found, by=SYSTEM)
        amend(found, amount=part)
    until = due_after(today(), int(figure_on("pledge.offer_days", on=today())))
    move(found, Act.OFFER, by=SYSTEM, offered_until=until)
    session().flush()
    tell_pledger(found, "pledge_offered", until=day_in_words(until), rest=str(rest) if rest else "")
