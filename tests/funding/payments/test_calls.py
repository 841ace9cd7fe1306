"""The call before bank details are paid to, through its page."""

from __future__ import annotations

import re

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.businesses.models import Person
from crm.businesses.queries.seeing import business
from crm.businesses.service import people as people_service
from crm.businesses.service.people import PersonDetails
from crm.funding.payments.models import BankDetails
from crm.funding.payments.queries import details as details_queries
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import confirmed, in_a_run
from tests.programme.pages import sent

HERE = f"/businesses/{BUSINESS}/bank-details"
GOOD = {"account_name": "Cast Pictures & Söhne", "sort_code": "12-34-56", "account_number": "12345678"}


def test_a_telephone_changed_shortly_before_new_bank_details_is_called_only_where_no_other_is_known(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    own = business(BUSINESS)
    assert own is not None
    people_service.add_person(own, PersonDetails("Eve Fresh", "Director", None, "0121 496 0999"), by=SYSTEM)
    sent(client.sign_in(cast.founder), f"{HERE}/new", GOOD)
    found = details_queries.waiting_details(BUSINESS)
    assert found is not None
    page = client.sign_in(cast.finance_officer).get(f"/bank-details/{found.id}").text
    assert "The number of Eve Fresh, 0121 496 0999, was added or changed on 24 November 2026" in page
    assert "The number of Ann Caller" not in page
    assert "It cannot be called about these details." in page
    assert "0121 496 0999 (Eve Fresh" not in page
    call = {"number": "0121 496 0999", "spoke_to": "Eve Fresh", "why": "Ann Caller gave it to me"}
    assert client.post(f"/bank-details/{found.id}/confirm", data=call).status_code == 422
    # Where no other number is known it is called, with a reason that who releases the payment reads.
    found.numbers = [each for each in found.numbers if each["name"] == "Eve Fresh"]
    db.flush()
    assert (
        "0121 496 0999 (Eve Fresh, changed 24 November 2026)" in client.get(f"/bank-details/{found.id}").text
    )
    call = {"number": "0121 496 0999", "spoke_to": "Eve Fresh"}
    refused = client.post(f"/bank-details/{found.id}/confirm", data=call)
    assert (refused.status_code, "Say how you know that it is theirs" in refused.text) == (422, True)
    page = sent(client, f"/bank-details/{found.id}/confirm", call | {"why": "Ann Caller gave it to me"})
    assert "Ann Caller gave it to me" in page
    run = in_a_run(client, cast, due(cast, 100), due(cast, 50))
    page = " ".join(client.sign_in(cast.approver).get(run).text.split())
    warned = "The number called, 0121 496 0999, was added or changed on 24 November 2026"
    assert page.count(warned) == 1, "K16: who releases reads that the number was new, once for each account"
    assert "Why it is trusted: Ann Caller gave it to me." in page


def test_k16_who_made_the_call_about_a_new_account_does_not_release_a_run_that_pays_to_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast, 100))
    assert run in client.sign_in(cast.approver).get("/desk").text
    db.execute(update(BankDetails).values(called_by_id=cast.approver.id))
    db.commit()
    page = client.get(run).text
    assert "You made the call about the bank details of" in page
    assert "Release this run" not in page
    assert run not in client.get("/desk").text
    assert client.post(f"{run}/release").status_code == 409
    db.execute(update(BankDetails).values(called_by_id=cast.finance_officer.id))
    db.commit()
    sent(client, f"{run}/release")
    page = " ".join(client.get(run).text.split())
    assert "first bank account" in page, "K6: on what it was released stays on its page"
    assert "before you release the run" not in page


def test_k12_without_a_number_to_call_an_owner_adds_one_first_and_goes_on_with_the_bank_details(
    client: ConformingClient, cast: Cast
) -> None:
    who = factories.kept(Person(business_id=BUSINESS, name="Ann Caller"))
    first = client.sign_in(cast.founder).get(f"{HERE}/new")
    assert (first.status_code, "Add a phone number first" in first.text) == (200, True)
    correcting = re.search(rf'href="(/businesses/{BUSINESS}/people/{who.id}[^"]+)"', first.text)
    assert correcting
    page = sent(client, correcting[1], {"name": who.name, "phone": "0121 496 0000"})
    assert "Enter bank details" in page
    assert "We will call you" in sent(client, f"{HERE}/new", GOOD)
