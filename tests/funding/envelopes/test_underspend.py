"""What was planned to be paid beside what was claimed and paid: the radar, the forecast and their pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import (
    Balances,
    Instalment,
    LedgerAccount,
    Line,
    Month,
    Subject,
    by_financial_year,
    covered_of,
    furthest_behind,
    months_to_come,
    pictured,
    planned_by,
    points,
    still_to_claim,
)
from crm.funding.envelopes.service import posting
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.web.beside import Planned
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.envelopes.money import envelope

ONE, OTHER = Subject("business", UUID(int=1)), Subject("business", UUID(int=2))
DAY = date(2027, 3, 31)
PLAN = [
    Instalment(ONE, DAY, Money.pounds(20)),
    Instalment(ONE, DAY + timedelta(1), Money.pounds(30)),
    Instalment(OTHER, DAY, Money.pounds(10)),
]


def test_an_instalment_is_planned_from_its_own_day_on_and_claims_cover_the_earliest_first() -> None:
    assert planned_by(PLAN, on=DAY - timedelta(1)) == Money(0)
    assert planned_by(PLAN, on=DAY) == Money.pounds(30)
    left = still_to_claim(PLAN, claimed={ONE: Money.pounds(25), OTHER: Money.pounds(99)})
    assert left == [replace(PLAN[1], amount=Money.pounds(25))]
    assert [(str(year), sum_) for year, sum_ in by_financial_year(PLAN, on=DAY)] == [
        ("2026/27", Money.pounds(30)),
        ("2027/28", Money.pounds(30)),
    ]


def test_who_is_behind_claimed_less_than_was_planned_and_the_furthest_comes_first() -> None:
    rows = furthest_behind(PLAN, claimed={OTHER: Money.pounds(9)}, on=DAY)
    assert [(each.subject, each.short) for each in rows] == [
        (ONE, Money.pounds(20)),
        (OTHER, Money.pounds(1)),
    ]
    assert furthest_behind(PLAN, claimed={ONE: Money.pounds(20), OTHER: Money.pounds(10)}, on=DAY) == []


def test_what_is_still_to_claim_is_what_is_committed_and_what_was_paid_back_is_not_expected_again() -> None:
    claimed = replace(PLAN[1], claimed_on=DAY - timedelta(9))
    plan = [PLAN[0], claimed, PLAN[2]]
    covered = covered_of(plan, committed={ONE: Money.pounds(45)})
    assert covered == {ONE: Money.pounds(5), OTHER: Money.pounds(10)}
    left = still_to_claim(plan, claimed=covered)
    assert sum(each.amount.pence for each in left) == 45_00
    assert left[0] == replace(claimed, on=DAY - timedelta(9), amount=Money.pounds(25)), (
        "expected when claimed"
    )


def test_a_limit_is_drawn_as_steps_and_what_is_reserved_has_its_own_line() -> None:
    one, two = Money(50), Money(100)
    assert points([one, two], two, is_stepped=True) == "0,150 1000,150 1000,0"
    held = Balances({LedgerAccount.FUND: -two, LedgerAccount.RESERVED: one, LedgerAccount.FREE: one})
    drawn = pictured([Month(DAY, held)], ())
    assert [name for name, _, _ in drawn.lines][:2] == ["limit", "taken"]
    assert drawn.half == one
    going_on = pictured([Month(DAY, held)], [(DAY + timedelta(30), one)])
    assert going_on.lines[0][2].endswith("1000,0"), "the limit stays through the forecast"


def test_the_forecast_is_drawn_after_the_months_so_far() -> None:
    assert months_to_come(date(2027, 12, 31), date(2028, 3, 10)) == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 10),
    ]
    assert months_to_come(DAY, DAY) == []
    assert points([Money(0), Money(100)], Money(100), of=3, after=1) == "500,300 1000,0"


def assert_opens_its_rows(client: ConformingClient, here: str) -> None:
    """What is planned, what is still to be claimed by year, and what is committed in all lead to their rows."""
    planned = client.get(f"{here}/planned").text
    assert "£20,000.00 in all. Nothing of it has been claimed." in " ".join(planned.split())
    assert "1 instalment" in planned
    everything = client.get(f"{here}/ledger?account=committed_in_all").text
    assert "<strong>£50,000.00</strong>" in everything
    assert "1 entry" in everything, "what moves on inside it adds nothing"
    years = re.findall(r'href="([^"]+year=\d{4})">([^<]+)<', client.get(here).text)
    assert years
    for href, sum_ in years:
        assert f"{sum_} in all" in client.get(href.replace("&amp;", "&")).text, href


@pytest.mark.engine("sqlite")
def test_p44_the_radar_names_who_is_behind_and_says_the_same_sums_as_the_envelope_and_the_ledger(
    app: Flask, client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, owner = envelope(cast), factories.business(name="Behindhand Ballet")
    about, paid = Subject("business", owner.id), {"reason": "Made", "by": SYSTEM}
    posting.commit(found.id, Line.CAPITAL, amount=Money.pounds(50_000), about=about, **paid)
    posting.claim(found.id, Line.CAPITAL, amount=Money.pounds(12_000), about=about, **paid)
    posting.pay(found.id, Line.CAPITAL, amount=Money.pounds(7_000), about=about, **paid)
    db.flush()
    days = ((-1, 20_000), (70, 30_000))
    rows = [
        Planned(found.id, "business", owner.id, today() + timedelta(days), Money.pounds(sum_))
        for days, sum_ in days
    ]
    room = app.extensions["features"][0]
    planning = (replace(room, plans=lambda: rows), *app.extensions["features"][1:])
    monkeypatch.setitem(app.extensions, "features", planning)

    page = client.sign_in(cast.auditor).get("/envelopes/underspend").text
    for said in (
        "Behindhand Ballet",
        "£8,000.00",
        "£20,000.00 planned by today, £12,000.00 claimed",
        "Behind plan",
    ):
        assert said in page
    for account, sum_ in (("committed", "£38,000.00"), ("claimed", "£5,000.00"), ("paid", "£7,000.00")):
        assert f'ledger?account={account}">{sum_}' in page
    assert "No payments are planned" not in page
    assert f'/envelopes/{found.id}/planned">£20,000.00' in page
    assert_opens_its_rows(client, f"/envelopes/{found.id}")
    whole = client.get(f"/envelopes/{found.id}").text
    assert "app-chart__scale" in whole
    assert "Paid, forecast" in whole
    assert "£50,000.00" in whole[whole.index("(forecast)") :]
    assert all(sum_ in whole for sum_ in ("£50,000.00", "£38,000.00", "£7,000.00"))
    assert "The difference is £0.00" in client.get("/reconciliation").text
    assert client.sign_in(cast.founder).get("/envelopes/underspend").status_code == 403
