"""What leaves as a file: who a rule shut out of what they asked for."""

from __future__ import annotations

from typing import Any

from crm.coverage.rules.wanted import WANTED
from crm.evidence.models import ShutOut
from crm.evidence.rules import OCCASIONS, SHUT_OUT_RULES
from crm.kernel.eligibility import DCMS_GROUPS

SHUT_OUTS_HEAD = (
    *("Business", "Date", "When", "Wanted", "Offer", "Rule", "Needed", "The business had"),
    *("Threshold", "Turnover", "Sector", "Recorded at", "Record"),
)


def shut_out_cells(found: ShutOut) -> tuple[Any, ...]:
    """A rule that excluded a business, as a row."""
    about = (found.business.name, found.happened_on, OCCASIONS[found.occasion], WANTED.get(found.wanted, ""))
    rule = (found.offer_name, SHUT_OUT_RULES.get(found.rule, ""), found.needed, found.actual)
    sector = DCMS_GROUPS.get(found.sector or "", "")
    return (*about, *rule, found.threshold, found.figure, sector, found.at, str(found.subject_id or found.id))
