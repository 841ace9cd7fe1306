"""Both sides report what was invested: one row for each investment; a difference is a query that both see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from crm.angels.deals.models import Investment, InvestmentReport
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import investments as queries
from crm.angels.deals.queries import pledges as pledge_queries
from crm.angels.deals.rules.matching import beyond, differences
from crm.angels.deals.service.completing import (
    FIGURES,
    complete,
    hold,
    papers_of,
    require_room,
    require_room_for,
)
from crm.angels.deals.service.telling import tell_both
from crm.angels.deals.workflow import INVESTMENTS, Act, InvestmentStatus, ShareRelief, Side
from crm.angels.introductions.models import Introduction
from crm.angels.investors.rules.instruments import is_cleared
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.workflow import OVER
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.kernel.references import new_reference

MOST_SHARES = 1_000_000_000
KEPT = ("shares", "share_class", "terms")
"""What the side that answers need not repeat."""
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Figures:
    """What one side says of an investment. ``issued_on`` is the day on which shares or notes were issued."""

    amount: Money
    instrument: Instrument
    issued_on: date
    shares: int | None = None
    share_class: str = ""
    relief: ShareRelief = ShareRelief.NONE
    terms: str = ""


@dataclass(frozen=True)
class InvestmentDetails:
    """An investment as it is reported first. ``account_id`` is a member of the network; others are named.

    ``is_further`` is whether one of the same amount is meant besides one that is recorded already.
    """

    figures: Figures
    account_id: UUID | None = None
    investor_name: str = ""
    is_further: bool = False


def report(found: Pitch, details: InvestmentDetails, *, by: Actor) -> Investment:
    """Record what an investor put into a raise, as its business reports it; matched with the investor's own report."""
    POLICY.require(by, Act.REPORT, found)
    pitch_queries.hold(found)
    refuse_if(why_not_reported(found))
    if bool(details.account_id) == bool(details.investor_name.strip()):
        raise Invalid("Choose an investor, or enter the name of one outside the network", field="investor")
    known = {account.id for account, _ in pledge_queries.met_with(found.business_id)}
    if details.account_id is not None and details.account_id not in known:
        raise Invalid("Choose an investor whom the business was introduced to", field="investor")
    return _joined(found, details, Side.COMPANY, by)


def report_own(found: Introduction, details: InvestmentDetails, *, by: Actor) -> Investment:
    """Record one's own investment in a business that one was introduced to; matched with the report of the business."""
    POLICY.require(by, Act.REPORT_OWN, found)
    pitch_queries.hold(found.pitch)
    refuse_if(why_not_reported_own(found))
    own = InvestmentDetails(details.figures, found.account_id, is_further=details.is_further)
    return _joined(found.pitch, own, Side.INVESTOR, by)


def why_not_reported(found: Pitch) -> str | None:
    """Why nothing invested can be recorded for a raise: it was never shown, or it is over."""
    if found.published_at is None:
        return "This pitch has not been published, so nothing can have been invested through it."
    if found.status in OVER:
        return "This raise has ended. Ask the network’s staff if an investment is missing."
    return None


def why_not_reported_own(found: Introduction) -> str | None:
    """The same for an investor."""
    return why_not_reported(found.pitch)


def _joined(found: Pitch, details: InvestmentDetails, side: Side, actor: Actor) -> Investment:
    """The investment that the other side reported already, answered; else a new one."""
    _require_sound(found, details.figures)
    other = Side.INVESTOR if side is Side.COMPANY else Side.COMPANY
    waiting: Sequence[Investment] = ()
    if details.account_id is not None:
        waiting = queries.unanswered_of(found.id, details.account_id, by=other)
    if not waiting:
        return _made(found, details, side, actor)
    chosen = min(waiting, key=lambda each: len(differences(each, details.figures)))
    _answer(chosen, details.figures, side, actor)
    return chosen


def _require_sound(found: Pitch, figures: Figures) -> None:
    if not figures.amount:
        raise Invalid("Enter how much was invested", field="amount")
    if not is_cleared(figures.instrument):
        raise Invalid("Choose shares, loan notes or convertible loan notes", field="instrument")
    _require_offered(found, figures.instrument)
    if figures.issued_on > today():
        raise Invalid("The day of issue cannot be in the future", field="issued_on")
    earliest = day_of(found.begun_at) - YEAR
    if figures.issued_on < earliest:
        raise Invalid(f"The day of issue must be {day_in_words(earliest)} or later", field="issued_on")
    is_shares = figures.instrument is Instrument.EQUITY
    if figures.shares is not None and not (is_shares and 0 < figures.shares <= MOST_SHARES):
        raise Invalid("Leave the number of shares empty for loan notes", field="shares")
    if figures.relief is not ShareRelief.NONE and not is_shares:
        raise Invalid("SEIS and EIS are only for new shares", field="relief")


