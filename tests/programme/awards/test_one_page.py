"""One page from the application to the last claim: what to do now, money, milestones and the story; and where it stands elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.audit import service as audit
from crm.db.session import session
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.payments import payments_about
from crm.funding.payments.service import requesting
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.awards.models import Award
from crm.programme.awards.service.sending import facts_of
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.queries import evidence
from crm.programme.claims.service import assessing, claiming
from crm.programme.claims.service import evidence as proving
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.outcomes.service import asking
from tests import claimed, cohorts, factories, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import telephone
from tests.funding.payments.test_pages import confirmed, in_a_run
from tests.programme.applicants import own
from tests.programme.pages import sent
from tests.rules import award_samples

pytestmark = pytest.mark.engine("sqlite")


def section(page: str, title: str) -> str:
    """What a page says below a heading, up to the next one of its level."""
    found = re.search(rf"<h2[^>]*>\s*{re.escape(title)}\s*</h2>(.*?)(<h2|</main>)", page, re.DOTALL)
    assert found, title
    return found[1]


def with_everything() -> Award:
    """A running award of the cast's business with something of every kind to do now, and one claim paid."""
    found = claimed.award(due=5)
    claimed.asked_back(found, 100)
    made = claimed.submitted(claimed.whole(found.id), 500, place=1)
    assessing.return_(made, reason="The second invoice is missing", by=SYSTEM)
    third = claimed.milestone(found, title="Made: a third", due_on=today(), amount=claimed.INSTALMENTS[0])
    asking.plan_with_award(claimed.whole(found.id), by=SYSTEM)
    asking.ask_all()
    session().flush()
    assert third.id
    return claimed.whole(found.id)


