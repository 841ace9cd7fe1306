"""An approved claim whose payment was cancelled: a finance officer has it paid again, once, or returns it to the business."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.rules import LedgerAccount, Movement, Subject
from crm.funding.payments.models import Payment, RunLine
from crm.funding.payments.queries.answers import to_resolve
from crm.funding.payments.queries.payments import payments_about, settlement_waiting
from crm.funding.payments.service import requesting
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import telephone
from tests.funding.payments.test_pages import confirmed, in_a_run, uploaded
from tests.programme.claims.test_claims import letters, lying
from tests.programme.claims.test_money_by_two import waiting_on
from tests.programme.pages import sent, typed


def payments_of(found: AwardClaim, db: Session) -> list[PaymentStatus]:
    db.expire_all()
    return sorted(each.status for each in payments_about(Subject("award_claim", found.id)))


def test_p45_a_claim_whose_payment_was_cancelled_is_paid_again_once(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.unpaid()
    here = f"/award-claims/{found.id}"
    client.sign_in(cast.founder)
    assert "The account was closed" in client.get(here).text
    assert client.post(f"{here}/pay-again").status_code in {403, 404}
    client.sign_in(cast.programme_manager)
    page = " ".join(client.get(here).text.split())
    assert "A finance officer has it paid again" in page
    assert "It is on the desk of the finance officers since" in page, "who has it, and since when"
    client.sign_in(cast.finance_officer)
    assert here in client.get("/desk").text
    assert "Have it paid again" in client.get(here).text
    assert "Payment requested again" in sent(client, f"{here}/pay-again")
    assert payments_of(found, db) == [PaymentStatus.CANCELLED, PaymentStatus.DUE]
    assert "Only a claim whose payment was cancelled" in client.post(f"{here}/pay-again").text, "never twice"
    assert here not in client.get("/desk").text
    assert lying(found.award)[LedgerAccount.CLAIMED] == Money.pounds(1_000)
    again = next(each for each in payments_about(Subject("award_claim", found.id)) if each.status == "due")
    assert again.approved_by_id == found.decided_by_id, "still approved by the person who approved the claim"
    cancelled = next(each for each in payments_about(Subject("award_claim", found.id)) if each.id != again.id)
    page, old = client.get(f"/payments/{again.id}").text, client.get(f"/payments/{cancelled.id}").text
    assert f"{cast.finance_officer.known.name} asked for it again" in page
    assert "approved it" not in page, "asking again is not approving"
    assert (f"/payments/{cancelled.id}" in page, f"/payments/{again.id}" in old) == (True, True)


def test_a_cause_has_one_payment_that_counts(db: Session, cast: Cast) -> None:
    found = claimed.unpaid()
    (cancelled,) = payments_about(Subject("award_claim", found.id))
    requesting.request_again(cancelled, by=SYSTEM)
    names = [each.key for each in Payment.__table__.columns if each.key not in {"id", "status", "version"}]
    fields = {name: getattr(cancelled, name) for name in names} | {"cancel_reason": ""}
    db.add(Payment(**fields))
    with pytest.raises(IntegrityError, match=r"uq_payment_cause|payment\.cause_table"):
        db.flush()


def test_p44_a_claim_that_is_returned_instead_is_reversed_in_the_ledger_and_can_be_claimed_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.unpaid()
    here = f"/award-claims/{found.id}"
    client.sign_in(cast.approver)
    said = client.post(f"/award-closings/{claimed.closing(found.award).id}/confirm").text
    assert "The payment of claim 1 was cancelled" in said, "an award does not end with money that nobody pays"
    client.sign_in(cast.finance_officer)
    assert "Say what is missing" in client.post(f"{here}/return-unpaid", data={}).text
    sent(client, f"{here}/return-unpaid", {"reason": "Enter another account first"})
    assert "Claim returned" in sent(client.sign_in(cast.approver), f"{waiting_on(db)}/confirm")
    db.expire_all()
    again = claimed.again(found)
    assert again.status is ClaimStatus.RETURNED
    assert again.approved is None
    assert lying(found.award) == {LedgerAccount.COMMITTED: Money.pounds(8_000)}
    entries = db.query(LedgerEntry).filter_by(subject_id=found.award.decision_id).all()
    (back,) = [each for each in entries if each.movement is Movement.REVERSE]
    claim = next(each for each in entries if each.id == back.reverses_id)
    assert (back.amount, back.source, back.target) == (claim.amount, claim.target, claim.source)
    assert letters(db, "grant_claim_returned") == 1
    client.sign_in(cast.founder)
    assert "Enter another account first" in client.get(here).text
    claimed.claiming.submit(again, declared_by="Made Owner", by=SYSTEM)
    claimed.assessing.approve(claimed.again(again), by=SYSTEM)
    assert payments_of(found, db) == [PaymentStatus.CANCELLED, PaymentStatus.DUE]
    assert lying(found.award)[LedgerAccount.CLAIMED] == Money.pounds(1_000)


def test_k8_k33_a_payment_that_the_bank_returned_is_taken_back_by_two_people_in_the_payment_the_claim_and_the_ledger(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.approved(claimed.award(), 1_000)
    (payment,) = payments_about(Subject("award_claim", found.id))
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, payment)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    client.sign_in(cast.finance_officer)
    here, returned = f"/payments/{payment.id}", f"/payments/{payment.id}/returned"
    assert client.get(returned).status_code == 409, "not before it was paid"
    answer = uploaded(client, f"{run_line(db)},1000.00,PAID,")
    sent(client, f"{answer}/record", {})
    page = client.get(here).text
    for link in (
        f"/award-claims/{found.id}",
        f"/awards/{found.award_id}",
        f"/businesses/{BUSINESS}/bank-details",
        returned,
    ):
        assert f'href="{link}"' in page, "what a checker compares it with"
    given = {"about": "ours", "words": "On the statement"}
    assert "Say how you know" in client.post(returned, data={**given, "words": " "}).text
    assert "To confirm: the bank returned it" in sent(client, returned, given)
    settled = settlement_waiting(payment.id)
    assert settled is not None
    confirm = f"/payment-settlements/{settled.id}/confirm"
    assert client.post(confirm).status_code == 403, "not by the person who said it"
    assert lying(found.award)[LedgerAccount.PAID] == Money.pounds(1_000), "nothing yet"
    client.sign_in(cast.approver)
    assert here in client.get("/desk").text
    assert "Not paid by the bank" in sent(client, confirm)
    assert lying(found.award)[LedgerAccount.CLAIMED] == Money.pounds(1_000)
    assert payments_of(found, db) == [PaymentStatus.FAILED]
    assert claimed.again(found).status is ClaimStatus.APPROVED
    assert letters(db, "payment_returned") == 1
    client.sign_in(cast.finance_officer)
    looked_into(client, db, here)
    assert "Payment is due again" in sent(client, f"{here}/retry")


@pytest.mark.engine("sqlite")
def test_k10_k13_an_account_to_which_the_bank_did_not_pay_is_not_said_to_be_good_and_another_is_asked_for(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.approved(claimed.award(), 1_000)
    (payment,) = payments_about(Subject("award_claim", found.id))
    assert found.award.application.reference in payment.reason, "a business can have two grants"
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, payment)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    client.sign_in(cast.finance_officer)
    sent(client, f"{uploaded(client, f'{run_line(db)},1000.00,REJECTED,No such account')}/record", {})
    award, details = f"/awards/{found.award_id}", f"/businesses/{BUSINESS}/bank-details"
    for asked in ("Enter other bank details", "Give the bank details"):
        page = client.sign_in(cast.founder).get(details).text
        assert ("Rejected by the bank" in page, "No such account" in page) == (True, True)
        assert asked in client.get(award).text, "what to do now"
        if asked.startswith("Enter"):
            sent(
                client.sign_in(cast.finance_officer), f"/payments/{payment.id}/cancel", {"reason": "Made: no"}
            )
    confirmed(client, cast, account_number="87654321")
    page = client.sign_in(cast.founder).get(details).text
    assert ("Rejected by the bank" in page, "Give the bank details" in client.get(award).text) == (
        False,
        False,
    )
    assert "The bank rejected a payment to it: No such account" in page, (
        "K6: the account replaced since says why"
    )


def looked_into(client: ConformingClient, db: Session, here: str) -> None:
    """K6: that a payment was paid after it came back is no repeat. It holds the payment until a person has looked."""
    late = uploaded(client, f"{run_line(db)},1000.00,PAID,late")
    assert "Comes after the payment was settled" in client.get(late).text
    sent(client, f"{late}/record", {})
    assert client.post(f"{here}/retry").status_code == 409
    (line,) = to_resolve()
    sent(client, f"/bank-lines/{line.id}/resolve", {"words": "The bank sent the same line twice"})


@pytest.mark.engine("sqlite")
def test_p40_money_that_came_back_gave_no_subsidy_and_a_wrong_day_is_corrected_by_two_people(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    award = claimed.award()
    papers = claimed.papers(award)
    found = claimed.approved(claimed.whole(award.id), 1_000)
    (payment,) = payments_about(Subject("award_claim", found.id))
    telephone()
    confirmed(client, cast)
    here, subsidy = f"/payments/{payment.id}", f"/subsidies/{papers.id}"
    paid(client, cast, db, payment)
    assert "Given, confirmation issued" in client.get(subsidy).text
    two_say(client, cast, payment, f"{here}/returned", {"about": "ours", "words": "Closed"})
    page = client.get(subsidy).text
    assert ("To give" in page, "gave you minimal financial assistance" in page) == (True, False)
    assert letters(db, "subsidy_confirmation_withdrawn") == 1

    sent(client.sign_in(cast.finance_officer), f"{here}/retry")
    clock.move_to(datetime(2026, 12, 3, 12, tzinfo=UTC))
    paid(client, cast, db, payment, pay_on="3 12 2026")
    assert "on 3 December 2026" in client.get(subsidy).text
    assert letters(db, "subsidy_confirmation") == 2
    clock.move_to(datetime(2026, 12, 7, 12, tzinfo=UTC))
    client.sign_in(cast.finance_officer)
    for day, says in (
        ("2 12 2026", "was to pay it on 3 December"),
        ("3 12 2026", "the day that is recorded"),
    ):
        wrong = client.post(f"{here}/paid-day", data={"words": "Statement", **typed(day, name="paid_on")})
        assert (wrong.status_code, says in wrong.text) == (422, True), day
    right = {"words": "The statement", **typed("4 12 2026", name="paid_on")}
    two_say(client, cast, payment, f"{here}/paid-day", right)
    for where in (here, subsidy, f"/award-claims/{found.id}"):
        assert "4 December 2026" in client.get(where).text, where
    assert letters(db, "subsidy_day_corrected") == 1
    assert untold(client.sign_in(cast.approver).get(f"/awards/{found.award_id}").text) == []
    no_file_of_the_bank(client.sign_in(cast.founder).get(f"/awards/{found.award_id}").text)
    assert lying(found.award)[LedgerAccount.PAID] == Money.pounds(1_000)
    days = [each.happened_on for each in db.scalars(select(LedgerEntry).order_by(LedgerEntry.id))]
    assert [each.day for each in days if each] == [24, 24, 3, 3, 4], "each reversal has its day"


def no_file_of_the_bank(story: str) -> None:
    """K11: a business reads what came of a payment, and not the lines of the bank's files."""
    assert ("The bank answered" in story, "The bank returned the payment of claim 1" in story) == (
        False,
        True,
    )


