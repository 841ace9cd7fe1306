"""Nothing is paid to an account whose business has entered another one: it may not be its own any more."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.funding.payments.queries import details as details_queries
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import HERE, confirmed, in_a_run, sent
from tests.funding.payments.test_rejected import OTHER, is_kept_out, released

pytestmark = pytest.mark.engine("sqlite")
REPLACED = "has entered other bank details, so nothing is paid to those it had before"


def desk_of(client: ConformingClient, who: object) -> str:
    return client.sign_in(who).get("/desk").text


def test_k5_a_run_does_not_pay_the_account_that_a_business_has_replaced(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    made, left = due(cast, 80), due(cast, 7)
    waiting = in_a_run(client, cast, made)
    assert "Check and release a payment run" in desk_of(client, cast.approver)

    sent(client.sign_in(cast.founder), f"{HERE}/new", OTHER)
    assert is_kept_out(client, cast, left), "neither offered nor taken from a page that was open before"
    page = " ".join(client.get("/payment-runs/new").text.split())
    assert (REPLACED in page, f'href="{HERE}">See the bank details that wait' in page) == (True, True)
    assert client.sign_in(cast.approver).post(f"{waiting}/release").status_code in (409, 422)
    page = client.get(waiting).text
    assert (REPLACED in page, "Release this run" in page) == (True, False)
    assert "If they are refused, this run can be released." in page
    assert "Check and release a payment run" not in desk_of(client, cast.approver)
    for who in (cast.finance_officer, cast.approver):
        assert "Wait for a call about bank details, or discard a payment run" in desk_of(client, who)
    own = " ".join(client.sign_in(cast.founder).get(f"/payments/{left.id}").text.split())
    assert "We pay it once we have called you" in own


@pytest.mark.parametrize("way", ["withdraw", "refuse"])
def test_k5_the_account_that_was_confirmed_is_paid_to_again_once_the_other_one_is_withdrawn_or_refused(
    client: ConformingClient, cast: Cast, db: Session, way: str
) -> None:
    telephone()
    confirmed(client, cast)
    waiting = in_a_run(client, cast, due(cast, 80))
    sent(client.sign_in(cast.founder), f"{HERE}/new", OTHER)
    (entered,) = details_queries.waiting_among([BUSINESS])
    who, form = (cast.founder, {}) if way == "withdraw" else (cast.finance_officer, {"reason": "Nobody knew"})
    sent(client.sign_in(who), f"/bank-details/{entered.id}/{way}", form)
    sent(client.sign_in(cast.approver), f"{waiting}/release", {})
    assert b"12345678" in client.sign_in(cast.finance_officer).get(f"{waiting}/file").data


def test_k5_the_new_account_is_paid_to_once_it_is_confirmed(client: ConformingClient, cast: Cast) -> None:
    telephone()
    confirmed(client, cast)
    left = due(cast, 7)
    confirmed(client, cast, account_number="87654321")
    run = released(client, cast, left)
    assert b"87654321" in client.sign_in(cast.finance_officer).get(f"{run}/file").data
