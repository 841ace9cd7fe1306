"""Where the rules of the fund stand in the workbook, and the formula that says which of them an ask breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm.reports.fundcase.rules.labels import FATES, INSTRUMENTS, MEDIA
from crm.reports.fundcase.rules.simulating import Fate, Fund

ASKS, RULES, FUND = "Asks", "Rules", "Fund"


def rows_of_rules(fund: Fund) -> Iterator[tuple[str, Any]]:
    """The rows of the sheet of rules from its second on: words and, where there is one, the cell to change."""
    yield "Size of the fund, in pounds", fund.size
    yield "Smallest ticket, in pounds", fund.smallest
    yield "Largest ticket, in pounds", fund.largest
    yield "Share that others bring, in per cent", fund.match
    yield "Months until money comes back", fund.months
    yield "", None
    yield "Kinds of work the fund is for: Yes or No", None
    for key, words in MEDIA.items():
        yield words, "Yes" if key in fund.media else "No"
    yield "", None
    yield "Kinds of finance the fund gives: Yes or No", None
    for key, words in INSTRUMENTS.items():
        yield words, "Yes" if key in fund.instruments else "No"
    yield "Share that comes back of each, in per cent", None
    for key, words in INSTRUMENTS.items():
        yield words, fund.back.get(key, 0)


def _is_off(kinds: str, column: str) -> str:
    """The test that the kind in a column is not one of the fund's, whose rows on the sheet of rules are ``kinds``."""
    first, last = kinds.split(":")
    return f'COUNTIFS({RULES}!$A${first}:$A${last},{column}{{at}},{RULES}!$B${first}:$B${last},"Yes")=0'


FATE_OF_RULE = (
    f'=IF({_is_off("9:11", "D")},"{FATES[Fate.OTHER_MEDIUM]}",'
    f'IF({_is_off("14:18", "C")},"{FATES[Fate.OTHER_INSTRUMENT]}",'
    f'IF(F{{at}}=0,"{FATES[Fate.NO_AMOUNT]}",'
    f'IF(OR(G{{at}}<{RULES}!$B$3,G{{at}}=0),"{FATES[Fate.TOO_SMALL]}",'
    f'IF(G{{at}}>{RULES}!$B$4,"{FATES[Fate.TOO_LARGE]}","")))))'
)
"""The first rule that an ask breaks, in the order of the simulation; empty where it breaks none. ``at`` is its row."""