def test_issue16_what_to_do_now_is_everything_that_the_desk_has_of_this_grant(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = with_everything()
    client.sign_in(cast.founder)
    page = client.get(f"/awards/{found.id}").text
    now_ = section(page, "What to do now")

    for words in (
        "Give the bank details to which we pay your grant",
        "Correct claim 2, which was returned",
        "Hand in evidence for a milestone",
        "Claim what you spent on a milestone",
        "Pay back part of your grant",
        "Send your figures",
    ):
        assert words in now_
        assert words in client.get("/desk").text
    assert now_.index("bank details") < now_.index("Correct claim"), "what holds up money comes first"
    money = section(page, "Money")
    in_sight = dict(re.findall(r"<dt>(?:<strong>)?([^<]+?)(?:</strong>)?</dt>.*?£([\d,.]+)", money))
    parts = {name: Money.parse(amount) for name, amount in in_sight.items()}
    assert parts.pop("Granted") == Money.pounds(8_000)
    assert parts["Paid"] == Money.pounds(2_000)
    assert sum(parts.values(), Money(0)) == Money.pounds(8_000)


def test_the_story_goes_from_the_application_to_the_last_payment_and_each_line_opens(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = with_everything()
    client.sign_in(cast.founder)
    told = section(client.get(f"/awards/{found.id}").text, "The story so far")

    lines = re.findall(r'<a class="govuk-link" href="([^"]+)">([^<]+)', told)
    words = [each.split(":")[0].strip() for _, each in lines]
    assert words[-1] == "Application submitted"
    for step in (
        "Evidence handed in",
        "Milestone met",
        "Claim 1 submitted",
        "Claim 1 approved",
        "£2,000.00 paid",
    ):
        assert step in words
    for href, _ in lines:
        if not href.endswith("letter.pdf"):
            assert client.get(href).status_code == 200


def test_the_timeline_of_a_business_has_its_offers_changes_claims_and_payments_by_the_day_they_happened(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = with_everything()
    claimed.change(found)
    client.sign_in(cast.founder)
    told = client.get(f"/businesses/{found.business_id}/activity").text

    for step in ("offered", "Offer accepted", "Claim 1 submitted", "Claim 1 approved", "£2,000.00 paid"):
        assert step in told
    assert re.search(r"Change of \w+ requested", told)
    client.sign_in(cast.provider)
    assert client.get(f"/businesses/{found.business_id}/activity").status_code == 404


def test_no14_an_auditor_follows_an_award_under_its_reference_to_its_claims_and_payments(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = with_everything()
    claimed.papers(found)
    factories.entry(found.application, name=("before", "after"))
    client.sign_in(cast.auditor)
    log = client.get(f"/audit?thing={found.application.reference}").text

    for kind in ("claim on an award", "evidence for a milestone", "repayment", "payment", "subsidy"):
        assert kind in log.lower(), kind
    ways = section(client.get(f"/awards/{found.id}").text, "About this award")
    for way in re.findall(r'href="([^"]+)"', ways):
        assert client.get(way.replace("&amp;", "&")).status_code == 200
    for words in ("Application", "Decision", "Subsidy", "Ledger entries", "Payments", "Audit log"):
        assert words in ways


def test_k6_the_log_of_an_award_has_who_paid_it_to_which_account_and_who_put_its_cohort_forward(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    made = claimed.approved(found, 500)
    reference = claimed.whole(found.id).application.reference
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, *payments_about(Subject("award_claim", made.id)))
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    for where in (f"/award-claims/{made.id}", f"/awards/{found.id}"):
        page = client.sign_in(cast.founder).get(where).text
        assert "released to be paid" in page
        assert "sent to the bank" not in page, "K11: nobody has downloaded its file yet"
    whole = claimed.whole(found.id)
    about, cohort = whole.application, whole.decision.cohort
    for each in (about, cohorts.draft(cohort, about, proposed_at=now())):
        factories.entry(each, name=("before", "after"))
    client.sign_in(cast.auditor)
    log = client.get(f"/audit?thing={reference}").text.lower().partition('<ol class="app-rows">')[2]
    for said in ("payment run", "released", "bank details", "draft cohort"):
        assert said in log, said


def test_k14_the_log_of_one_award_leaves_out_what_was_done_about_others_of_its_draft(
    client: ConformingClient, cast: Cast
) -> None:
    whole = claimed.whole(claimed.award().id)
    about, cohort = whole.application, whole.decision.cohort
    chosen = cohorts.draft(cohort, about, proposed_at=now())
    factories.entry(about, name=("before", "after"))
    other = "S-XTHERX"
    for told in (
        {"application": (None, about.reference), "reason": (None, "Made: mine")},
        {"application": (None, other), "reason": (None, "Made: theirs")},
        {"application": (other, None), "reason": (None, "Made: no longer theirs")},
        {"applications": (None, [other, about.reference]), "reason": (None, "Made: both of us")},
        {"reason": (None, "Made: of everybody")},
    ):
        audit.record("choose", chosen, told, by=SYSTEM)
    client.sign_in(cast.auditor)
    said = client.get(f"/audit?thing={about.reference}").text
    for words in ("Made: mine", "Made: both of us", "Made: of everybody"):
        assert words in said
    for words in ("Made: theirs", "Made: no longer theirs"):
        assert words not in said
    by_name = client.get(f"/audit?thing={chosen.name}").text
    assert "Made: theirs" in by_name, "who looks for the draft reads all of it"
    everything = client.get(f"/audit?kind=cohort_draft&thing_id={chosen.id}").text
    assert "Made: no longer theirs" in everything


def decided(**fields: Any) -> Application:
    """An assessed application of the cast's business whose decision was sent."""
    found = cohorts.cohort(cohorts.judged())
    about = rounds.application(own(BUSINESS), found.round, status=ApplicationStatus.ASSESSED)
    cohorts.decision(found, about, status=DecisionStatus.NOTIFIED, notified_at=now(), **fields)
    return about


def in_state(status: AwardStatus) -> Application:
    made = award_samples.award(BUSINESS, status=status)
    made.application._status, made.application.assessed_at = ApplicationStatus.ASSESSED, now()
    made.application.submitted_at = made.application.submitted_at or now()
    return made.application


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: decided(outcome=Outcome.RESERVE, place=1), "On the waiting list, place 1"),
        (lambda: decided(outcome=Outcome.UNSUCCESSFUL, amount=None), "Not selected"),
        (lambda: in_state(AwardStatus.OFFERED), "Offered"),
        (lambda: in_state(AwardStatus.ACCEPTED), "Awarded"),
        (lambda: in_state(AwardStatus.DECLINED), "Declined"),
        (lambda: in_state(AwardStatus.LAPSED), "Not answered in time"),
        (lambda: in_state(AwardStatus.COMPLETED), "Completed"),
    ],
    ids=["waiting", "refused", "offered", "awarded", "declined", "lapsed", "completed"],
)
def test_k11_an_application_is_said_to_stand_as_it_was_decided_on_its_page_the_desk_and_the_list(
    client: ConformingClient, cast: Cast, db: Session, make: Any, words: str
) -> None:
    about = make()
    db.flush()
    db.expire_all()
    here = f"/applications/{about.id}"
    client.sign_in(cast.founder)
    page = client.get(here).text
    desk = client.get("/desk").text

    assert f">{words}</strong>" in page
    assert f">{words}</strong>" in desk
    assert ">Assessed</strong>" not in page + desk
    can_withdraw = "Withdraw the application" in page
    assert can_withdraw == (words.startswith("On the waiting")), (
        "only what is still to be decided is withdrawn"
    )
    assert ("Go to your grant" in page) == ("/awards/" in desk)
    client.sign_in(cast.programme_manager)
    assert f">{words}</strong>" in client.get("/applications").text


def test_a_claim_whose_payment_was_cancelled_is_not_said_to_be_paid_soon(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.approved(claimed.award(), 1_000)
    (payment,) = payments_about(Subject("award_claim", made.id))
    requesting.cancel(payment, reason="The account was closed", by=SYSTEM)
    client.sign_in(cast.founder)

    for path in (f"/awards/{made.award_id}", f"/awards/{made.award_id}/claims", f"/award-claims/{made.id}"):
        page = client.get(path).text.lower()
        assert "payment cancelled" in page
        assert "approved, to be paid" not in page
    assert "Approved, not paid yet" in client.get(f"/awards/{made.award_id}").text


def test_a_declined_offer_says_you_declined_it_and_not_that_we_withdrew_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = award_samples.award(BUSINESS, status=AwardStatus.OFFERED)
    db.commit()
    client.sign_in(cast.founder)
    client.post(
        f"/awards/{found.id}/decline", data={"reason": "We found a buyer", "version": str(found.version)}
    )
    page = client.get(f"/awards/{found.id}").text

    assert "You declined the offer on" in page
    assert "Accept by the end of" not in page
    assert "The award was withdrawn" not in client.get(f"/applications/{found.application_id}").text


def test_k15_the_letters_ask_for_bank_details_and_say_that_a_claim_is_checked_already(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    made = claiming.begin(claimed.of(found), by=SYSTEM)
    added = claiming.add_cost(claimed.again(made), claimed.cost(1_000), by=SYSTEM)
    factories.document("award_cost", added.id)
    handed_in = claimed.handed_in(found)
    claiming.submit(claimed.again(made), declared_by="Made Owner", by=SYSTEM)
    again = evidence.evidence(handed_in.id)
    assert again is not None
    proving.accept(again, by=SYSTEM)
    assessing.approve(claimed.again(made), by=SYSTEM)
    db.flush()
    told = {each.kind: each.context for each in db.scalars(select(Letter))}

    assert told["milestone_met"]["path"] == f"/award-claims/{made.id}"
    assert told["milestone_met"]["is_checked"]
    asked = f"/businesses/{found.business_id}/bank-details/new"
    assert told["grant_claim_approved"]["account"] == asked
    assert asked in as_sent("award_accepted", {**facts_of(found), "account": asked, "to_name": "Made"}).text
    client.sign_in(cast.founder)
    assert "we have no bank details" in client.get(f"/award-claims/{made.id}").text


def test_the_limit_and_what_is_left_of_it_stand_beside_what_is_confirmed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = award_samples.award(BUSINESS, status=AwardStatus.OFFERED)
    claimed.papers(found)
    db.flush()
    db.expire_all()
    client.sign_in(cast.founder)
    page = client.get(f"/awards/{found.id}/accept").text

    assert re.search(
        r"The limit.*£315,000\.00.*with this grant.*£5,000\.00.*£310,000\.00.*I confirm", page, re.DOTALL
    )


def test_k15_the_one_page_asks_for_bank_details_whenever_no_account_can_be_paid(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    db.commit()
    here, enter = f"/awards/{found.id}", f"/businesses/{BUSINESS}/bank-details/new"
    client.sign_in(cast.founder)
    assert enter in section(client.get(here).text, "What to do now")
    claimed.approved(claimed.whole(found.id), 500)
    db.execute(update(Payment).values(_status=PaymentStatus.FAILED))
    db.commit()
    now_ = section(client.get(here).text, "What to do now")
    assert enter in now_, "also where the desk names the payment that was rejected instead"
    assert "Nothing now" not in now_