def untold(story: str) -> list[str]:
    """What the story of a grant should say of the call, the run and the bank's answer, and does not."""
    steps = (
        "details confirmed in our call",
        "Payment of £1,000.00 released",
        "The bank answered: £1,000.00 paid",
    )
    return [each for each in steps if each not in story]


def paid(client: ConformingClient, cast: Cast, db: Session, payment: Payment, pay_on: str = "") -> None:
    """A payment in a run that is released and answered: paid today."""
    run = in_a_run(client, cast, payment, **({"pay_on": pay_on} if pay_on else {}))
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    key = db.scalars(select(RunLine.end_to_end_id).where(RunLine.is_open)).one()
    answer = uploaded(client.sign_in(cast.finance_officer), f"{key},1000.00,PAID,")
    sent(client, f"{answer}/record", {})


def two_say(
    client: ConformingClient, cast: Cast, payment: Payment, where: str, given: dict[str, Any]
) -> None:
    """What a finance officer says of a payment, and an approver confirms."""
    sent(client.sign_in(cast.finance_officer), where, given)
    waiting = settlement_waiting(payment.id)
    assert waiting is not None
    sent(client.sign_in(cast.approver), f"/payment-settlements/{waiting.id}/confirm", {})


def run_line(db: Session) -> str:
    """The id under which the bank knows the one payment that was sent to it."""
    return db.scalars(select(RunLine.end_to_end_id)).one()


