"""A service as one row of the directory's file says it, and what can be wrong with such a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.kernel.eligibility import Terms
from crm.kernel.money import Money

FILE_COLUMNS = (
    "service_id",
    "name",
    "provider",
    "need_tags",
    "description",
    "eligibility_text",
    "min_turnover_gbp",
    "max_turnover_gbp",
    "min_employees",
    "max_employees",
    "min_trading_months",
    "max_trading_months",
    "min_export_share_pct",
    "legal_forms",
    "stages",
    "dcms_groups",
    "leps",
    "lad_names",
    "outcodes",
    "wmca_only",
    "opens_on",
    "closes_on",
    "cost_type",
    "cost_text",
    "amount_min_gbp",
    "amount_max_gbp",
    "status",
    "status_code",
    "url",
    "action6_ref",
    "verified",
    "as_of",
    "as_of_note",
    "source_or_basis",
)

MOST_ERRORS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong: the line of the file, the column ("" for the whole line), why, and what stood there."""

    line: int
    column: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.message}" + (f" (found “{self.value}”)" if self.value else "")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service. ``status`` is the file's status_code and ``status_note`` its words; ``checked_on`` its as_of.

    ``eligibility_note`` is shown beside the rules and never changes a verdict: only ``terms`` do. ``left_out`` are
    cells that only inform and could not be read: what is known already of them stays.
    """

    line: int
    service_id: str
    name: str
    provider: str
    needs: tuple[str, ...]
    description: str
    eligibility_note: str
    terms: Terms
    opens_on: date | None
    closes_on: date | None
    cost_type: str
    cost_text: str
    amount_min: Money | None
    amount_max: Money | None
    status: str
    status_note: str
    url: str
    plan_lines: tuple[str, ...]
    verified: str
    checked_on: date | None
    checked_note: str
    source: str
    left_out: tuple[RowError, ...] = ()


class ServicesRefused(ValueError):
    """A file that cannot be taken in as it stands, with everything that is wrong with it."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(self.lines()))

    def lines(self, *, most: int = MOST_ERRORS_SHOWN) -> tuple[str, ...]:
        """One sentence an error, no more than ``most`` of them, and how many are left."""
        shown = tuple(str(error) for error in self.errors[:most])
        left = len(self.errors) - len(shown)
        return (*shown, f"and {left:,} more") if left else shown
