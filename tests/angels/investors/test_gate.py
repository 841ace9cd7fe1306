"""The gate: who may be shown promotions on a day, and on what that rests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.angels.investors.rules.gate import (
    Admission,
    Closed,
    Statement,
    anniversary,
    kinds_open,
    may_see_promotions,
    statement_for,
    why_closed,
)
from crm.kernel.clock import to_local

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def signed(day: date, **fields: object) -> Statement:
    return Statement(uuid4(), day, anniversary(day), **fields)  # type: ignore[arg-type]


def admitted(*statements: Statement, **fields: bool) -> Admission:
    given_ = {"is_accepted": True, "is_paid": True, "is_lawful": True} | fields
    return Admission(**given_, statements=statements)


def test_n04_allowed_up_to_the_day_before_the_anniversary_in_london() -> None:
    admission = admitted(signed(date(2025, 11, 24)))
    london = ZoneInfo("Europe/London")
    last = datetime(2026, 11, 23, 23, 59, 59, tzinfo=london)
    assert may_see_promotions(admission, on=to_local(last).date())
    assert not may_see_promotions(admission, on=to_local(last + timedelta(seconds=1)).date())


@pytest.mark.parametrize("signed_on", [date(2025, 3, 30), date(2025, 10, 26)])
def test_n04_the_same_where_the_clocks_change(signed_on: date) -> None:
    admission = admitted(signed(signed_on))
    first_closed = datetime(
        signed_on.year + 1, signed_on.month, signed_on.day, tzinfo=ZoneInfo("Europe/London")
    )
    instant = first_closed.astimezone(ZoneInfo("UTC"))
    assert not may_see_promotions(admission, on=to_local(instant).date())
    assert may_see_promotions(admission, on=to_local(instant - timedelta(seconds=1)).date())


def test_n04_signed_on_the_29th_of_february_ends_on_the_28th() -> None:
    admission = admitted(signed(date(2028, 2, 29)))
    assert may_see_promotions(admission, on=date(2029, 2, 27))
    assert not may_see_promotions(admission, on=date(2029, 2, 28))


@given(signed_on=DAYS, after=st.integers(-400, 800))
def test_n04_it_holds_from_the_day_it_was_signed_for_a_year_and_no_day_longer(
    signed_on: date, after: int
) -> None:
    on = signed_on + timedelta(days=after)
    holds = may_see_promotions(admitted(signed(signed_on)), on=on)
    assert holds == (signed_on <= on < anniversary(signed_on))
    assert 365 <= (anniversary(signed_on) - signed_on).days <= 366


ON = date(2026, 11, 24)
FRESH = signed(date(2026, 11, 1))


@pytest.mark.parametrize(
    ("admission", "closed"),
    [
        (Admission(is_accepted=False), Closed.NO_ANGEL),
        (admitted(), Closed.NOT_CERTIFIED),
        (admitted(signed(date(2025, 1, 1))), Closed.EXPIRED),
        (admitted(signed(date(2026, 11, 1), is_revoked=True)), Closed.REVOKED),
        (admitted(signed(date(2026, 11, 1), is_confirmed=False)), Closed.UNCONFIRMED),
        (admitted(FRESH, is_paid=False), Closed.NOT_PAID),
        (admitted(FRESH, is_lawful=False), Closed.NETWORK),
        (admitted(FRESH, is_suspended=True), Closed.SUSPENDED),
        (admitted(FRESH), None),
    ],
)
def test_n02_n03_the_first_reason_is_the_one_that_is_said(
    admission: Admission, closed: Closed | None
) -> None:
    assert why_closed(admission, on=ON) is closed


def test_n10_where_membership_was_the_only_ground_its_end_suspends() -> None:
    alone = signed(date(2026, 11, 1), rests_on_membership=True)
    assert why_closed(admitted(alone, is_paid=False), on=ON) is Closed.NOT_PAID
    assert statement_for(admitted(alone), "equity", on=ON) == alone
    assert admitted(alone, FRESH, is_paid=False).valid(on=ON) == (FRESH,)


def test_n14_a_certificate_opens_only_the_kinds_that_it_names() -> None:
    certificate = signed(date(2026, 11, 1), kinds=frozenset({"loan_note"}))
    admission = admitted(certificate)
    assert statement_for(admission, "equity", on=ON) is None
    assert statement_for(admission, "loan_note", on=ON) == certificate
    assert kinds_open(admission, on=ON) == frozenset({"loan_note"})
    assert kinds_open(admitted(certificate, FRESH), on=ON) is None
    assert kinds_open(admitted(), on=ON) == frozenset()
