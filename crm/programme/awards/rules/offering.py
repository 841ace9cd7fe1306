"""What an offer must be before it is prepared or sent, and what its letter says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.funding.envelopes.rules import LINES
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past
from crm.kernel.errors import Invalid, refuse_all
from crm.kernel.measures import in_percent
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.rules.terms import terms_of
from crm.programme.rounds.rules.labels import STRANDS
from crm.programme.rounds.rules.weights import WHOLE

SOUND = frozenset({"active", "open", "registered"})
MOST_SHARE = 9_999
"""The most that a business pays of the project itself, in hundredths of a per cent: with 100% there is nothing to grant."""
NOT_A_COMPANY = "not a registered company"
SOUND_WORDS = (*sorted(SOUND), NOT_A_COMPANY)
IN_WORDS = {
    "active-proposal-to-strike-off": "about to be struck off",
    "liquidation": "in liquidation",
    "receivership": "in receivership",
    "administration": "in administration",
    "voluntary-arrangement": "in a voluntary arrangement",
    "insolvency-proceedings": "in insolvency proceedings",
    "converted-closed": "closed or converted",
}
"""The words of the register that do not stand after “the company is”."""


@dataclass(frozen=True)
class MilestoneDetails:
    """One milestone as it is typed: its strand by its code, and its instalment, which can be capital."""

    strand: str
    title: str
    due_on: date
    evidence_wanted: str
    amount: Money
    is_capital: bool = False


@dataclass(frozen=True)
class OfferDetails:
    """An offer as it is prepared. ``match_share`` is in hundredths of a per cent."""

    purpose: str
    match_share: int
    starts_on: date
    ends_on: date
    offer_expires_on: date
    milestones: tuple[MilestoneDetails, ...]
    depends_on_exporting_goods: bool = False


NOT_CONFIRMED = "Confirm that the grant does not take you over the limit"


@dataclass(frozen=True)
class Frame:
    """What an offer must fit: the award and, where it is paid from two lines, its part for capital; and the fund's last day.

    A dry run has no ``latest``.
    """

    amount: Money
    capital: Money | None = None
    latest: date | None = None


def why_past_fund(ends_on: date, latest: date | None) -> str | None:
    """Why a grant cannot run until a day: the money that pays it ends earlier."""
    if latest is None or ends_on <= latest:
        return None
    return f"The end date must be {day_in_words(latest)} or earlier, when the fund that pays the grant ends"


def require_sound(details: OfferDetails, within: Frame, *, on: date) -> None:
    """Refuse an offer whose days are not in order, which outlives its fund, or whose instalments are not exactly the award.

    Of an award from capital and revenue, those for capital must be exactly its part for capital.
    """
    refuse_all(_faults_of(details, within, on=on))


def _faults_of(details: OfferDetails, within: Frame, *, on: date) -> Iterator[Invalid]:
    yield from _faults_of_days(details, within.latest, on=on)
    if not 0 <= details.match_share <= MOST_SHARE:
        yield Invalid("Enter a share from 0% to 99.99%: the grant pays the rest", field="match_share")
    if not details.milestones:
        yield Invalid("Enter at least one milestone", field="title_1")
        return
    for place, each in enumerate(details.milestones, 1):
        if not details.starts_on <= each.due_on <= details.ends_on:
            yield Invalid(
                f"The due date of milestone {place} must be between the start and the end date",
                field=f"due_{place}",
            )
        elif each.due_on < details.offer_expires_on:
            yield Invalid(
                f"The due date of milestone {place} must be {_answered_by(details)} or later",
                field=f"due_{place}",
            )
    yield from _inexact(details.milestones, within.amount, "The instalments come", "the award of")
    if within.capital is not None:
        rows = [each for each in details.milestones if each.is_capital]
        yield from _inexact(rows, within.capital, "The instalments of capital come", "its capital of")


def _answered_by(details: OfferDetails) -> str:
    return f"{day_in_words(details.offer_expires_on)}, the last day to accept,"


def due_before_answer(award: Any) -> Any | None:
    """The first milestone of an offer that is due before the last day to accept it: the business could be late on its first day."""
    due = sorted(award.milestones, key=lambda each: each.due_on)
    return next((each for each in due if each.due_on < award.offer_expires_on), None)


def _faults_of_days(details: OfferDetails, latest: date | None, *, on: date) -> Iterator[Invalid]:
    if is_past(details.starts_on, on=on):
        yield Invalid("The start date must be today or later", field="starts_on")
    if details.ends_on <= details.starts_on:
        yield Invalid("The end date must be after the start date", field="ends_on")
    past = why_past_fund(details.ends_on, latest)
    if past:
        yield Invalid(past, field="ends_on")
    if is_past(details.offer_expires_on, on=on):
        yield Invalid("The last day to accept must be today or later", field="offer_expires_on")
    if details.offer_expires_on > details.ends_on:
        yield Invalid("The last day to accept must be on or before the end date", field="offer_expires_on")


def _inexact(rows: Sequence[MilestoneDetails], amount: Money, what: str, of: str) -> Iterator[Invalid]:
    total = sum((each.amount for each in rows), start=NO_MONEY)
    if total != amount:
        gap = amount - total if amount > total else total - amount
        way = "less" if amount > total else "more"
        words = f"{what} to {total.in_full()}, {gap.in_full()} {way} than {of} {amount.in_full()}"
        yield Invalid(words, field="amount_1")


def is_sound(register_status: str) -> bool:
    """Whether an offer can go to a company of this status; a business that is no company has none."""
    return register_status in SOUND_WORDS


def said_of(register_status: str) -> str:
    """A status of the register as it is said after “the company is”: "liquidation" is "in liquidation"."""
    return IN_WORDS.get(register_status) or register_status.replace("-", " ")


def least_own(amount: Money, match_share: int) -> Money:
    """The least that the business pays beside a sum of ours, to the next whole penny up; ``match_share`` is in hundredths of a per cent."""
    if match_share >= WHOLE:
        raise ValueError("a business that pays everything claims nothing")
    return Money(-(-amount.pence * match_share // (WHOLE - match_share)))


def own_share(award: Any) -> str:
    """What the business pays itself, as a share and in pounds: "50%, which is £30,000.00 of a project of £60,000.00"."""
    own = least_own(award.amount, award.match_share)
    if not own:
        return "None: the grant can pay all of it"
    return f"{in_percent(award.match_share)}, which is {own.in_full()} of a project of {(award.amount + own).in_full()}"


def told_of(award: Any, *, limit: Money | None = None) -> dict[str, Any]:
    """Everything that the grant offer letter says, as words. The award must be whole; ``limit`` is that of its subsidy."""
    return {
        "business": award.business.name,
        "round": award.round.name,
        "reference": award.application.reference,
        "amount": award.amount.in_full(),
        "share": in_percent(award.match_share),
        "until": day_in_words(award.offer_expires_on),
        "facts": [
            ["Grant", award.amount.in_full()],
            *_of_lines(award),
            *([["Paid from", award.envelope.fund]] if award.envelope else []),
            ["For", award.purpose],
            ["Your own share of the project", own_share(award)],
            ["Start date", day_in_words(award.starts_on)],
            ["End date", day_in_words(award.ends_on)],
            ["Accept by the end of", day_in_words(award.offer_expires_on)],
        ],
        "milestones": [
            [
                each.title,
                STRANDS[each.strand],
                day_in_words(each.due_on),
                each.evidence_wanted,
                instalment_of(award, each),
            ]
            for each in award.milestones
        ],
        "subsidy": "" if award.subsidy is None else notification_of(award, limit=limit),
        "terms": list(terms_of(award.terms_version)),
        "terms_version": award.terms_version,
    }


def instalment_of(award: Any, milestone: Any) -> str:
    """The instalment of a milestone as it is read: "£5,000.00 capital" where an award is paid from two lines."""
    amount: str = milestone.amount.in_full()
    return amount if award.line else f"{amount} {LINES[milestone.line_of(award)].lower()}"


def _of_lines(award: Any) -> list[list[str]]:
    """What of an award is capital and what revenue, where it is paid from both."""
    if award.line is not None:
        return []
    sums = {True: NO_MONEY, False: NO_MONEY}
    for each in award.milestones:
        sums[each.is_capital] = sums[each.is_capital] + each.amount
    return [["Part for capital", sums[True].in_full()], ["Part for revenue", sums[False].in_full()]]


def notification_of(award: Any, *, limit: Money | None = None) -> str:
    """The written notification that comes before minimal financial assistance (Subsidy Control Act 2022, section 37(1))."""
    known = f" of {limit.in_full()}" if limit else ""
    return (
        f"This grant is minimal financial assistance of {award.amount.in_full()} gross. Before we give it, you must confirm "
        f"that it does not take your business, together with any linked companies, over the limit{known} for this financial year "
        "and the two before it. Count minimal financial assistance, SPEI assistance and EU de minimis aid from everyone."
    )


LONGEST_PURPOSE = 300


def first_words(said: str) -> str:
    """As many whole sentences of a text as a purpose has room for; of one long sentence, its beginning."""
    words = " ".join(said.split())
    if len(words) <= LONGEST_PURPOSE:
        return words
    cut = words[:LONGEST_PURPOSE]
    end = max(cut.rfind(f"{sign} ") for sign in ".!?")
    return cut[: end + 1] if end > 0 else cut[: cut.rfind(" ")]
