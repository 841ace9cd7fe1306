"""Which thresholds shut a business out of a product that was asked for, as they are recorded and as a letter says them."""

from __future__ import annotations

from crm.evidence.rules import Excluded
from crm.exporting.cover.rules.checking import RULES, Contract, Finding
from crm.exporting.cover.rules.products import WISHES


def excluded(finding: Finding, contract: Contract) -> list[Excluded]:
    """Each rule that shuts a business out of a product, with the need for which it was asked."""
    wish = next(each for each in WISHES if each in contract.wishes and each in finding.product.wishes)
    return [
        Excluded(
            offer=finding.product.key,
            offer_name=finding.product.name,
            rule=each.rule,
            needed=each.needed,
            actual=each.actual,
            wanted=wish,
            threshold=each.threshold,
            figure=each.figure,
        )
        for each in finding.shut_by
    ]


def line_of(shut: Excluded) -> str:
    """A rule that shuts a business out, as a letter says it."""
    return f"{shut.offer_name}: {RULES[shut.rule]} is {shut.actual}, and it takes {shut.needed}"
