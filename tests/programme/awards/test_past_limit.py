"""An offer that cannot be accepted, since the limit of subsidies was passed meanwhile, is told to everyone whom it concerns."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.funding.subsidy.service import recording
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.awards.test_offering import by_hand, offered, prepared, told

pytestmark = pytest.mark.engine("sqlite")
OVER = "£50,000.00 is £0.01 more than fits under the limit of £315,000.00"


def a_penny_too_much() -> None:
    """What the business declared leaves one penny less than its award of £50,000."""
    given = SubsidyDetails("Made giver", "Made: rent", Money.pounds(265_000) + Money(1), today())
    recording.declare(own(), given, by=SYSTEM)


def page_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_k12_an_offer_past_the_limit_is_not_sent_and_its_page_and_the_desk_say_by_how_much(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = prepared(client, told(client, cast, db), db)
    by_hand(client, made)
    here = f"/awards/{made.id}"
    client.sign_in(cast.approver)
    assert client.get(f"{here}/send").status_code == 200
    a_penny_too_much()
    assert client.get(f"{here}/send").status_code == 409
    assert client.post(f"{here}/send", data={"seen": "x"}).status_code == 409
    page = page_of(client, here)
    assert "The offer cannot be sent: it passes the limit of subsidies by £0.01." in page
    sums = ("This award: £50,000.00", "Limit: £315,000.00", "Given or promised: £265,000.01")
    assert [each for each in (*sums, "Can still be given: £49,999.99") if each not in page] == []
    client.sign_in(cast.programme_manager)
    assert "it passes the limit of subsidies by £0.01" in page_of(client, "/desk")


def test_k15_an_offer_that_was_sent_says_to_the_founder_what_to_do_and_to_the_manager_that_it_waits(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    here = f"/awards/{made.id}"
    a_penny_too_much()
    client.sign_in(cast.founder)
    page = page_of(client, here)
    assert (OVER in page, "Accept the offer" in page) == (True, False)
    assert "write to us by the last day to accept" in page
    assert client.get(f"{here}/accept").status_code == 409
    sign = {"name": cast.founder.known.name, "is_within_limit": "y"}
    assert client.post(f"{here}/accept", data=sign).status_code == 409
    client.sign_in(cast.programme_manager)
    assert "it passes the limit of subsidies by £0.01" in page_of(client, "/desk")
    page = page_of(client, here)
    assert "The offer cannot be accepted: it passes" in page
    assert "What you can do: ask the business whether what it declared is right" in page


def test_k11_over_the_limit_through_later_help_is_said_to_be_over_and_by_how_much(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    prepared(client, told(client, cast, db), db)
    a_penny_too_much()
    db.flush()
    page = page_of(client.sign_in(cast.finance_officer), f"/businesses/{BUSINESS}/subsidy")
    assert "Close to the limit" not in page
    assert "<strong>£0.01</strong> over the limit of £315,000.00" in page
