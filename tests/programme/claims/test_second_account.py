"""A second account of the same mailbox decides nothing about a claim that its owner sent (P45)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient


def test_p45_a_second_account_of_the_same_mailbox_is_refused_on_the_page(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.submitted(claimed.award(), 1_000)
    cast.founder.account.email = cast.programme_manager.account.email.replace("@", "+claims@")
    made.submitted_by_id = cast.founder.account.id
    db.flush()
    here = f"/award-claims/{made.id}"
    page = client.sign_in(cast.programme_manager).get(here).text
    assert f"{here}/approve" not in page
    assert "The person who made this claim shares your email address, so another person decides it" in page
    refused = client.post(f"{here}/approve", data={"version": str(made.version)})
    assert (
        refused.status_code,
        "The person who made this claim shares your email address, so another person decides it"
        in refused.text,
    ) == (409, True)
