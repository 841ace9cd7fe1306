"""Asks for the tests of the fund case: one at will, and any that may come."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from crm.kernel.eligibility import DCMS_GROUPS, STAGES
from crm.kernel.money import Money
from crm.programme.outcomes.rules.places import GRID
from crm.reports.fundcase.rules.labels import INSTRUMENTS, MEDIA, REASONS
from crm.reports.fundcase.rules.simulating import Fund
from crm.reports.fundcase.rules.sought import NOT_FOUND, NOT_KNOWN, Sought, Standing


def ask(number: int, *, pounds: int | None = 100_000, **told: Any) -> Sought:
    """An ask of a business of its own that was not found, for a screen-based work."""
    fields: dict[str, Any] = {
        "id": UUID(int=number),
        "business_id": UUID(int=number),
        "business": f"Business {number}",
        "asked_on": date(2026, 1, 1),
        "number": number,
        "instrument": "grant",
        "medium": "screen",
        "standing": Standing.UNMET,
        "amount": None if pounds is None else Money.pounds(pounds),
        "reason": "collateral",
    }
    return Sought(**(fields | told))


money = st.one_of(st.none(), st.integers(1, 3_000_000_00).map(Money))


@st.composite
def asks(draw: st.DrawFn, most: int = 16) -> list[Sought]:
    """Any asks, of a few businesses, in any order."""
    count = draw(st.integers(0, most))
    return draw(st.permutations([draw(one_ask(number)) for number in range(count)]))


@st.composite
def one_ask(draw: st.DrawFn, number: int) -> Sought:
    """An ask with anything about it."""
    standing = draw(st.sampled_from(Standing))
    return ask(
        number,
        business_id=UUID(int=draw(st.integers(0, 12))),
        asked_on=draw(st.dates(date(2020, 1, 1), date(2026, 11, 30))),
        instrument=draw(st.sampled_from(list(INSTRUMENTS))),
        medium=draw(st.sampled_from(list(MEDIA))),
        standing=standing,
        amount=draw(money),
        found_amount=draw(money) if standing in (Standing.MET, Standing.PART) else None,
        stage=draw(st.sampled_from([*STAGES, NOT_KNOWN])),
        sector=draw(st.sampled_from([*DCMS_GROUPS, NOT_KNOWN])),
        place=draw(st.sampled_from([*GRID, NOT_KNOWN])),
        reason=draw(st.sampled_from(list(REASONS))) if standing in NOT_FOUND else "",
    )


@st.composite
def funds(draw: st.DrawFn) -> Fund:
    """Any rules of a fund."""
    smallest = draw(st.integers(0, 500_000_00))
    return Fund(
        size=Money(draw(st.integers(1_000_000_00, 20_000_000_00))),
        smallest=Money(smallest),
        largest=Money(smallest + draw(st.integers(0, 3_000_000_00))),
        match=draw(st.integers(0, 90)),
        instruments=tuple(draw(st.sets(st.sampled_from(list(INSTRUMENTS)), min_size=1))),
        media=tuple(draw(st.sets(st.sampled_from(list(MEDIA)), min_size=1))),
        loan_back=draw(st.integers(0, 150)),
        equity_back=draw(st.integers(0, 300)),
        months=draw(st.integers(1, 120)),
    )
