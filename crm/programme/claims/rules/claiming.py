"""What may be claimed against an award: within its money, its dates, its milestones and its match funding (P43)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.kernel.calendar import day_in_words
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.rules.offering import least_own


@dataclass(frozen=True)
class Cost:
    """One cost as the sums need it: when it was paid, what of it is claimed, and what the business pays itself."""

    paid_on: date
    claimed: Money
    own: Money
    proofs: int = 0

    @property
    def total(self) -> Money:
        """The whole cost, net of VAT."""
        return self.claimed + self.own


@dataclass(frozen=True)
class Terms:
    """What an award allows now: its dates, what it still has, what this milestone still has, and the promised match.

    ``match_share`` is the least share of each claim's costs that the business pays, in hundredths of a per cent.
    """

    starts_on: date
    ends_on: date
    left_of_award: Money
    left_of_milestone: Money
    match_share: int


def claimed(costs: Sequence[Cost]) -> Money:
    """What some costs claim together."""
    return sum((each.claimed for each in costs), start=NO_MONEY)


def own(costs: Sequence[Cost]) -> Money:
    """What the business pays of some costs together."""
    return sum((each.own for each in costs), start=NO_MONEY)


def why_not_matched(costs: Sequence[Cost], match_share: int) -> str | None:
    """Why the business pays too little of some costs. Compared in whole pence, so that a penny counts."""
    paid, wanted = own(costs), least_own(claimed(costs), match_share)
    if paid >= wanted:
        return None
    return (
        f"Your business pays {paid.in_full()} of these costs. You promised {share_in_words(match_share)}, which is "
        f"{wanted.in_full()} beside a claim of {claimed(costs).in_full()}. Claim less, or add costs that you paid yourself."
    )


def share_in_words(share: int) -> str:
    """A share in hundredths of a per cent: "40%", "33.33%"."""
    whole, part = divmod(share, 100)
    return f"{whole}{f'.{part:02d}'.rstrip('0') if part else ''}%"


def why_not_dated(paid_on: date, terms: Terms, *, on: date) -> str | None:
    """Why a cost that was paid on a day cannot be claimed on another."""
    if paid_on < terms.starts_on:
        return f"The date paid must be {day_in_words(terms.starts_on)} or later, when the award starts"
    if paid_on > terms.ends_on:
        return f"The date paid must be {day_in_words(terms.ends_on)} or earlier, when the award ends"
    return "The date paid must be today or earlier" if paid_on > on else None


def why_too_much(sum_claimed: Money, terms: Terms) -> str | None:
    """Why so much cannot be claimed: more than the award, or the milestone's instalment, still has (P43)."""
    if sum_claimed > terms.left_of_award:
        return f"You can claim {terms.left_of_award.in_full()} at most: it is what remains of the award"
    if sum_claimed > terms.left_of_milestone:
        return (
            f"You can claim {terms.left_of_milestone.in_full()} at most for this milestone: it is what remains of "
            "its instalment"
        )
    return None


def why_not_claimed(costs: Sequence[Cost], terms: Terms, *, is_met: bool, on: date) -> str | None:
    """The first reason why costs cannot be claimed, or None. ``is_met`` counts evidence that waits to be checked."""
    if not costs or not claimed(costs):
        return "Add at least one cost before you submit the claim"
    if any(not each.claimed or each.claimed < NO_MONEY or each.own < NO_MONEY for each in costs):
        return "Each cost must claim more than £0"
    if not is_met:
        return "Hand in evidence that this milestone is met before you submit the claim"
    if any(each.proofs < 1 for each in costs):
        return "Attach an invoice or proof of payment to each cost before you submit the claim"
    dated = next((words for each in costs if (words := why_not_dated(each.paid_on, terms, on=on))), None)
    return dated or why_too_much(claimed(costs), terms) or why_not_matched(costs, terms.match_share)
