"""An investment completes its pledge; the network settles what differs, and reverses what was not so."""

from __future__ import annotations

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import investments as queries
from crm.angels.deals.queries import pledges as pledge_queries
from crm.angels.deals.rules.labels import SHARE_RELIEFS
from crm.angels.deals.rules.matching import beyond
from crm.angels.deals.service.placing import fill, move
from crm.angels.deals.service.telling import tell_both
from crm.angels.deals.workflow import (
    INVESTMENTS,
    TAKING_ROOM,
    Act,
    InvestmentStatus,
    PledgeStatus,
    ShareRelief,
    Side,
)
from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.queries.angels import angel_of
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.service import pitching
from crm.angels.pitches.service.screening import require_no_tie
from crm.angels.pitches.workflow import OVER
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, require_reason
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role

MAKE_ROOM = "Turn down pledges that will not go on, or reopen the pitch to raise more"
LET_THEM = (
    "The business has to turn down pledges that will not go on, or raise more, before this can be recorded"
)
ASK_THEM = "Check the amount. If it is right, the business has to turn down pledges or raise more first"
FIGURES = ("amount", "instrument", "issued_on", "shares", "share_class", "relief", "terms")


def hold(found: Investment) -> None:
    """Lock the raise first, then read the investment as it is now."""
    pitch_queries.hold(found.pitch)
    session().refresh(found, attribute_names=[each.key for each in Investment.__mapper__.column_attrs])


def require_room(found: Pitch, more: Money, *, by: Actor) -> None:
    """Refuse what would take a raise beyond what it seeks. Raises `Invalid` at the amount, with what its reader can do."""
    room = pledge_queries.sums_of(found).room if more > NO_MONEY else NO_MONEY
    if more > max(room, NO_MONEY):
        raise Invalid(
            f"With this, pledges and investments would come to more than the {found.amount} that this raise seeks: "
            f"{room} is left. {_way_on(by)}",
            field="amount",
        )


def _way_on(reader: Actor) -> str:
    """What whoever reads it can do where a raise has no room: the business alone makes room."""
    if reader.has(*MANAGERS):
        return LET_THEM
    return ASK_THEM if reader.has(Role.ANGEL) else MAKE_ROOM


def complete(found: Investment) -> None:
    """Complete the pledge of an investment; what was pledged beyond it is free for those who wait."""
    pledge = session().get(Pledge, found.pledge_id) if found.pledge_id else None
    if pledge is not None and pledge.status in {PledgeStatus.PLEDGED, PledgeStatus.COMMITTED}:
        least = min(pledge.amount, found.amount)
        move(pledge, Act.COMPLETE, by=SYSTEM, amount=least, ended_at=now())
    fill(found.pitch)
    pitching.restate(found.pitch, queries.invested_sum(found.pitch_id))


def settle(found: Investment, stands: Side, *, note: str, by: Actor) -> None:
    """Settle an investment by the report of one side, with the reason that both read. Never by whoever reported it."""
    POLICY.require(by, Act.SETTLE, found)
    words = require_reason(note, field="note")
    hold(found)
    INVESTMENTS.target(Act.SETTLE, found.status)
    reports = queries.last_reports(found.id)
    if any(each.reported_by_id == by.account_id for each in reports.values() if by.account_id):
        raise Conflict("You reported this investment for the business, so a colleague must settle it.")
    require_no_tie(found.pitch, by)
    chosen = reports.get(stands)
    if chosen is None or chosen.is_denied:
        raise Invalid("Choose a side that has reported figures, or reverse the investment", field="stands")
    figures = {name: getattr(chosen, name) for name in FIGURES}
    require_room_for(found, figures["amount"], by=by)
    changes = amend(found, **figures, completed_at=now(), settled_by_id=by.account_id, settle_note=words)
    audit.record(Act.SETTLE, found, changes | advance(INVESTMENTS, found, Act.SETTLE), by=by)
    complete(found)
    tell_both(found, "investment_settled", note=words, papers=papers_of(found))


