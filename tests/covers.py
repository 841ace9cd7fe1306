"""Checks of export contracts and shut-outs as a test needs them."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.businesses.models import Business, YearlyFigures
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.rules.checking import Contract
from crm.exporting.cover.service.checking import check_contract
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.factories import kept

ADVICE = Contract("Canada", "services", frozenset({"advice"}))
MAY_FIT = Contract(
    "Canada", "services", frozenset({"not_paid"}), Money.pounds(20_000), 120, is_uk_enough=True
)


def turned_over(owner: Business, pounds: int | None, *, year: int = 2025, **fields: Any) -> Business:
    """A business with the turnover of a year; None is a year whose turnover is not known."""
    told = {"turnover": None if pounds is None else Money.pounds(pounds), "source": "made"} | fields
    kept(YearlyFigures(business_id=owner.id, year_end=date(year, 3, 31), **told))
    return whole(owner)


def whole(owner: Business) -> Business:
    """The business as a new request loads it."""
    session().expire_all()
    found = business(owner.id)
    assert found is not None
    return found


def checked(owner: Business, contract: Contract = ADVICE) -> CoverCheck:
    """A contract of a business that was checked."""
    return check_contract(whole(owner), contract, by=SYSTEM)


def shut_out(pounds: int = 400_000, **fields: Any) -> Business:
    """A business that turnover shut out of an adviser."""
    owner = turned_over(factories.business(**fields), pounds)
    checked(owner)
    return owner


def _covers(_cast: Cast, _values: Any) -> tuple[Any, ...]:
    """A check of their own business, and one of the stranger's."""
    own, other = business(BUSINESS), business(OTHER_BUSINESS)
    assert own is not None
    assert other is not None
    factories.person(own)
    return (checked(own, MAY_FIT).id, checked(other, MAY_FIT).id)


SAMPLES: dict[str, Any] = {
    "cover_id": _covers,
    "product_key": lambda _cast, _values: ("ukef_exip",),
}
