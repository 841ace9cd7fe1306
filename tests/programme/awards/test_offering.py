"""From a successful decision to an accepted, declined or lapsed offer, through the page."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.funding.envelopes.models import Envelope
from crm.funding.subsidy.service import recording
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award
from crm.programme.awards.queries import awards as queries
from crm.programme.awards.service import answering
from crm.programme.awards.workflow import AwardStatus
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.queries.decisions import decision
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.rounds.models import Round
from tests import cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.cohort.test_deciding import confirmed, decision_on, people_told
from tests.programme.pages import sent, two_withdraw, typed

WHY = "Made: a larger order came in"
NAME = "Made by hand: read at Companies House today"


def told(client: ConformingClient, cast: Cast, db: Session, *, score: int = 90) -> Decision:
    """The founder's own award of £50,000, told; another application to the round is on the waiting list."""
    found = cohorts.judged()
    panel = [rounds.on_panel(found, most=99).account_id for _ in range(2)]
    theirs = cohorts.assessed(found, panel, score, own())
    cohorts.ranked(found, 80)
    made = confirmed(theirs, reserves=1)
    people_told(made, but=theirs.business_id)
    client.sign_in(cast.programme_manager)
    sent(client, f"/cohorts/{made.id}/decisions/notify-all")
    return decision_on(db, theirs)


def offered_as(**fields: Any) -> dict[str, str]:
    """The form of an offer of £50,000 in two instalments."""
    day = today()
    given = {"purpose": "Made: a pilot in two markets", "match_share": "50"}
    given |= {f"strand_{place}": "ip" for place in range(3, 7)}
    given |= typed(f"{day:%d %m %Y}", name="starts_on")
    given |= typed(f"{day + timedelta(days=300):%d %m %Y}", name="ends_on")
    given |= typed(f"{day + timedelta(days=20):%d %m %Y}", name="offer_expires_on")
    for place, (strand, amount) in enumerate((("sales", "20,000"), ("ip", "30,000.00")), 1):
        given |= {f"strand_{place}": strand, f"title_{place}": f"Made milestone {place}"}
        given |= {f"evidence_{place}": "Made: the orders", f"amount_{place}": amount}
        given |= typed(f"{day + timedelta(days=90 * place):%d %m %Y}", name=f"due_{place}")
    return given | fields


def prepared(client: ConformingClient, one: Decision, db: Session) -> Award:
    sent(client, f"/decisions/{one.id}/offer", offered_as())
    return db.scalars(select(Award).where(Award.decision_id == one.id)).one()


def by_hand(client: ConformingClient, made: Award, status: str = "active") -> None:
    sent(client, f"/awards/{made.id}/company-by-hand", {"status": status, "reason": NAME})


def offered(client: ConformingClient, cast: Cast, db: Session) -> Award:
    """The founder's offer, sent by the approver, as the preview showed it."""
    made = prepared(client, told(client, cast, db), db)
    by_hand(client, made)
    client.sign_in(cast.approver)
    send_as_seen(client, made)
    db.expire_all()
    return made


def send_as_seen(client: ConformingClient, made: Award) -> str:
    page = client.get(f"/awards/{made.id}/send")
    mark = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return sent(client, f"/awards/{made.id}/send", {"seen": mark})


def envelope_of(made: Award) -> Envelope:
    session().expire_all()
    return session().get_one(Envelope, made.envelope_id)


def test_an_offer_is_prepared_checked_and_sent_by_another_person_then_accepted_once_by_signed_name(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    preparing = f"/decisions/{one.id}/offer"
    assert preparing in client.get("/desk").text
    refused = client.post(preparing, data=offered_as(amount_2="30,000.01"))
    assert refused.status_code == 422
    assert "£50,000.01, £0.01 more than the award of £50,000.00" in refused.text
    shares = {"100": "Enter a share from 0% to 99.99%", "101": "Enter a share from 0% to 99.99%"}
    for share, words in (shares | {"-1": "The share that the business pays: enter 0 or more"}).items():
        assert words in client.post(preparing, data=offered_as(match_share=share)).text
    assert "Choose the strand of milestone 1" in client.post(preparing, data=offered_as(strand_1="")).text
    assert client.get(preparing).text.count("Add milestone ") == 5
    refused = client.post(preparing, data=offered_as(depends_on_exporting_goods="y"))
    assert "cannot be given as minimal financial assistance" in refused.text
    made = prepared(client, one, db)
    assert client.get(preparing).status_code == 409
    where = f"/awards/{made.id}"
    assert "You prepared this offer" in client.get(where).text
    assert client.get(f"{where}/send").status_code == 409
    sent(client, f"{where}/check-company")
    by_hand(client, made, "dissolved")
    client.sign_in(cast.founder)
    assert client.get(where).status_code == 404
    client.sign_in(cast.approver)
    assert where in client.get("/desk").text
    assert "The company is dissolved, so no offer can be sent" in client.get(where).text
    assert client.get(f"{where}/send").status_code == 409
    by_hand(client, made)
    letter_says(client.get(f"{where}/preview.pdf").data, made)

    stale = client.post(f"{where}/send", data={"seen": "another"})
    assert stale.status_code == 409
    assert "Grant offer sent" in send_as_seen(client, made)
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "award_offer")).all()
    assert letter.context["path"] == where
    accepted_once(client, cast, made)
    client.sign_in(cast.programme_manager)
    assert "Made milestone 1" in client.get(f"/cohorts/{one.cohort_id}/awards").text


