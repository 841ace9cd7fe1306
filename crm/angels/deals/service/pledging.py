"""An investor pledges to a raise, takes a place that became free, commits, or withdraws; a business turns a pledge down."""

from __future__ import annotations

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.deals.models import Pledge
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.service.placing import fill, kept, move
from crm.angels.deals.service.telling import tell_pledger, tell_raiser
from crm.angels.deals.workflow import PLEDGES, Act, PledgeStatus
from crm.angels.introductions.service.introducing import why_not_wanted
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.gate import why_not_shown
from crm.angels.investors.rules.labels import CLOSED
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.queries.ties import tie_of_investor
from crm.angels.pitches.workflow import PitchStatus
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid, require_reason
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

MOST_PLEDGES = 5
"""Of one investor to one raise at a time."""
OPEN = (PitchStatus.PUBLISHED, PitchStatus.PAUSED)


def record(found: Pitch, amount: Money, *, by: Actor) -> list[Pledge]:
    """Pledge to a raise: what fits has a place at once, the rest is on the waiting list, in time order.

    Never more than the raise seeks has a place, also where several pledge at the same moment.
    """
    POLICY.require(by, Act.PLEDGE, found)
    pitch_queries.hold(found)
    own = _require_sound(found, amount, by)
    fill(found)
    placed = min(queries.sums_of(found).room, amount)
    made = [kept(found, each, account_id=own.id, by=by) for each in (placed, amount - placed) if each]
    if placed:
        move(made[0], Act.PLACE, by=by)
    session().flush()
    waits = amount - placed
    tell_raiser(found, "pledge_recorded", amount=str(amount), waiting=str(waits) if waits else "")
    return made


def _require_sound(found: Pitch, amount: Money, actor: Actor) -> Account:
    own = account(actor.account_id) if actor.account_id else None
    assert own is not None
    refuse_if(why_not_pledged(found))
    tie = tie_of_investor(own, found.business_id, on=today())
    if tie:
        raise Conflict(f"You are {tie}, so you cannot pledge to its raise here.")
    refuse_if(why_not_wanted(found, own.id))
    known = queries.own_of_pitch(found.id, own.id)
    if len(known) >= MOST_PLEDGES:
        raise Conflict(f"You already have {MOST_PLEDGES} pledges to this raise. Withdraw one first.")
    if not amount:
        raise Invalid("Enter how much you pledge", field="amount")
    if amount < found.min_ticket and not known:
        raise Invalid(f"The least that one investor can put in is {found.min_ticket}", field="amount")
    if amount > found.amount:
        raise Invalid(f"This raise seeks {found.amount}, so you cannot pledge more", field="amount")
    return own


def why_not_pledged(found: Pitch) -> str | None:
    """Why nobody can pledge to a raise now: it is not shown."""
    return None if found.status is PitchStatus.PUBLISHED else "This pitch is no longer published."


def _hold(found: Pledge) -> None:
    """Lock the raise first, then read the pledge as it is now."""
    pitch_queries.hold(found.pitch)
    session().refresh(found, attribute_names=[each.key for each in Pledge.__mapper__.column_attrs])


def take_up(found: Pledge, *, by: Actor) -> None:
    """Take a place that became free."""
    POLICY.require(by, Act.TAKE_UP, found)
    _hold(found)
    PLEDGES.target(Act.TAKE_UP, found.status)
    refuse_if(why_not_taken_up(found))
    move(found, Act.TAKE_UP, by=by, offered_until=None)
    tell_raiser(found.pitch, "pledge_recorded", amount=str(found.amount), waiting="")


def why_not_taken_up(found: Pledge) -> str | None:
    """Why a place that was offered cannot be taken: its last day has passed, or the investor may not be shown the pitch."""
    if found.offered_until is not None and is_past(found.offered_until, on=today()):
        return f"This place was yours to take until {day_in_words(found.offered_until)}."
    closed = why_not_shown(admission_of(found.account_id, on=today()), found.pitch.instrument, on=today())
    return (
        f"You cannot take this place now: we may not show you the pitch. {CLOSED[closed]}" if closed else None
    )


def commit(found: Pledge, *, by: Actor) -> None:
    """Commit to a pledge: the investor and the business have met and agree on the terms. It is still not an investment."""
    POLICY.require(by, Act.COMMIT, found)
    _hold(found)
    PLEDGES.target(Act.COMMIT, found.status)
    refuse_if(why_not_committed(found))
    move(found, Act.COMMIT, by=by, committed_at=now())
    own = account(found.account_id)
    tell_raiser(
        found.pitch, "pledge_committed", amount=str(found.amount), investor=own.name if own else "An investor"
    )


def why_not_committed(found: Pledge) -> str | None:
    """Why an investor cannot commit yet: the raise goes on no longer, or they have not been introduced."""
    if found.pitch.status not in OPEN:
        return "This raise is not open now, so you cannot commit to it."
    if queries.meeting_of(found.account_id, found.pitch.business_id) is None:
        return (
            "You have not been introduced to the business. It must know who you are before you commit, "
            "so ask to be introduced first."
        )
    return None


def withdraw(found: Pledge, *, by: Actor) -> None:
    """Withdraw a pledge. Its place is offered to the next on the waiting list."""
    POLICY.require(by, Act.WITHDRAW, found)
    _hold(found)
    had_place = found.status in {PledgeStatus.PLEDGED, PledgeStatus.COMMITTED}
    move(found, Act.WITHDRAW, by=by, offered_until=None, ended_at=now())
    if had_place:
        tell_raiser(found.pitch, "pledge_withdrawn", amount=str(found.amount))
    fill(found.pitch)
    follow(Act.WITHDRAW, found, by=by)


def decline(found: Pledge, *, reason: str, by: Actor) -> None:
    """Turn a pledge down, with a reason that the investor reads. Its place is offered to the next on the waiting list."""
    POLICY.require(by, Act.DECLINE, found)
    words = require_reason(reason)
    _hold(found)
    move(found, Act.DECLINE, by=by, offered_until=None, ended_at=now(), end_reason=words)
    tell_pledger(found, "pledge_declined", reason=words)
    fill(found.pitch)
    follow(Act.DECLINE, found, by=by)


def let_lapse(found: Pledge) -> None:
    """End an offer of a place that was not taken in time, and offer it to the next. Nothing is done where it was answered."""
    _hold(found)
    if found.status is not PledgeStatus.OFFERED:
        return
    move(found, Act.LET_LAPSE, by=SYSTEM, offered_until=None, ended_at=now())
    tell_pledger(found, "pledge_lapsed")
    fill(found.pitch)
    follow(Act.LET_LAPSE, found, by=SYSTEM)


def end(found: Pledge, *, why: str, by: Actor) -> None:
    """End a pledge whose raise is over, or whose investor has left the network."""
    move(found, Act.END, by=by, offered_until=None, ended_at=now(), end_reason=why)
    tell_pledger(found, "pledge_ended", why=why)
    follow(Act.END, found, by=by)
