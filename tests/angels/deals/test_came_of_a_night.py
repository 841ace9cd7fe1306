"""What came of a pitch night in pledges and investments: of those who were there, within 90 days, each sum apart."""

from __future__ import annotations

from datetime import timedelta

from crm.angels.deals.queries.nights import came_of
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.angels.events.workflow import NightStatus, PlaceStatus
from crm.angels.investors.workflow import Instrument
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from tests import network, nights
from tests.angels.deals import made
from tests.angels.people import own_business
from tests.cast import Cast
from tests.client import ConformingClient


def test_n49_what_came_of_a_night_is_counted_apart_and_of_those_who_were_there_alone(
    cast: Cast, client: ConformingClient
) -> None:
    found = nights.night(NightStatus.HELD, days=-10)
    shown = network.pitch(network.legal(own_business()))
    nights.turn(found, shown)
    there = nights.place(found, status=PlaceStatus.ATTENDED).account
    absent = nights.place(found, status=PlaceStatus.ABSENT).account
    made.pledge(shown, there, amount=Money.pounds(1_000))
    made.pledge(shown, there, PledgeStatus.COMMITTED, amount=Money.pounds(2_000))
    made.pledge(shown, there, PledgeStatus.WITHDRAWN)
    made.pledge(shown, there, pledged_at=now() - timedelta(days=30))
    made.pledge(shown, absent)
    done = InvestmentStatus.MATCHED
    made.investment(shown, there, done, amount=Money.pounds(3_000))
    made.investment(shown, there, done, amount=Money.pounds(4_000), instrument=Instrument.LOAN_NOTE)
    made.investment(shown, there, InvestmentStatus.REVERSED)
    made.investment(shown, there)
    made.investment(shown, there, done, issued_on=today() - timedelta(days=30))
    made.investment(shown, absent, done)
    (row,) = came_of(nights.whole(found))
    assert (row.pledged, row.committed) == (Money.pounds(1_000), Money.pounds(2_000))
    assert row.invested == {"equity": Money.pounds(3_000), "loan_note": Money.pounds(4_000)}
    text = client.sign_in(cast.network_manager).get(f"/events/{found.id}").text
    assert "£3,000.00 in shares, £4,000.00 in loan notes" in text