def offered_by(found: Pitch) -> tuple[Instrument, ...]:
    """The types of investment that a raise offers, or offered in an earlier version of its pitch."""
    versions = pitch_queries.versions_of(found.id)
    offered = {str(found.instrument), *(each.content.get("instrument", "") for each in versions)}
    return tuple(each for each in Instrument if each.value in offered and is_cleared(each))


def _require_offered(found: Pitch, instrument: Instrument) -> None:
    """Refuse another type of investment than the raise offers, or offered in an earlier version of its pitch."""
    offered = offered_by(found)
    if instrument not in offered:
        kinds = " or ".join(INSTRUMENTS[each].lower() for each in offered)
        raise Invalid(
            f"This raise is for {kinds}. Choose that, or change the pitch first if the terms are others",
            field="instrument",
        )


def _require_new(found: Pitch, details: InvestmentDetails) -> None:
    """Refuse an investment of the same investor and amount as one recorded already, unless it is said to be a further one."""
    name = details.investor_name.strip().casefold()
    twin = next(
        (
            each
            for each in queries.of_pitch(found.id)
            if each.amount == details.figures.amount
            and (each.account_id, each.investor_name.casefold()) == (details.account_id, name)
        ),
        None,
    )
    if twin is not None and not details.is_further:
        raise Invalid(
            f"Investment {twin.reference} of {twin.amount}, issued on {day_in_words(twin.issued_on)}, is recorded "
            "already. If this is another one of the same amount, tick the box below",
            field="is_further",
        )


def _made(found: Pitch, details: InvestmentDetails, side: Side, actor: Actor) -> Investment:
    _require_new(found, details)
    owner = details.account_id
    pledge = queries.pledge_for(found.id, owner, amount=details.figures.amount) if owner else None
    require_room(found, beyond(details.figures.amount, pledge.amount if pledge else None), by=actor)
    made = Investment(pitch_id=found.id, account_id=details.account_id, first_side=side, reported_at=now())
    made.reference, made.pledge_id = new_reference("INV"), pledge.id if pledge else None
    made.investor_name = details.investor_name.strip()
    amend(made, **vars(details.figures))
    made._status = INVESTMENTS.start  # noqa: SLF001 where every investment begins
    session().add(made)
    session().flush()
    _keep_report(made, details.figures, side, actor)
    act = Act.REPORT if side is Side.COMPANY else Act.REPORT_OWN
    changes = created(pitch_id=found.id, investor_name=details.investor_name, **vars(details.figures))
    audit.record(act, made, changes, by=actor)
    whole = queries.investment(made.id)
    assert whole is not None
    tell_both(whole, "investment_reported", but=side, **reported_by(whole))
    return whole


def reported_by(found: Investment) -> dict[str, str]:
    """Who reported what first, and by when the other side is asked to answer, for a letter: to whoever reads "you"."""
    own = found.account.name if found.account else found.investor_name
    business, until = found.pitch.business.name, day_in_words(queries.answer_by(found))
    if found.first_side is Side.INVESTOR:
        return {"reporter": own, "what": f"an investment of {found.amount} in {business}", "until": until}
    return {"reporter": business, "what": f"that you invested {found.amount} in it", "until": until}


def _keep_report(
    found: Investment, figures: Figures, side: Side, actor: Actor, *, denied: str = "", words: str = ""
) -> None:
    given = vars(figures) | ({"amount": NO_MONEY} if denied else {})
    made = InvestmentReport(investment_id=found.id, side=side, at=now(), reported_by_id=actor.account_id)
    made.is_denied, made.words = bool(denied), denied or words
    amend(made, **given)
    session().add(made)
    session().flush()


def _require_other(found: Investment, figures: Figures, side: Side) -> None:
    """Refuse "something is different" with nothing changed: it would complete the investment. To agree is a button of its own.

    Whoever has reported something else before may come round to the other side's figures here.
    """
    reports = queries.last_reports(found.id)
    theirs = reports.get(Side.INVESTOR if side is Side.COMPANY else Side.COMPANY)
    is_same = theirs is not None and not theirs.is_denied and not differences(theirs, figures)
    if is_same and side not in reports:
        words = "Nothing is different from what the other side reported. Change what is wrong, or go back and confirm it"
        raise Invalid(words, field="amount")