def letter_says(paper: bytes, made: Award) -> None:
    """The grant offer letter is tagged, and has the sum, the last day to accept, the milestones and the terms in it."""
    found = pypdf.PdfReader(io.BytesIO(paper))
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in found.pages).split())
    for words in (
        made.amount.in_full(),
        day_in_words(made.offer_expires_on),
        "Made milestone 1",
        "Made milestone 2",
    ):
        assert words in text


def accepted_once(client: ConformingClient, cast: Cast, made: Award) -> None:
    """The founder reads the offer, signs it with their own name, and signs it once."""
    where = f"/awards/{made.id}"
    client.sign_in(cast.founder)
    assert where in client.get("/desk").text
    page = client.get(where).text
    assert ("Accept the offer" in page, "over the limit of £315,000.00 for this" in page) == (True, True)
    assert client.get(f"{where}/letter.pdf").data.startswith(b"%PDF")
    assert where in client.get(f"/applications/{made.application_id}").text
    accept = f"{where}/accept"
    name = {"name": cast.founder.known.name}
    assert "does not take you over the limit" in client.post(accept, data=name).text
    empty = client.post(accept, data={}).text
    assert "does not take you over the limit" in empty, "all that is missing is said at once"
    assert "Type your full name to sign</a>" in empty
    both = client.post(accept, data={"name": "Not Me"}).text
    assert ('href="#name"' in both, 'href="#is_within_limit"' in both) == (True, True), "both in one round"
    wrong = client.post(accept, data={"name": "Not Me", "is_within_limit": "y"})
    assert "Type your name as it is on your account" in wrong.text
    assert "You accepted the offer" in sent(client, accept, name | {"is_within_limit": "y"})
    assert client.post(accept, data=name | {"is_within_limit": "y"}).status_code == 409
    found = envelope_of(made)
    assert (found.committed, found.reserved) == (Money.pounds(50_000), Money(0))
    assert (made.status, made.accepted_by_id) == (AwardStatus.ACCEPTED, cast.founder.id)


