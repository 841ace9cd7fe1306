"""How an award stands: what was approved, paid and waits, what is left, and what is claimed in which financial year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.kernel.clock import day_of, today
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.models import Award
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardClaim, AwardRecovery
from crm.programme.claims.queries.claims import TAKEN
from crm.programme.claims.rules.forecasting import Due, forecast, in_words
from crm.programme.claims.rules.labels import SUMS
from crm.programme.claims.workflow import ClaimStatus


@dataclass(frozen=True)
class Standing:
    """The sums of one award: what its ledger entries say, and what waits to be checked."""

    approved: Money
    paid: Money
    waits: Money
    left: Money
    back: Money

    @property
    def due(self) -> Money:
        """What was approved and is not paid yet."""
        return self.approved - self.paid

    def parts(self, runs: bool) -> list[tuple[str, Money, str]]:
        """The parts that a page shows of what was granted, which add up to it, each with which claims come to it (`SUMS`).

        Those that wait are left out where there are none; what is left to claim is of no claim.
        """
        waiting = ((SUMS["due"], self.due, "due"), (SUMS["waits"], self.waits, "waits"))
        rest = ("Still to claim" if runs else "Not claimed", self.left, "")
        return [(SUMS["paid"], self.paid, "paid"), *(each for each in waiting if each[1]), rest]


def counts_in(name: str, found: AwardClaim) -> bool:
    """Whether a claim is one of those that a part of `SUMS` adds up."""
    if name == "waits":
        return found.status is ClaimStatus.SUBMITTED
    return found.approved is not None and (found.paid_at is not None) == (name == "paid")


def standing_of(
    found: Award, made: Sequence[AwardClaim], *, recoveries: Sequence[AwardRecovery] = ()
) -> Standing:
    """The sums of an award by its claims and repayments."""
    made = [each for each in made if each.status is not ClaimStatus.DISCARDED]
    approved = sum((each.approved or NO_MONEY for each in made), start=NO_MONEY)
    paid = sum((each.approved or NO_MONEY for each in made if each.paid_at), start=NO_MONEY)
    waiting = [each for each in made if each.status is ClaimStatus.SUBMITTED]
    waits = sum((each.amount or NO_MONEY for each in waiting), start=NO_MONEY)
    back = sum((each.amount for each in recoveries if each.received_on), start=NO_MONEY)
    return Standing(approved, paid, waits, found.amount - approved - waits, back)


def forecast_of(found: Award, made: Sequence[AwardClaim]) -> list[tuple[str, Money]]:
    """What is claimed of an award by financial year, from its milestones and claims; of one that is over, what was."""
    is_over = found.status is not AwardStatus.ACCEPTED
    taken = [each for each in made if each.status in TAKEN and each.submitted_at]
    dues = []
    for milestone in found.milestones:
        mine = tuple(
            (day_of(each.submitted_at), each.approved or each.amount or NO_MONEY)
            for each in taken
            if each.milestone_id == milestone.id and each.submitted_at
        )
        claimed = sum((amount for _, amount in mine), start=NO_MONEY)
        dues.append(Due(milestone.due_on, claimed if is_over else milestone.amount, mine))
    return [(in_words(year), amount) for year, amount in forecast(dues, on=today()).items()]
