"""Money that is paid back: asked for, recorded when it came, released by another person; and what it all adds up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import LedgerAccount
from crm.funding.subsidy import queries as subsidies
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.programme.awards.models import Award
from crm.programme.claims.queries.recoveries import recoveries_of
from crm.programme.claims.workflow import RecoveryStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.claims.test_claims import letters, lying
from tests.programme.claims.test_money_by_two import waiting_on
from tests.programme.pages import sent, typed


def typed_day(name: str, days: int) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return typed(f"{day.day} {day.month} {day.year}", name=name)


def test_k37_without_an_account_for_repayments_who_asks_and_the_business_are_told_so(
    app: Flask, client: ConformingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = claimed.award()
    claimed.paid(found, 3_000)
    made = claimed.asked_back(claimed.whole(found.id))
    asking, here, words = f"/awards/{found.id}/repayments/ask", f"/repayments/{made.id}", "CRM_REPAID_TO"
    client.sign_in(cast.programme_manager)
    assert words not in client.get(asking).text + client.get(here).text
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], repaid_to=""))
    assert words in client.get(asking).text
    assert words in client.get(here).text
    assert "for the account to pay it to" in client.sign_in(cast.founder).get(here).text


def test_p46_a_repayment_is_asked_for_recorded_and_released_by_another_person(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    assert client_says_nothing_is_left(client, cast, found.id)
    claimed.paid(found, 3_000)
    room = headroom_with_papers(found)
    assert room < subsidies.limit_on(today())
    new = f"/awards/{found.id}/repayments/ask"
    assert new in client.get(f"/awards/{found.id}").text
    given = {"amount": "3000.01", "reason": "The camera was sold"} | typed_day("due_on", 20)
    assert "£3,000.00 at most" in client.post(new, data=given).text
    sent(client, new, given | {"amount": "1200"})
    assert "Repayment requested" in sent(client.sign_in(cast.approver), f"{waiting_on(db)}/confirm")
    (made,) = recoveries_of(found.id)
    here = f"/repayments/{made.id}"
    assert client.get(f"{here}/receive").status_code in {403, 404}
    assert "Pay back £1,200.00 by" in client.sign_in(cast.founder).get(here).text
    assert here in client.get("/desk").text
    client.sign_in(cast.finance_officer)
    assert here in client.get("/desk").text
    came = {"amount": "1,200"}
    early = client.post(f"{here}/receive", data=came | typed_day("received_on", -1)).text
    assert "nothing of this award was paid before that day" in early
    assert "Repayment recorded" in sent(client, f"{here}/receive", came | typed_day("received_on", 0))
    assert "Say why" in client.post(f"{here}/correct", data=typed_day("received_on", 0)).text
    corrected = typed_day("received_on", 0) | {"reason": "The statement says so"}
    assert "Date corrected" in sent(client, f"{here}/correct", corrected)
    assert lying(found)[LedgerAccount.PAID] == Money.pounds(1_800), "paid net"
    assert lying(found)[LedgerAccount.RECOVERED] == Money.pounds(1_200), "not free yet"
    client.sign_in(cast.programme_manager)
    assert "another person releases it" in client.get(here).text
    assert client.post(f"{here}/release", data={"reason": "Mine"}).status_code >= 400
    assert here in client.sign_in(cast.approver).get("/desk").text
    assert "Repayment released" in sent(client, f"{here}/release", {"reason": "To be awarded again"})
    assert LedgerAccount.RECOVERED not in lying(found)
    now_ = subsidies.headrooms_of([found.business_id], on=today())[found.business_id]
    assert now_ == room, "headroom is not restored"
    assert "£1,200.00" in client.get(f"/awards/{found.id}").text
    assert letters(db, "repayment_asked") == letters(db, "repayment_received") == 1


@pytest.mark.engine("sqlite")
def test_a_repayment_that_comes_in_instalments_leaves_what_is_still_to_come(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.asked_back(claimed.award(), 800)
    day = typed_day("received_on", 0)
    here = f"/repayments/{made.id}/receive"
    assert 'value="800"' in client.sign_in(cast.finance_officer).get(here).text
    assert "£800.00 at most" in client.post(here, data={"amount": "800.01"} | day).text
    assert "£300.00 is still to come" in sent(client, here, {"amount": "500"} | day)
    db.expire_all()
    rest, part = sorted(recoveries_of(made.award_id), key=lambda each: each.amount.pence)
    assert (rest.amount, rest.status, part.amount, part.status) == (
        *(Money.pounds(300), "asked", Money.pounds(500), "received"),
    )
    assert lying(claimed.whole(made.award_id))[LedgerAccount.RECOVERED] == Money.pounds(500)
    assert f"/repayments/{rest.id}" in client.get("/desk").text
    told = client.get(f"/awards/{made.award_id}").text
    assert told.count("Repayment of £800.00 requested") == 1, "as it was asked for"
    assert ("£300.00 requested" in told, "£500.00 requested" in told) == (False, False)
    assert "Repayment of £500.00 received" in told
    log = client.sign_in(cast.auditor).get(f"/audit?kind=award_recovery&thing_id={rest.id}").text
    assert "recorded what is still to be paid back" in log
    assert "£300.00" in client.sign_in(cast.founder).get("/desk").text


@pytest.mark.engine("sqlite")
def test_k11_each_page_of_a_repayment_in_instalments_says_what_is_still_to_be_paid_and_leads_there(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.asked_back(claimed.award(), 800)
    client.sign_in(cast.finance_officer)
    came = {"amount": "300.01"} | typed_day("received_on", 0)
    sent(client, f"/repayments/{made.id}/receive", came)
    db.expire_all()
    (rest,) = [each for each in recoveries_of(made.award_id) if each.status is RecoveryStatus.ASKED]
    here, there = f"/repayments/{made.id}", f"/repayments/{rest.id}"
    told = db.scalars(select(Letter).where(Letter.kind == "repayment_received")).one()
    assert (told.context["left"], told.context["path"]) == ("£499.99", there)
    page = client.get(here).text
    assert ("£499.99 is still to come" in page, f'href="{there}"' in page) == (True, True)
    sent(client.sign_in(cast.approver), f"{here}/release", {"reason": "Made: to be awarded again"})
    page = client.get(there).text
    assert ("£800.00 asked back" in page, f'href="{here}"' in page) == (True, True)
    client.sign_in(cast.founder)
    page = client.get(here).text
    assert ("£499.99 is still to be paid back" in page, f'href="{there}"' in page) == (True, True)
    assert ("Nothing. We have received" in page, "08-99-99" in page, page.count("£499.99")) == (
        False,
        True,
        2,
    )
    client.sign_in(cast.finance_officer)
    sent(client, f"{there}/receive", {"amount": "499.99"} | typed_day("received_on", 0))
    assert "Nothing. We have received your repayment" in client.sign_in(cast.founder).get(there).text


def headroom_with_papers(found: Award) -> Money:
    """What the business can still be given, once it has confirmed the subsidy of its award."""
    details = SubsidyDetails("This programme (made)", "a pilot", found.amount, today())
    papers = giving.prepare(found.business, details, depends_on_exporting_goods=False, by=SYSTEM)
    giving.notify(papers, by=SYSTEM)
    giving.confirm(papers, confirmed_by="Made Owner", by=SYSTEM)
    return subsidies.headrooms_of([found.business_id], on=today())[found.business_id]


def client_says_nothing_is_left(client: ConformingClient, cast: Cast, award_id: object) -> bool:
    client.sign_in(cast.programme_manager)
    return "Nothing of this award is left" in client.get(f"/awards/{award_id}/repayments/ask").text


def test_p45_a_repayment_that_is_not_owed_is_cancelled_with_a_reason_and_never_by_who_asked_for_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.asked_back(claimed.award())
    here = f"/repayments/{made.id}"
    page = client.sign_in(cast.founder).get(here).text
    assert all(said in page for said in ("08-99-99", "66374958", "Reference to give")), "to which account"
    made.asked_by_id = cast.programme_manager.known.account_id
    db.flush()
    client.sign_in(cast.programme_manager)
    assert "so another person cancels it" in client.get(here).text
    assert f"{here}/cancel" not in client.get(here).text
    assert client.post(f"{here}/cancel", data={"reason": "The camera was found"}).status_code == 409
    client.sign_in(cast.approver)
    assert f"{here}/cancel" in client.get(here).text
    assert "Say why" in client.post(f"{here}/cancel", data={}).text
    assert "Repayment cancelled" in sent(client, f"{here}/cancel", {"reason": "The camera was found"})
    db.expire_all()
    (again,) = recoveries_of(made.award_id)
    assert again.status is RecoveryStatus.CANCELLED
    client.sign_in(cast.founder)
    assert "The camera was found" in client.get(here).text
    assert letters(db, "repayment_cancelled") == 1