def papers_of(found: Investment) -> str:
    """Under which relief a completed investment has papers that its business is to see to; empty where it has none."""
    return "" if found.relief is ShareRelief.NONE else SHARE_RELIEFS[found.relief]


def require_room_for(found: Investment, amount: Money, *, by: Actor) -> None:
    """Refuse another sum of an investment where the raise has no room for it."""
    pledge = session().get(Pledge, found.pledge_id) if found.pledge_id else None
    held = pledge.amount if pledge is not None and pledge.status in TAKING_ROOM else None
    require_room(found.pitch, beyond(amount, held) - beyond(found.amount, held), by=by)


def reverse(found: Investment, *, reason: str, by: Actor) -> None:
    """Reverse an investment that was not made or was undone, with a reason. It counts no longer, and stays to be read.

    A pledge that it completed is committed again while the raise goes on.
    """
    POLICY.require(by, Act.REVERSE, found)
    words = require_reason(reason)
    hold(found)
    INVESTMENTS.target(Act.REVERSE, found.status)
    refuse_if(why_not_reversed(found, by))
    if not by.is_system and found.account_id != by.account_id and by.has(*MANAGERS):
        require_no_tie(found.pitch, by)
    changes = amend(found, reversed_at=now(), reversed_by_id=by.account_id, reverse_reason=words)
    audit.record(Act.REVERSE, found, changes | advance(INVESTMENTS, found, Act.REVERSE), by=by)
    stays = _staying(_restore(found))
    pitching.restate(found.pitch, queries.invested_sum(found.pitch_id))
    tell_both(
        found, "investment_reversed", but=_side_of(found, by), actor=by.account_id, reason=words, **stays
    )
    follow(Act.REVERSE, found, by=by)


def why_not_reversed(found: Investment, actor: Actor) -> str | None:
    """Why a side cannot reverse an investment on which both differ: only one that the other side denies, and it does not."""
    side = _side_of(found, actor)
    if found.status is not InvestmentStatus.DIFFERS or not side:
        return None
    denied = {each for each, report in queries.last_reports(found.id).items() if report.is_denied}
    if denied and side not in denied:
        return None
    return "The reports differ, so one side cannot reverse it. Correct your report, or wait for the network to settle it."


def _side_of(found: Investment, actor: Actor) -> str:
    """The side that acts itself, and so needs no letter; empty for the network."""
    if actor.is_system or actor.has(*MANAGERS):
        return ""
    is_own = found.account_id is not None and found.account_id == actor.account_id
    return Side.INVESTOR if is_own else Side.COMPANY


def _staying(pledge: Pledge | None) -> dict[str, str]:
    """What a letter says of the pledge of an investment that was reversed: how much of it goes on, and how."""
    if pledge is None:
        return {"pledge": "", "stays": ""}
    if pledge.status not in TAKING_ROOM:
        return {"pledge": pledge.reference, "stays": ""}
    return {"pledge": pledge.reference, "stays": f"{pledge.amount} {pledge.status.value}"}


def _restore(found: Investment) -> Pledge | None:
    """Commit again to the pledge that an investment completed, or end it where the raise is over. Returns the pledge."""
    pledge = session().get(Pledge, found.pledge_id) if found.pledge_id else None
    if pledge is not None and pledge.status in {*TAKING_ROOM, PledgeStatus.COMPLETED}:
        if found.pitch.status in OVER or angel_of(pledge.account_id) is None:
            ended = pledge.ended_at or now()
            move(pledge, Act.END, by=SYSTEM, end_reason="The investment was reversed", ended_at=ended)
        elif pledge.status is PledgeStatus.COMPLETED:
            moment = pledge.committed_at or now()
            move(pledge, Act.RESTORE, by=SYSTEM, committed_at=moment, ended_at=None)
    fill(found.pitch)
    return pledge
