"""What a pitch states of tax reliefs and contact details is held against what we know, and all faults are said at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm.angels.deals.workflow import InvestmentStatus, ShareRelief
from crm.angels.pitches.rules.pitching import why_not_reached
from crm.angels.pitches.workflow import PitchStatus, Relief
from crm.kernel.clock import today
from crm.kernel.money import Money
from tests import factories, network
from tests.angels.deals.made import investment
from tests.angels.people import own_business
from tests.angels.pitches.test_pitching import SENT
from tests.cast import Cast
from tests.client import ConformingClient

CONTACT = "Enter an email address, a phone number with its area code, or a website"


def test_a_pitch_states_what_is_recorded_as_raised_under_the_reliefs_and_all_its_faults_are_said_at_once(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    before = network.pitch(own, PitchStatus.CLOSED)
    known: dict[str, Any] = {"status": InvestmentStatus.MATCHED, "issued_on": today() - timedelta(days=30)}
    investment(before, amount=Money.pounds(45_000), relief=ShareRelief.SEIS, **known)
    investment(before, amount=Money.pounds(30_000), relief=ShareRelief.EIS, **known)
    where = f"/businesses/{own.id}/pitches/begin"
    wrong = SENT | {"amount": "0", "eis_year": "5", "contact": "call me", "seis": "intended"}
    page = client.sign_in(cast.founder).post(where, data=wrong).text
    assert {each for each in ("amount", "eis_year", "contact") if f'href="#{each}"' in page} == {
        "amount",
        "eis_year",
        "contact",
    }
    assert CONTACT in page
    seeking = SENT | {"seis": "intended", "seis_raised": "nil"}
    page = client.post(where, data=seeking).text
    assert "Investments recorded here come to £45,000 under SEIS. Enter £45,000 or more" in page
    assert "£30,000 under EIS in the last twelve months" in page
    told = {"seis_raised": "45 000", "eis_raised": "30,000", "eis_year": "30,000"}
    made = client.post(where, data=seeking | told)
    assert made.status_code == 303
    page = client.get(made.location).text
    assert "us@made.example" in page
    assert "Up to £100,000 of this raise could fall under SEIS" in page
    other = network.legal(factories.business())
    investment(
        network.pitch(other, PitchStatus.CLOSED), amount=Money.pounds(9_000), relief=ShareRelief.EIS, **known
    )
    old = network.pitch(other, PitchStatus.SCREENING, seis=Relief.INTENDED)
    screening = client.sign_in(cast.network_manager).get(f"/raises/{old.id}").text
    assert "states less raised under SEIS or EIS before than the investments recorded here" in screening


def test_a_pitch_that_was_sent_back_is_on_the_founders_desk_until_it_is_submitted_again(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    found = network.pitch(own, PitchStatus.DRAFT, reason="Say who buys it")
    todo = "Change the pitch that the network sent back"
    assert todo in client.sign_in(cast.founder).get("/desk").text
    page = client.get(f"/raises/{found.id}").text
    assert "The network asks" in page
    assert "Say who buys it" in page
    assert "Next: change what the network asks for, then submit it again." in page
    assert client.post(f"/raises/{found.id}/submit").status_code == 303
    assert todo not in client.get("/desk").text


def test_a_list_names_no_relief_under_which_nothing_is_left(cast: Cast, client: ConformingClient) -> None:
    network.basis()
    both = {"seis": Relief.INTENDED, "eis": Relief.INTENDED}
    network.pitch(own_business(), headline="All of it under SEIS", **both)
    network.pitch(factories.business(), headline="More than SEIS takes", amount=Money.pounds(400_000), **both)
    client.sign_in(network.admitted())
    page = client.get("/pitches").text
    assert page.count(">EIS</strong>") == 1
    narrowed = client.get("/pitches?relief=eis").text
    assert "More than SEIS takes" in narrowed
    assert "All of it under SEIS" not in narrowed


@pytest.mark.parametrize(
    ("contact", "is_reached"),
    [
        ("hello@otter.example", True),
        ("Sami, 0121 496 0000", True),
        ("otter.example/invest", True),
        ("https://otter.example", True),
        ("call me", False),
        ("ask for Sami at 9.30", False),
    ],
)
def test_a_contact_is_a_way_to_reach_the_business(contact: str, is_reached: bool) -> None:
    assert (why_not_reached(contact) is None) is is_reached
