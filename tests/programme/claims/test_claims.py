"""Claims through the page: begun and submitted by a founder, decided by a programme manager, paid by the bank's answer."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.queries import live_grant_at
from crm.db.following import follow
from crm.db.session import session
from crm.documents.queries import documents_about
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.payments import payments_about
from crm.funding.payments.workflow import Act as PaymentAct
from crm.funding.payments.workflow import PaymentStatus
from crm.funding.subsidy import queries as subsidies
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Standing
from crm.notices.models import Letter
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardClaim, MilestoneEvidence
from crm.programme.claims.queries.claims import files_of
from crm.programme.claims.queries.evidence import draft_for, evidence
from crm.programme.claims.service import assessing, claiming, following
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent, typed


def typed_cost(claimed_: str, own: str, paid_on: date | None = None, **other: str) -> dict[str, Any]:
    day = paid_on or today() - timedelta(days=3)
    boxes = typed(f"{day.day} {day.month} {day.year}", name="paid_on")
    given = {"supplier": "Made Studios", "what": "Made: editing", "claimed": claimed_, "own": own}
    return given | boxes | other


def file(name: str = "invoice.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(claimed.PDF), name


def hand_in_evidence(client: ConformingClient, claim: str, evidence: str) -> None:
    """A claim asks for evidence until what was begun is handed in."""
    said = "Hand in evidence that this milestone is met"
    assert said in client.get(claim).text
    sent(client, evidence, {"words": "We have ten buyers", "file": file("orders.pdf")})
    assert said in client.get(claim).text, "a draft shows nothing"
    there = client.get(evidence).location
    sent(client, f"{there}/hand-in", version_of(UUID(there.rsplit("/", 1)[-1])))


def version_of(evidence_id: UUID) -> dict[str, str]:
    found = evidence(evidence_id)
    assert found is not None
    session().refresh(found)
    return {"version": str(found.version)}


def letters(db: Session, kind: str) -> int:
    return len(db.scalars(select(Letter).where(Letter.kind == kind)).all())


def lying(found: Award) -> dict[LedgerAccount, Money]:
    assert found.envelope_id is not None
    held = balances_of(Subject("decision", found.decision_id), envelope_id=found.envelope_id, line=found.line)
    return {
        each: held[each]
        for each in LedgerAccount
        if held[each] and each not in (LedgerAccount.FUND, LedgerAccount.FREE)
    }


def newest(db: Session) -> AwardClaim:
    return claimed.again(db.scalars(select(AwardClaim).order_by(AwardClaim.number.desc())).first())  # type: ignore[arg-type]


def test_p43_a_founder_claims_and_each_refusal_is_said_at_its_field(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    first = found.milestones[0]
    client.sign_in(cast.founder)
    page = client.get(f"/awards/{found.id}/claims").text
    assert "Left to claim" in page
    assert "£8,000.00" in page
    begin = f"/awards/{found.id}/milestones/{first.id}/begin"
    assert "Add at least one cost" in sent(client, begin)
    made = newest(db)
    assert claiming.begin(claimed.of(found), by=cast.founder.actor).id == made.id, "begun once"
    here = f"/award-claims/{made.id}"
    for fields, says in (
        (typed_cost("0", "10"), "must be more than £0"),
        (typed_cost("-5", "10"), "cannot be less than zero"),
        (typed_cost("9" * 20, "10"), "too large"),
        (typed_cost("5000.01", "9999"), "£5,000.00 at most"),
        (typed_cost("10", "10", found.starts_on - timedelta(days=1)), "when the award starts"),
        (typed_cost("10", "10") | {"paid_on-year": "0206"}, "when the award starts"),
        (typed_cost("10", "10", today() + timedelta(days=1)), "must be today or earlier"),
    ):
        answer = client.post(f"{here}/costs/add", data=fields)
        assert answer.status_code == 422
        assert says in answer.text
        assert "Made Studios" in answer.text, "what was typed stays"


def test_p43_a_claim_is_submitted_once_it_has_evidence_invoices_and_match(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    first = found.milestones[0]
    made = claiming.begin(claimed.of(found), by=cast.founder.actor)
    here = f"/award-claims/{made.id}"
    client.sign_in(cast.founder)
    added = sent(client, f"{here}/costs/add", typed_cost("3000", "1999.99"))
    assert "Attach invoices from Made Studios" in added
    hand_in_evidence(client, here, f"/awards/{found.id}/milestones/{first.id}/evidence")
    assert "Attach an invoice or proof of payment to each cost" in client.get(here).text
    cost = newest(db).costs[0]
    one = f"{here}/costs/{cost.id}"
    assert "invoice.pdf" in sent(client, f"{one}/attach", {"file": file()})
    assert "You promised 40%, which is £2,000.00" in client.get(here).text
    assert client.get(f"{here}/submit").status_code == 409
    sent(client, one, typed_cost("3000", "2000", version=str(cost.version)))
    check = client.get(f"{here}/submit").text
    assert "By signing I declare" in check
    wrong = client.post(
        f"{here}/submit", data={"declared_by": "Nobody", "seen": claiming.mark_of_claim(newest(db))}
    )
    assert wrong.status_code == 422
    signed = {"declared_by": cast.founder.account.name, "seen": claiming.mark_of_claim(newest(db))}
    reworded = {"supplier": "Other Studios", "version": str(newest(db).costs[0].version)}
    sent(client, one, typed_cost("3000", "2000", **reworded))
    unread = client.post(f"{here}/submit", data=signed)
    assert (unread.status_code, newest(db).status) == (409, ClaimStatus.DRAFT), (
        "nobody signs what they never saw"
    )
    signed["seen"] = claiming.mark_of_claim(newest(db))
    assert "Claim submitted" in sent(client, f"{here}/submit", signed)
    assert newest(db).status is ClaimStatus.SUBMITTED
    assert letters(db, "grant_claim_submitted") == 1
    assert client.get(one).status_code == 409, "what was submitted is not changed"
    client.sign_in(cast.other_founder)
    assert client.get(here).status_code == 404


def test_k11_a_claim_without_costs_says_which_share_the_business_promised_to_pay(
    client: ConformingClient, cast: Cast
) -> None:
    made = claiming.begin(claimed.of(claimed.award()), by=cast.founder.actor)
    page = " ".join(client.sign_in(cast.founder).get(f"/award-claims/{made.id}").text.split())
    assert "£0.00. It must be 40% of the whole. Add the costs first" in page


def test_a_manager_returns_a_claim_and_the_founder_corrects_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    made = claimed.submitted(found, 1_000, 500)
    here = f"/award-claims/{made.id}"
    client.sign_in(cast.programme_manager)
    assert here in client.get("/desk").text
    page = client.get(here).text
    assert "£1,000.00 claimed, £1,000.00 paid by the business" in page.partition("As it was submitted")[2]
    refused = client.post(f"{here}/return", data={"reason": "x", "version": str(made.version)}).text
    assert "what you entered is too short" in refused, "K28: a letter is not nothing"
    back = {"reason": "The second invoice is missing", "version": str(made.version)}
    assert "Claim returned" in sent(client, f"{here}/return", back)
    client.sign_in(cast.founder)
    assert "The second invoice is missing" in client.get(here).text
    assert "We can read what you submitted before, but not what you change now" in client.get(here).text
    assert "History" not in client.get(here).text, "a founder reads no names of staff"
    assert "Correct claim 1, which was returned" in client.get("/desk").text
    made = newest(db)
    signed = {"declared_by": cast.founder.account.name, "seen": claiming.mark_of_claim(made)}
    sent(client, f"{here}/submit", signed)
    assert [each.outcome for each in newest(db).versions] == [ClaimStatus.RETURNED, None]
    story = client.get(f"/awards/{made.award_id}").text.partition("The story so far")[2]
    told = [story.count(f"Claim 1 {each}") for each in ("submitted", "returned to be corrected")]
    assert told == [2, 1], "what was handed in and returned stays in the story"


def test_p44_a_manager_approves_a_part_and_the_ledger_says_the_same(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    made = claimed.submitted(found, 1_000, 500)
    here = f"/award-claims/{made.id}"
    client.sign_in(cast.programme_manager)
    boxes = {f"approved_{each.id.hex}": str(each.claimed) for each in made.costs}
    boxes["version"] = str(made.version)
    cut = next(each for each in made.costs if each.claimed == Money.pounds(500))
    boxes[f"approved_{cut.id.hex}"] = "500.01"
    assert "Approve between £0 and £500.00" in client.post(f"{here}/approve", data=boxes).text
    boxes[f"approved_{cut.id.hex}"] = "200"
    assert "Say why you do not approve all of cost" in client.post(f"{here}/approve", data=boxes).text
    boxes[f"reason_{cut.id.hex}"] = "Lunch is not part of the project"
    assert "Claim approved" in sent(client, f"{here}/approve", boxes)
    made = newest(db)
    assert made.approved == Money.pounds(1_200)
    assert lying(found) == {
        LedgerAccount.COMMITTED: Money.pounds(6_800),
        LedgerAccount.CLAIMED: Money.pounds(1_200),
    }
    (payment,) = payments_about(Subject("award_claim", made.id))
    assert payment.amount == Money.pounds(1_200)
    assert "£1,200.00" in client.get("/award-claims?status=approved").text
    assert "1200" in client.get("/award-claims.csv").text.replace(",", "").replace(".00", "")
    assert "£6,800.00" in client.get(f"/awards/{found.id}/claims").text, (
        "P44: what is left is what the ledger has"
    )
    letter = db.scalars(select(Letter).where(Letter.kind == "grant_claim_approved")).one()
    assert "Lunch is not part of the project" in str(letter.context)


def test_p45_nobody_decides_or_pays_what_is_their_own_by_account_or_by_address(
    cast: Cast, db: Session
) -> None:
    found = claimed.award()
    made = claimed.submitted(found, 1_000)
    manager = cast.programme_manager.account
    twin = cast.founder.account
    made.submitted_by_id = twin.id
    db.flush()
    twin.email = manager.email.replace("@", "+claims@")
    db.flush()
    with pytest.raises(Conflict, match="shares your email address, so another person decides it"):
        assessing.approve(claimed.again(made), by=cast.programme_manager.actor)
    twin.email = "apart@cast.example"
    db.flush()
    assessing.approve(claimed.again(made), by=cast.programme_manager.actor)
    with pytest.raises(Conflict, match="You approved this claim"):
        assessing.mark_paid(claimed.again(made), by=cast.programme_manager.actor)


def test_a_claim_is_rejected_with_a_reason_and_its_money_can_be_claimed_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    made = claimed.submitted(found, 5_000)
    client.sign_in(cast.programme_manager)
    reason = {"reason": "Paid before", "version": str(made.version)}
    assert "Claim rejected" in sent(client, f"/award-claims/{made.id}/reject", reason)
    client.sign_in(cast.founder)
    sent(client, f"/awards/{found.id}/milestones/{found.milestones[0].id}/begin")
    second = newest(db)
    assert second.number == 2
    sent(client, f"/award-claims/{second.id}/costs/add", typed_cost("5000", "5000"))
    cost = newest(db).costs[0]
    here = f"/award-claims/{second.id}/costs/{cost.id}"
    assert "invoice.pdf" in sent(client, f"{here}/attach", {"file": file()})
    kept = files_of(newest(db))[cost.id][0]
    assert client.get(f"{here}/files/{kept.id}").data == claimed.PDF
    assert "removed" in sent(client, f"{here}/files/{kept.id}/remove")
    stale = {"version": str(cost.version + 1)}
    assert client.post(f"{here}/remove", data=stale).status_code == 409, "changed in another tab"
    assert "No costs yet" in sent(client, f"{here}/remove", {"version": str(cost.version)})
    assert "You cannot get a discarded claim back" in client.get(f"/award-claims/{second.id}").text
    held = live_grant_at(cast.founder.id, found.business.id)
    held.standing = Standing.CONTRIBUTOR
    db.flush()
    assert "Discard this claim" not in client.get(f"/award-claims/{second.id}").text
    assert client.post(f"/award-claims/{second.id}/discard").status_code == 403, "an owner discards it"
    held.standing = Standing.OWNER
    db.flush()
    listed = sent(client, f"/award-claims/{second.id}/discard")
    assert "Claim discarded" in listed
    assert f'href="/award-claims/{second.id}"' in listed, "it stays listed"
    assert f", by {cast.founder.account.name}" in client.get(f"/award-claims/{second.id}").text
    assert lying(found) == {LedgerAccount.COMMITTED: Money.pounds(8_000)}


def written_checked_and_handed_in(
    client: ConformingClient, cast: Cast, todo: str, milestone_id: UUID
) -> MilestoneEvidence:
    """Several files, of which two are removed again; other words; taken back once, and handed in with the file that is left."""
    several = {"words": "Signed", "file": [file("orders.pdf"), file("wrong.pdf")]}
    assert "orders.pdf" in sent(client, todo, several)
    second = draft_for(milestone_id)
    assert second is not None
    mine = f"/milestone-evidence/{second.id}"
    assert client.get(todo).location.endswith(mine), "what was begun is gone on with"
    assert client.post(f"{mine}/files", data={}).status_code == 422
    assert "2 files added" in sent(client, f"{mine}/files", {"file": [file("photo.pdf"), file("second.pdf")]})
    for kept in documents_about("milestone_evidence", second.id)[1:]:
        assert f"File {kept.name} removed" in sent(client, f"{mine}/files/{kept.id}/remove")
    assert "Signed and sealed" in sent(
        client, f"{mine}/change", {"words": "Signed and sealed", "version": "1"}
    )
    client.sign_in(cast.programme_manager)
    assert mine not in client.get("/desk").text, "nothing is checked before it is handed in"
    assert "wrong.pdf" not in client.get(mine).text, "nor read (decision 0086)"
    client.sign_in(cast.founder)
    assert client.post(f"{mine}/hand-in", data={"version": "1"}).status_code == 409, "the words changed since"
    assert "We will check it" in sent(client, f"{mine}/hand-in", version_of(second.id))
    assert client.get(f"{mine}/files").status_code == 409
    assert client.get(todo).status_code == 409
    sent(client, f"{mine}/take-back")
    sent(client, f"{mine}/hand-in", version_of(second.id))
    history = client.sign_in(cast.programme_manager).get(mine).text
    assert "wrong.pdf" in history, "a removed file leaves its name in the history"
    client.sign_in(cast.founder)
    return second


def test_A48_a_milestone_is_handed_in_sent_back_and_confirmed_and_then_moves_no_more(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award(due=7)
    made = claimed.handed_in(found)
    client.sign_in(cast.programme_manager)
    here = f"/milestone-evidence/{made.id}"
    assert here in client.get("/desk").text
    assert "Evidence sent back" in sent(client, f"{here}/send-back", {"reason": "Show the signed orders"})
    client.sign_in(cast.founder)
    assert "Show the signed orders" in client.get(f"/awards/{found.id}/claims").text
    todo = f"/awards/{found.id}/milestones/{found.milestones[0].id}/evidence"
    assert todo in client.get("/desk").text
    assert client.post(todo, data={"words": "Signed"}).status_code == 422, "a file shows it"
    for bad, says in ((b"", "is empty"), (b"<html><script>alert(1)</script></html>", "PDF")):
        refused = client.post(todo, data={"words": "Signed", "file": (io.BytesIO(bad), "orders.pdf")})
        assert (refused.status_code, says in refused.text) == (422, True), "A48: a clean document"
    assert draft_for(found.milestones[0].id) is None, "nothing of it was kept"
    second = written_checked_and_handed_in(client, cast, todo, found.milestones[0].id)
    (kept,) = documents_about("milestone_evidence", second.id)
    assert client.get(f"/milestone-evidence/{second.id}/files/{kept.id}").data == claimed.PDF
    client.sign_in(cast.programme_manager)
    unsaid = client.post(f"/milestone-evidence/{second.id}/send-back", data={"reason": " "})
    assert unsaid.status_code == 422, "A48: nothing is sent back without a reason"
    assert "confirmed as met" in sent(client, f"/milestone-evidence/{second.id}/accept")
    late = client.post(f"/milestone-evidence/{second.id}/send-back", data={"reason": "Show the contract"})
    assert (late.status_code, "milestone is “Confirmed”" in late.text) == (409, True)
    due = found.milestones[0].due_on
    assert claimed.whole(found.id).milestones[0].met_at is not None
    assert claimed.whole(found.id).milestones[0].due_on == due, "P47: the day never drifts"


def test_p40_a_payment_waits_for_the_papers_and_paying_issues_the_confirmation(
    cast: Cast, db: Session
) -> None:
    found = claimed.award()
    details = SubsidyDetails("This programme (made)", "a pilot", found.amount, today())
    papers = giving.prepare(found.business, details, depends_on_exporting_goods=False, by=SYSTEM)
    found.subsidy_id = papers.id
    db.flush()
    made = claimed.approved(claimed.whole(found.id), 1_000)
    (payment,) = payments_about(Subject("award_claim", made.id))
    assert "was not notified" in (following.why_withheld(made.id) or "")
    giving.notify(papers, by=SYSTEM)
    assert "has not confirmed" in (following.why_withheld(made.id) or "")
    giving.confirm(papers, confirmed_by="Made Owner", by=SYSTEM)
    assert following.why_withheld(made.id) is None
    follow(PaymentAct.PAY, db.get_one(Payment, payment.id), by=cast.finance_officer.actor)
    assert claimed.again(made).status is ClaimStatus.PAID
    issued = subsidies.subsidy(papers.id)
    assert issued is not None
    assert issued.status is SubsidyStatus.ISSUED
    assert letters(db, "grant_claim_paid") == 0, "the letter about the payment is the only one"


def test_a_claim_says_that_its_payment_was_rejected_or_cancelled_and_why(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.approved(claimed.whole(claimed.award().id), 1_000)
    (asked,) = payments_about(Subject("award_claim", made.id))
    payment = db.get_one(Payment, asked.id)
    payment.fail_reason, payment._status = "Account closed", PaymentStatus.FAILED
    follow(PaymentAct.FAIL, payment, by=cast.finance_officer.actor)
    enter = f"/businesses/{payment.business_id}/bank-details/new"
    assert enter in client.sign_in(cast.founder).get("/desk").text, "the founder is asked for another account"
    page = client.sign_in(cast.finance_officer).get(f"/awards/{made.award_id}").text
    assert f"/payments/{payment.id}" in page.partition('id="milestones"')[0], "it is what to do now"
    assert "The bank did not pay claim 1" in page, "it is in the story of the grant"
    sent(client, f"/payments/{payment.id}/cancel", {"reason": "The business closed"})
    assert letters(db, "payment_cancelled") == 1
    history = (
        client.sign_in(cast.programme_manager).get(f"/award-claims/{made.id}").text.partition("History<")[2]
    )
    for says in ("The bank rejected its payment", "Account closed", "Its payment was cancelled"):
        assert says in history
    for who in (cast.programme_manager, cast.founder):
        page = client.sign_in(who).get(f"/award-claims/{made.id}").text
        assert "The business closed" in page
        assert "We will write to you when it is paid" not in page
