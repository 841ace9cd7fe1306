"""The limits of the tax reliefs are those of the day on which shares would be issued, and of where the company trades."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm.angels.deals.workflow import InvestmentStatus, ShareRelief
from crm.angels.pitches.models import Pitch, PitchVersion
from crm.angels.pitches.queries.pitches import limits_now
from crm.angels.pitches.rules.labels import NI_TRADE
from crm.angels.pitches.workflow import Relief
from crm.kernel.money import Money
from tests import network
from tests.angels.deals.made import investment
from tests.angels.people import own_business, rows
from tests.angels.pitches.test_pitching import SENT
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

LAST_DAY, FIRST_DAY = date(2026, 4, 5), date(2026, 4, 6)
OLD, NEW = (5_000_000, 12_000_000, 15_000_000), (10_000_000, 24_000_000, 30_000_000)
LIMITS_SAID = "These are the limits for companies that trade in goods or electricity in Northern Ireland"


@pytest.mark.parametrize(
    ("moment", "usual"),
    [
        (datetime(2026, 4, 5, 22, 59, tzinfo=UTC), OLD),
        (datetime(2026, 4, 5, 23, 1, tzinfo=UTC), NEW),
    ],
)
def test_n31_the_limits_of_eis_change_at_midnight_in_london_and_stay_in_northern_ireland(
    cast: Cast, clock: Clock, moment: datetime, usual: tuple[int, ...]
) -> None:
    clock.move_to(moment)
    limits = limits_now()
    for found, known in ((limits.usual, usual), (limits.in_ni, OLD)):
        assert (found.eis_year, found.eis_lifetime, found.eis_assets) == tuple(map(Money.pounds, known))
    assert limits.in_ni.seis_company == limits.usual.seis_company == Money.pounds(250_000)


@pytest.mark.parametrize(
    ("day", "is_ni_trade", "room", "assets"),
    [
        (LAST_DAY, False, "£5,000,000", "£15,000,000"),
        (FIRST_DAY, False, "£10,000,000", "£30,000,000"),
        (LAST_DAY, True, "£5,000,000", "£15,000,000"),
        (FIRST_DAY, True, "£5,000,000", "£15,000,000"),
    ],
)
def test_n31_an_investment_says_the_limits_of_its_day_and_of_trade_in_northern_ireland(
    cast: Cast, client: ConformingClient, day: date, is_ni_trade: bool, room: str, assets: str
) -> None:
    amount = Money.pounds(12_000_000)
    found = network.pitch(own_business(), amount=amount, eis=Relief.INTENDED, is_ni_trade=is_ni_trade)
    known = {"status": InvestmentStatus.MATCHED, "relief": ShareRelief.EIS, "issued_on": day}
    kept = investment(found, amount=Money.pounds(6_000_000), **known)
    page = " ".join(client.sign_in(cast.founder).get(f"/investments/{kept.id}").text.split())
    assert f"up to {room} of this raise could fall under EIS" in page
    assert f"the company’s gross assets could be at most {assets}" in page
    assert ("More was issued under EIS than could fall under it" in page) is (room == "£5,000,000")
    assert (LIMITS_SAID in page) is is_ni_trade


def test_n31_a_business_says_that_it_trades_in_northern_ireland_and_its_pitch_keeps_the_old_limits(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    where = f"/businesses/{own.id}/pitches/begin"
    sent = SENT | {"amount": "7,000,000", "eis": "intended"}
    made = client.sign_in(cast.founder).post(where, data=sent)
    page = client.get(made.location).text
    assert "Up to £7,000,000 of this raise could fall under EIS" in page
    assert (
        client.post(f"{made.location}/write", data=sent | _seen() | {"is_ni_trade": "y"}).status_code == 303
    )
    page = client.get(made.location).text
    assert "Up to £5,000,000 of this raise could fall under EIS" in page
    assert NI_TRADE in page
    assert client.post(f"{made.location}/submit").status_code == 303
    (kept,) = rows(PitchVersion)
    assert kept.content["is_ni_trade"] is True
    assert "Limits of EIS" in client.get(f"{made.location}/versions/1").text


def _seen() -> dict[str, str]:
    """The version of the pitch that its form showed."""
    (found,) = rows(Pitch)
    return {"version": str(found.version)}