def test_P40_the_papers_of_the_subsidy_follow_the_offer_notified_in_its_letter_confirmed_with_its_signature(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    papers = f"/subsidies/{made.subsidy_id}"
    client.sign_in(cast.founder)
    assert papers not in client.get("/desk").text, "the answer to the offer is the confirmation"
    by_finance = ("notify", "confirm", "give", "issue", "cancel")
    for person in (cast.finance_officer, cast.programme_manager):
        client.sign_in(person)
        page, desk = client.get(papers).text, client.get("/desk").text
        assert "This subsidy moves with its award" in page
        assert f'href="/awards/{made.id}"' in page
        assert papers not in desk, "nothing to do before the offer is answered"
        assert not [each for each in by_finance if f"{papers}/{each}" in page], "no buttons either"
        given = {"confirmed_by": "Made Owner", "reason": "Made"}
        answers = {each: client.post(f"{papers}/{each}", data=given).status_code for each in by_finance}
        assert set(answers.values()) <= {403, 409}, answers
    client.sign_in(cast.founder)
    sent(client, f"/awards/{made.id}/accept", {"name": cast.founder.known.name, "is_within_limit": "y"})
    client.sign_in(cast.finance_officer)
    assert cast.founder.known.name in client.get(papers).text


@pytest.mark.parametrize(("on", "is_refused"), [(date(2027, 3, 31), True), (date(2027, 4, 1), False)])
def test_P38_an_offer_that_passes_the_limit_is_refused_with_the_largest_that_fits_and_fits_a_day_later(
    client: ConformingClient, cast: Cast, db: Session, on: date, *, is_refused: bool
) -> None:
    one = told(client, cast, db)
    earlier = SubsidyDetails("Made giver", "Made", Money.pounds(290_000), date(2024, 5, 10))
    recording.declare(own(), earlier, by=SYSTEM)
    ends = typed(f"{on + timedelta(days=300):%d %m %Y}", name="ends_on")
    days = typed(f"{on:%d %m %Y}", name="starts_on") | ends
    dues = typed(f"{on:%d %m %Y}", name="due_1") | typed(f"{on:%d %m %Y}", name="due_2")
    answer = client.post(f"/decisions/{one.id}/offer", data=offered_as(**days, **dues))
    assert answer.status_code == (422 if is_refused else 303)
    assert ("£25,000.00 is the most that can be given on that day" in answer.text) is is_refused


def test_P34_a_declined_offer_frees_its_money_and_the_next_within_money_and_headroom_is_proposed_with_why(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    owner = db.get_one(Cohort, db.get_one(Decision, made.decision_id).cohort_id)
    second = next(each for each in reserves(db, owner))
    recording.declare(
        own(second.business_id), SubsidyDetails("Made", "Made", Money.pounds(303_000), today()), by=SYSTEM
    )
    third = waiting_too(owner, db)
    name = third.application.business.name
    client.sign_in(cast.founder)
    decline = f"/awards/{made.id}/decline"
    assert client.post(decline, data={"reason": " "}).status_code == 422
    assert "You declined the offer" in sent(client, decline, {"reason": WHY})
    assert client.post(decline, data={"reason": WHY}).status_code == 409
    assert len(db.scalars(select(Letter).where(Letter.kind == "award_declined")).all()) == 1
    desk, about = client.sign_in(cast.programme_manager).get("/desk").text, f"/decisions/{made.decision_id}"
    assert "declined the grant offer" in desk
    assert "went back to the envelope" in desk, "what happened, which stays true once it is awarded again"
    assert about in desk
    assert WHY in client.get(about).text
    assert "Marked as read" in sent(client, f"{about}/read-end")
    assert client.post(f"{about}/read-end").status_code == 409
    assert "declined the grant offer" not in client.get("/desk").text
    page = client.sign_in(cast.founder).get(f"/applications/{made.application_id}").text
    assert f"to award {made.amount}" in page, "what was decided stays"
    assert "The award ended on" in page
    assert f"Declined by the business: {WHY}" in page
    found = envelope_of(made)
    assert (found.committed, found.reserved) == (Money(0), Money(0))
    assert db.get_one(Decision, made.decision_id).status is DecisionStatus.WITHDRAWN
    client.sign_in(cast.approver)
    listed = client.get(f"/cohorts/{owner.id}/waiting-list").text
    assert f"Next: {name}" in listed
    assert "can be given £12,000 of subsidy" in listed
    sent(client, f"/decisions/{third.id}/promote")
    assert client.post(f"/decisions/{third.id}/promote").status_code == 409
    db.expire_all()
    assert third.outcome is Outcome.SUCCESSFUL


def reserves(db: Session, owner: Cohort) -> list[Application]:
    query = select(Application).join(Decision, Decision.application_id == Application.id)
    query = query.where(Decision.cohort_id == owner.id, Decision.outcome == Outcome.RESERVE)
    return list(db.scalars(query.order_by(Decision.place)))


def waiting_too(owner: Cohort, db: Session) -> Decision:
    """One more on the waiting list, behind the other."""
    found = rounds.application(
        factories.business(), db.get_one(Round, owner.round_id), asked_for=Money.pounds(28_000)
    )
    made = cohorts.decision(owner, found, outcome=Outcome.RESERVE, amount=Money.pounds(28_000), place=2)
    again = decision(made.id)
    assert again is not None
    return again


def test_P29_A51_an_offer_past_its_last_day_cannot_be_accepted_it_lapses_the_day_after_and_its_money_is_free(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    client.sign_in(cast.programme_manager)
    again = client.get(f"/decisions/{made.decision_id}/offer")
    assert again.status_code == 409
    assert "An offer has been prepared for this decision already" in again.text
    db.execute(update(Award).values(offer_expires_on=today()))
    db.expire_all()
    answering.remind_or_lapse()
    answering.remind_or_lapse()
    kinds = db.scalars(select(Letter.kind).where(Letter.kind.like("award_%"))).all()
    assert sorted(kinds) == ["award_offer", "award_reminder"]
    db.execute(update(Award).values(offer_expires_on=today() - timedelta(days=1)))
    db.expire_all()
    client.sign_in(cast.founder)
    late = {"name": cast.founder.known.name, "is_within_limit": "y"}
    refused = client.post(f"/awards/{made.id}/accept", data=late)
    assert refused.status_code == 409
    assert "This offer ended on" in refused.text
    answering.remind_or_lapse()
    db.expire_all()
    assert made.status is AwardStatus.LAPSED
    assert envelope_of(made).reserved == Money(0)
    page = client.get(f"/awards/{made.id}").text
    assert "was not accepted by its last day" in page
    assert [each["text"].count(f"//localhost/awards/{made.id}") for each in made.letters] == [1, 1, 1]


def test_P36_an_award_that_is_offered_is_withdrawn_on_its_decision_and_the_letter_names_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    client.sign_in(cast.programme_manager)
    about = client.get(f"/applications/{made.application_id}").text
    assert "Rule it out" not in about
    refused = client.post(f"/applications/{made.application_id}/rule-out", data={"reason": WHY})
    assert (refused.status_code, "Withdraw its award" in refused.text) == (409, True)
    assert f"/decisions/{made.decision_id}/propose-withdrawal" in client.get(f"/awards/{made.id}").text
    two_withdraw(client, cast, made.decision_id, why=WHY)
    found = envelope_of(made)
    assert (made.status, found.reserved) == (AwardStatus.WITHDRAWN, Money(0))
    client.sign_in(cast.founder)
    assert WHY in client.get(f"/awards/{made.id}").text
    assert "The award of £50,000 to" in client.get(f"/applications/{made.application_id}").text


def test_k12_an_application_whose_grant_is_offered_or_accepted_is_not_withdrawn_with_one_button(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    client.sign_in(cast.founder)
    page = f"/applications/{made.application_id}"
    assert f"{page}/withdraw" not in client.get(page).text
    refused = client.get(f"{page}/withdraw")
    assert (refused.status_code, "Decline the offer instead" in refused.text) == (409, True)
    sent(client, f"/awards/{made.id}/accept", {"name": cast.founder.known.name, "is_within_limit": "y"})
    again = client.post(f"{page}/withdraw", data={"reason": ""})
    assert (again.status_code, "You accepted a grant of £50,000.00" in again.text) == (409, True)
    db.expire_all()
    assert made.status is AwardStatus.ACCEPTED


@pytest.mark.engine("sqlite")
def test_a_milestone_without_its_title_is_refused_at_its_box_and_not_left_out(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    nameless = client.post(f"/decisions/{one.id}/offer", data=offered_as(title_2="", amount_2="30,000"))
    assert nameless.status_code == 422
    assert 'href="#title_2">Enter milestone 2, or empty its other boxes' in nameless.text


def test_an_offer_is_changed_before_it_is_sent_and_a_change_in_another_tab_is_told(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = prepared(client, told(client, cast, db), db)
    where, seen = f"/awards/{made.id}/change", str(made.version)
    assert "Made: a pilot in two markets" in client.get(where).text
    changed = offered_as(purpose="Made: a pilot in three markets", amount_1="15,000", amount_2="35,000")
    assert "Offer saved" in sent(client, where, changed | {"version": seen})
    db.expire_all()
    whole = queries.award(made.id)
    assert whole is not None
    assert [each.amount for each in whole.milestones] == [Money.pounds(15_000), Money.pounds(35_000)]
    stale = client.post(where, data=offered_as(purpose="Made: the first tab") | {"version": seen})
    assert stale.status_code == 409
    db.expire_all()
    assert made.purpose == "Made: a pilot in three markets"


def test_K5_an_offer_does_not_outlive_its_fund_as_no_change_of_it_does_and_is_answered_before_it_ends(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    fund = db.get_one(Envelope, db.get_one(Cohort, one.cohort_id).envelope_id)
    where, after = f"/decisions/{one.id}/offer", fund.ends_on + timedelta(days=1)
    assert f"The fund that pays the grant ends on {day_in_words(fund.ends_on)}" in client.get(where).text
    late = client.post(where, data=offered_as(**typed(f"{after:%d %m %Y}", name="ends_on")))
    assert f"The end date must be {day_in_words(fund.ends_on)} or earlier" in late.text
    on = today() + timedelta(days=301)
    answered = client.post(where, data=offered_as(**typed(f"{on:%d %m %Y}", name="offer_expires_on")))
    assert (answered.status_code, "must be on or before the end date" in answered.text) == (422, True)
    last = typed(f"{fund.ends_on:%d %m %Y}", name="ends_on")
    sent(client, where, offered_as(**last))
    made = db.scalars(select(Award).where(Award.decision_id == one.id)).one()
    db.execute(update(Envelope).values(ends_on=fund.ends_on - timedelta(days=1)))
    db.expire_all()
    client.sign_in(cast.approver)
    assert "run longer than the fund that pays it" in client.get(f"/awards/{made.id}").text
    assert client.get(f"/awards/{made.id}/send").status_code == 409
