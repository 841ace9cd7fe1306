"""A contract as its check kept it, and what has changed since in what the check used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from crm.exporting.cover.rules.checking import Contract, Finding, Firm, Limits, check
from crm.kernel.eligibility import Outcome
from crm.kernel.money import Money

SUMS = ("value", "owed", "sum_wanted")
ANSWERS = {True: "Yes", False: "No", None: "Not known"}
QUESTIONS = {
    "is_uk_enough": "20% or more is UK goods or services",
    "is_private_refused": "A broker has said that private insurance is not available",
    "is_in_group": "The business is part of a group or a consortium",
    "waits_for_end_buyer": "It is paid only once the buyer has been paid",
}


def contract_of(told: Mapping[str, Any]) -> Contract:
    """A contract from the record of its check."""
    known = {each.name: told[each.name] for each in fields(Contract) if each.name in told}
    sums = {name: Money.parse(known[name]) for name in SUMS if known.get(name) is not None}
    return Contract(**known | sums | {"wishes": frozenset(known["wishes"])})


def told_of(contract: Contract) -> dict[str, Any]:
    """The contract as its record keeps it."""
    told = vars(contract) | {"wishes": sorted(contract.wishes), "sentence": contract.sentence()}
    return {name: str(value) if isinstance(value, Money) else value for name, value in told.items()}


def facts_of(contract: Contract) -> list[tuple[str, str]]:
    """What a contract was told beside its sentence, each with its words."""
    sums = (("The most that the buyer will owe", contract.owed), ("Finance needed", contract.sum_wanted))
    rows = [(words, str(each) if each is not None else ANSWERS[None]) for words, each in sums]
    unit = "month" if contract.months == 1 else "months"
    runs = f"{contract.months} {unit}" if contract.months is not None else ANSWERS[None]
    answers = [(words, ANSWERS[getattr(contract, name)]) for name, words in QUESTIONS.items()]
    return [*rows, ("The contract runs for", runs), *answers]


@dataclass(frozen=True)
class Since:
    """What is otherwise now than in a check: the turnover of then and now, and each product that is found otherwise."""

    turnover: tuple[Money | None, Money | None] | None = None
    now: Mapping[str, Finding] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.turnover is not None or bool(self.now)

    def shut(self, key: str) -> str | None:
        """Why a product does not fit any more; None where it may."""
        found = self.now.get(key)
        if found is None or found.outcome is not Outcome.NOT_MET:
            return None
        return "; and ".join(each.words for each in found.because)


def since(
    told: Mapping[str, Any],
    *,
    turnover: Money | None,
    findings: Iterable[Mapping[str, Any]],
    firm: Firm,
    limits: Limits,
) -> Since:
    """What has changed since a contract was checked with a turnover and these findings."""
    then = {each["product"]: each["outcome"] for each in findings}
    found: Sequence[Finding] = check(contract_of(told), firm, limits=limits)
    now = {each.product.key: each for each in found if then.get(each.product.key) not in (None, each.outcome)}
    return Since((turnover, firm.turnover) if turnover != firm.turnover else None, now)
