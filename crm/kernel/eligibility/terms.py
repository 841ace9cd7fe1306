"""What a rule asks and what is known of a business, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility.vocabulary import NO_RULE
from crm.kernel.money import Money


class Outcome(StrEnum):
    MET = "met"
    UNKNOWN = "unknown"
    NOT_MET = "not_met"


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    UNKNOWN = "unknown"
    INELIGIBLE = "ineligible"


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a business may be. No authority means that it lies outside all that are known by name."""

    outcode: str
    authority: str | None = None
    leps: frozenset[str] = frozenset()
    is_wmca: bool = False

    @property
    def name(self) -> str:
        return self.authority or self.outcode


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a business. None is unknown, and so is an empty list: never nought and never "no".

    ``places`` holds every place where its postcode may lie: several where the postcode straddles. ``needs``
    maps a need to its severity, 1 to 3. ``place_note`` says why the place is unknown, where there is a reason.
    """

    places: tuple[Place, ...] | None = None
    place_note: str = ""
    company_number: CompanyNumber | None = None
    legal_form: str | None = None
    dcms_groups: frozenset[str] | None = None
    turnover: Money | None = None
    employees: int | None = None
    trading_months: int | None = None
    stage: str | None = None
    needs: Mapping[str, int] | None = None
    export_share_pct: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("places", "legal_form", "dcms_groups", "stage", "needs"):
            if not getattr(self, name):
                object.__setattr__(self, name, None)
        if self.needs is not None:
            object.__setattr__(self, "needs", MappingProxyType(dict(self.needs)))


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an offer asks of a business. Limits are inclusive; what is empty asks nothing.

    Areas that are filled must all hold. "any", "all" and "ANY" are the same as nothing.
    """

    min_turnover: Money | None = None
    max_turnover: Money | None = None
    min_employees: int | None = None
    max_employees: int | None = None
    min_trading_months: int | None = None
    max_trading_months: int | None = None
    min_export_share_pct: Decimal | None = None
    legal_forms: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    dcms_groups: tuple[str, ...] = ()
    leps: tuple[str, ...] = ()
    lad_names: tuple[str, ...] = ()
    outcodes: tuple[str, ...] = ()
    wmca_only: bool = False

    def __post_init__(self) -> None:
        for name in ("legal_forms", "stages", "dcms_groups", "leps", "lad_names", "outcodes"):
            words = getattr(self, name)
            object.__setattr__(self, name, () if NO_RULE.intersection(words) else tuple(words))


@dataclass(frozen=True, slots=True)
class Reading:
    """How one rule reads against the facts. ``actual`` is None where the fact is not known."""

    rule: str
    outcome: Outcome
    needed: str
    actual: str | None
    words: str
