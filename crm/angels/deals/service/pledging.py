"""An investor pledges to a raise, takes a place that became free, commits, or withdraws; a business turns a pledge down."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.deals.models import Pledge
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.queries.holders import standing_in
from crm.angels.deals.queries.investments import of_pitch
from crm.angels.deals.service.placing import fill, kept, move, place_of_next
from crm.angels.deals.service.telling import tell_pledger, tell_raiser
from crm.angels.deals.workflow import LIVE, PLEDGES, TAKING_ROOM, Act, PledgeStatus
from crm.angels.introductions.service.introducing import why_not_wanted
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.gate import why_not_shown
from crm.angels.investors.rules.labels import CLOSED, REMEDIES
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.queries.ties import tie_of_investor
from crm.angels.pitches.service.browsing import why_not_shown_now
from crm.angels.pitches.workflow import PitchStatus
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid, require_reason
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import SYSTEM, Actor

MOST_PLEDGES = 5
"""Of one investor to one raise at a time."""
OPEN = (PitchStatus.PUBLISHED, PitchStatus.PAUSED)
UNPLACED = (PledgeStatus.WAITING, PledgeStatus.OFFERED)
TOO_SMALL = "What was left of it on the waiting list is below the minimum investment of {least}"


def record(found: Pitch, amount: Money, *, is_further: bool = False, by: Actor) -> list[Pledge]:
    """Pledge to a raise: what fits has a place at once, the rest is on the waiting list, in time order.

    Never more than the raise seeks has a place, also where several pledge at the same moment. ``is_further`` is whether the
    investor means a second pledge of the same amount, and has not sent one twice.
    """
    POLICY.require(by, Act.PLEDGE, found)
    pitch_queries.hold(found)
    own = _require_sound(found, amount, by, is_further=is_further)
    fill(found)
    placed = _placed(found, amount, own)
    made = [kept(found, each, account_id=own.id, by=by) for each in (placed, amount - placed) if each]
    if placed:
        move(made[0], Act.PLACE, by=by)
    session().flush()
    waits = amount - placed
    more = {"waiting": str(waits) if waits else "", "investor": named(own.id, found)}
    tell_raiser(found, "pledge_recorded", amount=str(amount), **more)
    return made


def _placed(found: Pitch, amount: Money, own: Account) -> Money:
    """How much of a new pledge has a place at once. Neither part of one that is split is below the least of the raise."""
    room, least = place_of_next(found, own.id).at_once, found.min_ticket
    if amount <= room or not room:
        return min(room, amount)
    if amount - room < least:
        more = f", or at least {room + least}" if room + least <= found.amount else ""
        raise Invalid(
            f"{room} of this raise is left. Pledge {room} or less{more}: "
            f"what goes on the waiting list must be at least {least}",
            field="amount",
        )
    return room


def named(account_id: UUID, found: Pitch) -> str:
    """The name of an investor, where the business of a raise was introduced to them; else nothing."""
    own, met = account(account_id), queries.meeting_of(account_id, found.business_id)
    return own.name if own is not None and met is not None else ""


def why_not_theirs(found: Pitch, *, by: Actor) -> str | None:
    """Why somebody cannot pledge to a raise that others can: they are of the business itself."""
    own = account(by.account_id) if by.account_id else None
    tie = tie_of_investor(own, found.business_id, on=today()) if own else None
    return f"You are {tie}, so you cannot pledge to its raise here." if tie else None


def _require_sound(found: Pitch, amount: Money, actor: Actor, *, is_further: bool) -> Account:
    own = account(actor.account_id) if actor.account_id else None
    assert own is not None
    refuse_if(why_not_pledged(found))
    refuse_if(why_not_theirs(found, by=actor))
    refuse_if(why_not_wanted(found, own.id))
    known = queries.own_of_pitch(found.id, own.id)
    if len(known) >= MOST_PLEDGES:
        raise Conflict(f"You already have {MOST_PLEDGES} pledges to this raise. Withdraw one first.")
    if not amount:
        raise Invalid("Enter how much you pledge", field="amount")
    _require_enough(found, amount, own)
    if amount > found.amount:
        raise Invalid(f"This raise seeks {found.amount}, so you cannot pledge more", field="amount")
    if not is_further:
        _require_new(known, amount)
    return own


def _require_enough(found: Pitch, amount: Money, own: Account) -> None:
    """The minimum counts over all that one investor has in the raise."""
    least = place_of_next(found, own.id).least
    if amount >= least:
        return
    has = found.min_ticket - least
    more = f". You have {has} in this raise, so pledge {least} or more" if has else ""
    raise Invalid(f"The least that one investor can put in is {found.min_ticket}{more}", field="amount")


def _require_new(known: Sequence[Pledge], amount: Money) -> None:
    twin = next((each for each in known if each.amount == amount), None)
    if twin is not None:
        raise Invalid(
            f"You have already pledged {amount} to this raise, {twin.reference}. "
            "If you pledge the same again, tick the box below",
            field="is_further",
        )


def why_not_pledged(found: Pitch) -> str | None:
    """Why nobody can pledge to a raise now: it is not shown."""
    return why_not_shown_now(found)


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
    tell_raiser(
        found.pitch,
        "pledge_taken_up",
        amount=str(found.amount),
        investor=named(found.account_id, found.pitch),
    )


def why_not_taken_up(found: Pledge) -> str | None:
    """Why a place that was offered cannot be taken: its last day has passed, or the investor may not be shown the pitch."""
    if found.offered_until is not None and is_past(found.offered_until, on=today()):
        return f"This place was yours to take until {day_in_words(found.offered_until)}."
    closed = why_closed_to_owner(found)
    return f"You cannot take this place now: we may not show you the pitch. {closed}" if closed else None


def why_closed_to_owner(found: Pledge) -> str | None:
    """Why the investor of a pledge may not be shown its pitch now, and what they can do; None where they may.

    Their pledge keeps its place meanwhile: it binds nobody, and who was told of it need not be told otherwise twice. They can
    withdraw it, and report what was invested. Whatever goes on with it asks this first.
    """
    closed = why_not_shown(admission_of(found.account_id, on=today()), found.pitch.instrument, on=today())
    return f"{CLOSED[closed]} {REMEDIES[closed]}" if closed else None


def commit(found: Pledge, *, by: Actor) -> None:
    """Commit to a pledge: the investor and the business have met and agree on the terms. It is still not an investment."""
    POLICY.require(by, Act.COMMIT, found)
    _hold(found)
    PLEDGES.target(Act.COMMIT, found.status)
    refuse_if(why_not_committed(found))
    move(found, Act.COMMIT, by=by, committed_at=now(), pitch_version=found.pitch.number)
    own = account(found.account_id)
    tell_raiser(
        found.pitch, "pledge_committed", amount=str(found.amount), investor=own.name if own else "An investor"
    )


def why_not_committed(found: Pledge) -> str | None:
    """Why an investor cannot commit yet: the raise is not open, they may not be shown it, or they have not been introduced."""
    if found.pitch.status not in OPEN:
        return "This raise is not open now, so you cannot commit to it."
    closed = why_closed_to_owner(found)
    if closed:
        return f"You cannot commit now: we may not show you the pitch. {closed} Your pledge keeps its place."
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
    PLEDGES.target(Act.WITHDRAW, found.status)
    refuse_if(why_not_ended(found))
    had_place = found.status in {PledgeStatus.PLEDGED, PledgeStatus.COMMITTED}
    left = left_below(found)
    move(found, Act.WITHDRAW, by=by, offered_until=None, ended_at=now())
    if had_place:
        tell_raiser(
            found.pitch,
            "pledge_withdrawn",
            amount=str(found.amount),
            investor=named(found.account_id, found.pitch),
            left=str(left) if left else "",
            least=str(found.pitch.min_ticket),
        )
    _end_rest(found)
    fill(found.pitch)
    follow(Act.WITHDRAW, found, by=by)


def why_not_ended(found: Pledge) -> str | None:
    """Why a pledge is neither withdrawn nor turned down: an investment is reported for it."""
    reported = queries.reported_of([found.id]).get(found.id)
    if reported is None:
        return None
    return (
        f"Investment {reported.reference} of {reported.amount} is reported for this pledge. "
        "If it was not made, say so on the page of the investment."
    )


def ended_with(found: Pledge) -> list[Pledge]:
    """What ends with a pledge: what its investor has waiting below the least of the raise, without another place in it."""
    others = [each for each in queries.own_of_pitch(found.pitch_id, found.account_id) if each.id != found.id]
    invested = any(each.account_id == found.account_id for each in of_pitch(found.pitch_id))
    if invested or any(each.status in TAKING_ROOM for each in others):
        return []
    return [each for each in others if each.amount < found.pitch.min_ticket]


def left_below(found: Pledge) -> Money:
    """What its investor keeps in the raise without a pledge, where that is something and less than its least."""
    standing = standing_in([found.pitch_id]).get((found.pitch_id, found.account_id), NO_MONEY)
    gone = sum((each.amount for each in (found, *ended_with(found)) if each.status in LIVE), NO_MONEY)
    return standing - gone if standing - gone < found.pitch.min_ticket else NO_MONEY


def _end_rest(found: Pledge) -> None:
    for each in ended_with(found):
        end(each, why=TOO_SMALL.format(least=found.pitch.min_ticket), by=SYSTEM)


def decline(found: Pledge, *, reason: str, by: Actor) -> None:
    """Turn a pledge down, with a reason that the investor reads. Its place is offered to the next on the waiting list.

    What the same investor has waiting, or is offered, is turned down with it: they are not offered the place they just lost.
    """
    POLICY.require(by, Act.DECLINE, found)
    words = require_reason(reason)
    _hold(found)
    PLEDGES.target(Act.DECLINE, found.status)
    refuse_if(why_not_ended(found))
    for each in (found, *also_declined(found)):
        move(each, Act.DECLINE, by=by, offered_until=None, ended_at=now(), end_reason=words)
        tell_pledger(each, "pledge_declined", reason=words)
    fill(found.pitch)
    follow(Act.DECLINE, found, by=by)


def also_declined(found: Pledge) -> list[Pledge]:
    """What is turned down with a pledge: what its investor has waiting in the raise, or is offered there."""
    own = queries.own_of_pitch(found.pitch_id, found.account_id)
    return [each for each in own if each.id != found.id and each.status in UNPLACED]


def let_lapse(found: Pledge) -> None:
    """End an offer of a place that was not taken in time, and offer it to the next. Nothing is done where it was answered."""
    _hold(found)
    if found.status is not PledgeStatus.OFFERED:
        return
    move(found, Act.LET_LAPSE, by=SYSTEM, offered_until=None, ended_at=now())
    tell_pledger(found, "pledge_lapsed")
    _end_rest(found)
    fill(found.pitch)
    follow(Act.LET_LAPSE, found, by=SYSTEM)


def end(found: Pledge, *, why: str, by: Actor) -> None:
    """End a pledge whose raise is over, or whose investor has left the network."""
    move(found, Act.END, by=by, offered_until=None, ended_at=now(), end_reason=why)
    tell_pledger(found, "pledge_ended", why=why)
    follow(Act.END, found, by=by)
