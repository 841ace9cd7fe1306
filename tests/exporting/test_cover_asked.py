"""A product that a founder asks for: marked for the adviser, said in the letter, and read by the founder."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from tests import covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import agree, letters

SQLITE = pytest.mark.engine("sqlite")


@SQLITE
def test_what_a_founder_asked_for_is_marked_for_the_adviser_said_in_the_letter_and_never_a_dead_link(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    client.sign_in(cast.founder)
    assert client.post(f"{cover}/ukef_seb/ask").status_code == 303
    again = client.post(f"{cover}/ukef_seb/ask")
    assert again.headers["Location"] == cover, "asked once more in another tab, it leads to the check"

    client.sign_in(cast.adviser)
    assert client.get(cover).text.count("The business asked for this on 24 November 2026") == 1
    drafted = client.post(f"{cover}/ukef_seb/refer").headers["Location"]
    client.sign_in(cast.founder)
    assert "Referral to" not in client.get(cover).text, "a draft is nothing yet"
    client.sign_in(cast.adviser)
    sent = {"name": "Desk", "email": "desk@provider.example"}
    assert client.post(f"{drafted}/announce", data=sent).status_code == 303

    (letter,) = letters(db, "referral_told")
    assert letter.context["asked"] == "As you asked on 24 November 2026"
    client.sign_in(cast.founder)
    page = client.get(cover).text
    assert "Waiting for your yes or no" in page
    assert "Business told" not in page
    assert f'href="{drafted}"' not in page, "only staff can open it"
    assert f'href="{drafted}/object"' in page
    assert "As you asked on 24 November 2026" in client.get(f"{drafted}/object").text
    assert client.post(f"{drafted}/object", data={"words": "Not now"}).status_code == 303
    assert "You said no" in client.get(cover).text
    support = client.get(f"/businesses/{BUSINESS}/support").text
    assert "You said no" in support
    assert "Business objected" not in support