def _answer(found: Investment, figures: Figures, side: Side, actor: Actor) -> None:
    """Answer what the other side reported: alike, and both agree; else a query that both see, and the network.

    No report goes beyond what the raise has room for: nobody could agree to it later.
    """
    require_room_for(found, figures.amount, by=actor)
    other = Side.INVESTOR if side is Side.COMPANY else Side.COMPANY
    theirs = queries.last_reports(found.id).get(other)
    _keep_report(found, figures, side, actor)
    if theirs is None or theirs.is_denied or differences(theirs, figures):
        changes = _corrected(found, figures) if side is found.first_side else {}
        audit.record(Act.DIFFER, found, changes | advance(INVESTMENTS, found, Act.DIFFER), by=actor)
        tell_both(found, "investment_differs", but=side)
        return
    _match(found, figures, side, actor)


def _corrected(found: Investment, figures: Figures) -> Changes:
    """The figures of the side that reported first, as it corrects them: until both agree, these are counted."""
    return amend(found, **vars(figures))


def _match(found: Investment, figures: Figures, side: Side, actor: Actor) -> None:
    require_room_for(found, figures.amount, by=actor)
    said = vars(figures) | {name: getattr(found, name) for name in KEPT if not getattr(figures, name)}
    changes = amend(found, **said, completed_at=now()) | advance(INVESTMENTS, found, Act.AGREE)
    audit.record(Act.AGREE, found, changes, by=actor)
    complete(found)
    tell_both(found, "investment_agreed", but=side, papers=papers_of(found))


def side_of(found: Investment, actor: Actor) -> Side:
    """The side for which somebody answers: the investor's own, else the business's."""
    is_own = found.account_id is not None and found.account_id == actor.account_id
    return Side.INVESTOR if is_own else Side.COMPANY


def why_not_answered(found: Investment, side: Side) -> str | None:
    """Why a side has nothing to answer: it reported the investment itself, or the investor is outside the network."""
    if found.account_id is None:
        return "This investor is outside the network, so the network settles it."
    if found.status is InvestmentStatus.REPORTED and found.first_side is side:
        return "The other side has not answered yet. If you reported it by mistake, reverse it."
    return None


def agree(found: Investment, *, by: Actor) -> None:
    """Agree with what the other side reported: the investment is completed."""
    POLICY.require(by, Act.AGREE, found)
    hold(found)
    INVESTMENTS.target(Act.AGREE, found.status)
    side = side_of(found, by)
    refuse_if(why_not_answered(found, side) or why_not_agreed(found, side))
    other = Side.INVESTOR if side is Side.COMPANY else Side.COMPANY
    theirs = queries.last_reports(found.id)[other]
    figures = Figures(**{name: getattr(theirs, name) for name in FIGURES})
    _keep_report(found, figures, side, by)
    _match(found, figures, side, by)


def why_not_agreed(found: Investment, side: Side) -> str | None:
    """Why a side cannot agree: the other one has reported nothing, or denies the investment."""
    other = Side.INVESTOR if side is Side.COMPANY else Side.COMPANY
    theirs = queries.last_reports(found.id).get(other)
    if theirs is None:
        return "The other side has not reported this investment yet."
    return "The other side says that there was no such investment." if theirs.is_denied else None


def differ(found: Investment, figures: Figures | None, *, words: str = "", by: Actor) -> None:
    """Say what was different, or, without figures, that there was no such investment. Where it is the same after all, both agree."""
    POLICY.require(by, Act.DIFFER, found)
    hold(found)
    INVESTMENTS.target(Act.DIFFER, found.status)
    side = side_of(found, by)
    refuse_if(why_not_answered(found, side))
    if figures is not None:
        _require_sound(found.pitch, figures)
        _require_other(found, figures, side)
        _answer(found, figures, side, by)
        return
    if not words.strip():
        raise Invalid("Say why there was no such investment", field="words")
    standing = Figures(**{name: getattr(found, name) for name in FIGURES})
    _keep_report(found, standing, side, by, denied=words)
    audit.record(Act.DIFFER, found, advance(INVESTMENTS, found, Act.DIFFER), by=by)
    tell_both(found, "investment_differs", but=side)
