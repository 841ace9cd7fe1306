"""What is known of a business as facts that rules of eligibility weigh. Unknown stays unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from crm.businesses.models import Business, YearlyFigures
from crm.kernel.calendar import months_between
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import Facts, Place
from crm.places.rules import Authority, Location

MOST_MONTHS = 6_000
T = TypeVar("T")


def facts_of(
    business: Business, figures: Sequence[YearlyFigures], *, places: tuple[Place, ...] | None,
    needs: Mapping[str, int], on: date,
) -> Facts:  # fmt: skip
    """The facts of a business on a day; ``figures`` are its years, the latest first. Each figure is that of the latest year
    in which it is known: a year of which only the turnover was told leaves the people known.
    """
    return Facts(
        places=places,
        place_note="" if places else "it is not known where it trades",
        company_number=CompanyNumber(business.company_number) if business.company_number else None,
        legal_form=business.legal_form,
        dcms_groups=frozenset(business.dcms_groups) or None,
        turnover=_latest(each.turnover_of_a_year for each in figures),
        employees=_latest(each.employees for each in figures),
        trading_months=_months(business.trading_since, on=on),
        stage=business.stage,
        needs=dict(needs) or None,
        export_share_pct=_latest(_export_share(each) for each in figures),
    )


def _months(since: date | None, *, on: date) -> int | None:
    return min(MOST_MONTHS, max(0, months_between(since, on))) if since else None


def _latest(figures: Iterable[T | None]) -> T | None:
    """The first that is known."""
    return next((each for each in figures if each is not None), None)


def _export_share(year: YearlyFigures) -> Decimal | None:
    """Per cent of turnover that was sold abroad; unknown without both, or where nothing was turned over."""
    if year.export_turnover is None or not year.turnover:
        return None
    return Decimal(year.export_turnover.pence * 100) / Decimal(year.turnover.pence)


def place_said(authority: Authority, outcode: str | None) -> Place:
    """A place as an adviser says that it is, whatever the postcode may mean."""
    return Place(outcode or "", authority.name, frozenset(authority.leps), authority.is_wmca)


def growth(earlier: YearlyFigures, later: YearlyFigures) -> Decimal | None:
    """How turnover grew from one period to another, in per cent; None where either is unknown or the base is nothing.

    Periods of other than twelve months are annualised first.
    """
    if earlier.turnover is None or later.turnover is None or not earlier.turnover:
        return None
    before = Decimal(earlier.turnover.pence) * 12 / earlier.months
    after = Decimal(later.turnover.pence) * 12 / later.months
    return ((after - before) * 100 / before).quantize(Decimal("0.1"))


def confidence_pct(location: Location) -> int:
    """How sure a place is, as a whole number of per cent."""
    return round(location.confidence * 100)