def test_k8_claims_payments_and_repayments_are_reconciled_with_the_ledger_to_the_penny(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.received(claimed.award())
    decision = claimed.whole(made.award_id).decision_id
    page = " ".join(client.sign_in(cast.auditor).get("/reconciliation").text.split())
    for ours, ledger in (
        ("£2,000.00 approved", "£2,000.00 claimed in the ledger"),
        ("£2,000.00 paid", "£2,000.00 paid in the ledger"),
        ("£800.00 paid back", "£800.00 recovered in the ledger"),
    ):
        assert f"{ours}, {ledger}</a>. The difference is £0.00" in page
    for kind, sum_ in {
        "approved-claims": "£2,000.00",
        "payments": "£2,000.00",
        "repayments": "£800.00",
    }.items():
        assert f"/reconciliation?of={kind}" in page
        opened = client.get(f"/reconciliation?of={kind}").text
        assert opened.count(f'">{sum_}</td>') == 2, "a sum opens the awards that it adds up, and no other"
    assert client.get("/reconciliation?of=everything").status_code == 422
    assert "not agree" not in page
    assert "ledger?account=recovered&amp;line=" in page, "each sum opens its entries"
    (payment,) = payments_about(Subject("decision", decision))
    returned = client.sign_in(cast.finance_officer).get(f"/payments/{payment.id}/returned")
    assert (returned.status_code, "paid a part of this back" in returned.text) == (409, True)
    client.sign_in(cast.auditor)
    db.execute(update(AwardClaim).values(approved=Money(1_999_99)))
    db.execute(update(Payment.__table__).values(status="due", paid_at=None))
    db.expire_all()
    page = " ".join(client.get("/reconciliation").text.split())
    assert page.count("not agree with the ledger") == 2, (
        "a claim of a penny less, and a payment that is not paid any more"
    )
    assert (page.count(f"/decisions/{decision}"), "£0.01" in page, "-£2,000.00" in page) == (2, True, True)
