"""A postcode that never says where anybody works, wherever one is asked for."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from crm.signposting.models import EnquiryDraft
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applications.test_applying import strict
from tests.signposting.test_enquiring import begin, tell


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("BF1 1AA", "BF1 1AA is a British Forces address, so it does not say where the work is done"),
        ("bf1", "BF1 is a British Forces address"),
        ("gir0aa", "GIR 0AA was a bank’s own postcode, so it does not say"),
        ("BX1 1LT", "BX1 1LT is used by banks and other large organisations wherever they are"),
        ("B2 2AA", "B2 2AA is a PO box or a large organisation’s own postcode"),
        ("AA1 1AA", "No UK postcode begins with AA"),
    ],
)
def test_a_postcode_that_is_no_place_is_said_at_the_field_wherever_one_is_asked(
    typed: str, says: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    enquiry = client.post(f"/enquire/{begin(client)}/where", data={"place": typed})
    finder = client.post("/find-support/postcode", data={"postcode": typed})
    client.sign_in(cast.founder)
    check = client.get(
        f"/programme/rounds/{strict().id}/check", query_string={"checked": "y", "postcode": typed}
    )
    client.sign_in(cast.adviser)
    phoned = {
        "way": "phone",
        "business_name": "Ring Films",
        "story": "Help",
        "name": "Al",
        "phone": "0121 496 0000",
    }
    adviser = client.post("/enquiries/new", data=phoned | {"place": typed})
    whole = "is a postcode district" if typed == "bf1" else says
    for answer in (enquiry, adviser):
        assert (answer.status_code, says in answer.text) == (422, True)
    for answer in (finder, check):
        assert whole in answer.text
    assert "You can apply" not in check.text


def test_the_page_of_a_business_says_why_its_postcode_tells_nothing_of_the_place(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    made = client.post("/businesses/new", data={"name": "Barrack Prints", "trading_place": "BF1 1AA"})
    page = client.get(made.headers["Location"]).text
    assert "BF1 1AA is a British Forces address, so it does not say where the work is done" in page


def test_an_enquiry_begun_with_a_postcode_that_is_no_place_is_not_sent(
    client: ConformingClient, db: Session
) -> None:
    draft = begin(client)
    tell(client, draft)
    kept = db.get(EnquiryDraft, UUID(draft))
    assert kept is not None
    kept.answers = {**kept.answers, "where": {"place": "BF1 1AA"}}
    answer = client.post(f"/enquire/{draft}/check")
    assert (answer.status_code, "BF1 1AA is a British Forces address" in answer.text) == (422, True)
