"""The exemption of an offer: asked before a pitch is published, counted in people and pounds, warned of before it ends."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from crm.angels.deals.models import RaiseExemption
from crm.angels.deals.queries import exemptions as queries
from crm.angels.deals.rules.exemptions import Counters, Exemption, OfferLimits, said, why_not_exempt
from crm.angels.deals.workflow import InvestmentStatus
from crm.angels.pitches.workflow import ClosedAs, PitchStatus
from crm.evidence.workflow import UnmetReason
from crm.kernel.money import Money
from tests import network
from tests.angels.deals import made
from tests.angels.deals.exempt import exemption
from tests.angels.people import own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

E = Exemption
LIMITS = OfferLimits(total=Money.pounds(5_000_000), people=150, warn=80)


def counters(*kinds: Exemption, people: int = 0, pounds: int = 0) -> Counters:
    return Counters(people, Money.pounds(pounds), frozenset(kinds), LIMITS)


@pytest.mark.parametrize(
    ("given", "holding", "is_near"),
    [
        (counters(E.TOTAL, pounds=5_000_000), [E.TOTAL], True),
        (counters(E.TOTAL, pounds=5_000_001), [], False),
        (counters(E.TOTAL, pounds=3_999_999), [E.TOTAL], False),
        (counters(E.TOTAL, pounds=4_000_000), [E.TOTAL], True),
        (counters(E.PEOPLE, people=149), [E.PEOPLE], True),
        (counters(E.PEOPLE, people=150), [], False),
        (counters(E.PEOPLE, people=119), [E.PEOPLE], False),
        (counters(E.PEOPLE, people=120), [E.PEOPLE], True),
        (counters(E.TOTAL, E.PEOPLE, people=500, pounds=10), [E.TOTAL], False),
        (counters(E.PEOPLE, E.QUALIFIED, people=500, pounds=9_000_000), [E.QUALIFIED], False),
    ],
)
def test_n34_one_exemption_that_holds_is_enough_and_limits_warn_before_they_are_reached(
    given: Counters, holding: list[Exemption], is_near: bool
) -> None:
    assert given.holding == holding
    assert given.is_last_near is is_near
    assert (why_not_exempt(given) is None) is bool(holding)


def screened(db: Session) -> network.Pitch:
    found = network.pitch(network.legal(own_business()), PitchStatus.SCREENING)
    network.review(found)
    db.execute(delete(RaiseExemption))
    return found


def test_n34_publishing_asks_for_the_exemption_and_is_blocked_only_when_none_holds(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = screened(db)
    where, publish = f"/raises/{found.id}/exemption", f"/raises/{found.id}/publish"
    client.sign_in(cast.network_manager)
    page = client.get(f"/raises/{found.id}").text
    assert "The public-offer exemption that this raise relies on is not recorded" in page
    assert where in page
    assert client.post(publish).status_code == 409
    assert client.post(where, data={}).status_code == 422
    assert client.post(where, data={"kinds": "qualified"}).status_code == 422
    sent = {"kinds": ["people"], "people_before": "150"}
    assert client.post(where, data=sent).status_code == 303
    assert "No public-offer exemption that it relies on holds" in client.get(f"/raises/{found.id}").text
    assert client.post(publish).status_code == 409
    (kept,) = rows(RaiseExemption)
    both = {"kinds": ["people", "total"], "people_before": "150", "version": str(kept.version)}
    assert client.post(where, data=both).status_code == 303
    assert client.post(where, data=both).status_code in {303, 409}
    assert client.post(publish).status_code == 303


def test_n34_people_and_pounds_are_counted_from_the_ledger_and_the_other_raises_of_the_business(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    before = network.pitch(own, PitchStatus.CLOSED)
    made.investment(before, None, InvestmentStatus.MATCHED, amount=Money.pounds(40_000))
    made.investment(before, None, InvestmentStatus.MATCHED, issued_on=date(2024, 1, 1))
    made.investment(before, None, InvestmentStatus.REVERSED)
    found = network.pitch(own, amount=Money.pounds(100_000))
    exemption(found, E.TOTAL, E.PEOPLE, people_before=10, raised_before=Money.pounds(1_000))
    client.sign_in(cast.angel)
    for _ in range(2):
        client.get(f"/pitches/{found.id}")
    counted = queries.counters_of(found)
    assert counted is not None
    assert (counted.people, counted.total) == (11, Money.pounds(141_000))
    ended = network.pitch(
        own,
        PitchStatus.CLOSED,
        amount=Money.pounds(225_000),
        raised=Money.pounds(45_000),
        closed_as=ClosedAs.PART_FUNDED,
        declined_for=UnmetReason.OTHER,
    )
    exemption(ended, E.TOTAL)
    of_ended = queries.counters_of(ended)
    assert of_ended is not None
    assert of_ended.total == Money.pounds(85_000)


def test_n34_an_exemption_that_holds_no_longer_is_called_that_beside_one_that_does() -> None:
    given = counters(E.TOTAL, E.PEOPLE, people=20, pounds=5_135_000)
    assert said(given) == (
        "£5,135,000 within twelve months, of at most £5,000,000 (this no longer holds); 20 people, of fewer than 150"
    )


def test_n34_a_raise_near_its_limit_or_over_it_is_on_the_managers_desk(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()), amount=Money.pounds(100_000))
    exemption(found, E.PEOPLE, people_before=119)
    client.sign_in(cast.network_manager)
    assert "The limits of a public offer are near" not in client.get("/desk").text
    exemption(found, E.PEOPLE, people_before=120)
    assert "The limits of a public offer are near" in client.get("/desk").text
    exemption(found, E.PEOPLE, people_before=150)
    assert "Record an exemption that holds, or pause the pitch" in client.get("/desk").text
    exemption(found, E.PEOPLE, E.TOTAL, people_before=150)
    assert f"{found.id}#exemption" not in client.get("/desk").text
    assert client.sign_in(cast.founder).get(f"/raises/{found.id}/exemption").status_code in {403, 404}
    assert "Public-offer exemption" not in client.get(f"/raises/{found.id}").text
