"""What a business was told in writing is taken back by two people (decision 0108): a lower award, no place on the waiting list."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount, Line, Subject
from crm.funding.subsidy.service import recording
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Cohort, Decision, DecisionChange
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.queries.candidates import candidates
from crm.programme.cohort.service import confirming, telling
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import ChangeKind, ChangeStatus, Outcome
from tests import cohorts
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.awards.test_offering import offered_as, told
from tests.programme.cohort.test_deciding import (
    WHY,
    confirmed,
    decision_on,
    explained,
    people_told,
    two_rounds_of_people,
)
from tests.programme.cohort.test_two_lines import two_lines
from tests.programme.pages import sent

SECOND = "Decide whether an award is lowered"


def proposal_on(db: Session, found: Decision) -> str:
    """The page of the proposal to change a decision that waits."""
    query = select(DecisionChange.id).where(DecisionChange.decision_id == found.id)
    waits = DecisionChange.__table__.c.status == ChangeStatus.PROPOSED
    return f"/decision-changes/{db.scalars(query.where(waits)).one()}"


def waiting(client: ConformingClient, cast: Cast, db: Session) -> tuple[Cohort, Application, Decision]:
    """The founder's own application on the waiting list, and told so."""
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    people_told(found)
    client.sign_in(cast.programme_manager)
    sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    return found, theirs, decision_on(db, theirs)


def test_P38_an_award_that_was_told_is_lowered_by_two_people_to_what_fits_and_the_rest_is_free(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    recording.declare(own(), SubsidyDetails("Made giver", "Made", Money.pounds(290_000), today()), by=SYSTEM)
    lower = f"/decisions/{one.id}/lower"
    assert client.sign_in(cast.auditor).get(lower).status_code == 403
    client.sign_in(cast.approver)
    assert lower in client.get(f"/decisions/{one.id}").text
    seen = " ".join(client.get(lower).text.split())
    assert "The business can be given £25,000.00 of subsidy today with this award." in seen
    for typed, said in (
        ("25,000.01", "£25,000.00 is the most"),
        ("50,000", "Enter less than the award of £50,000.00"),
        ("0", "Enter more than £0, or propose to withdraw the award"),
    ):
        refused = client.post(lower, data={"amount": typed, "reason": WHY})
        assert (refused.status_code, said in refused.text) == (422, True), typed
    assert "Nothing changes until another" in sent(client, lower, {"amount": "25,000", "reason": WHY})
    here = proposal_on(db, one)
    alone = client.post(f"{here}/confirm")
    assert (alone.status_code, "You proposed this" in alone.text) in {(403, False), (409, True)}
    assert SECOND not in client.get("/desk").text
    db.expire_all()
    assert one.amount == Money.pounds(50_000), "nothing changed yet"
    assert client.post(lower, data={"amount": "20,000", "reason": WHY}).status_code == 409, "once"


def test_p38_the_second_person_reads_the_letter_and_confirms_and_whoever_proposed_it_hears_of_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    client.sign_in(cast.approver)
    sent(client, f"/decisions/{one.id}/lower", {"amount": "25,000", "reason": WHY})
    here = proposal_on(db, one)
    client.sign_in(cast.programme_manager)
    assert SECOND in client.get("/desk").text
    page = client.get(here).text
    assert "The award to" in page
    assert "is now £25,000.00" in page, "the letter is read before it is sent"
    prepared = client.post(f"/decisions/{one.id}/offer", data=offered_as())
    assert (prepared.status_code, "was proposed already" in prepared.text) == (409, True)
    seen = {"seen": page.split('name="seen" value="')[1].split('"')[0]}
    assert "Award lowered" in sent(client, f"{here}/confirm", seen)
    assert client.post(f"{here}/confirm", data=seen).status_code == 409, "once"
    db.expire_all()
    owner = db.get_one(Cohort, one.cohort_id)
    assert (one.amount, db.get_one(Envelope, owner.envelope_id).reserved) == (Money.pounds(25_000),) * 2
    client.sign_in(cast.approver)
    assert "Read: an award was lowered" in client.get("/desk").text, "whoever proposed it hears of it"
    assert "Marked as read" in sent(client, f"{here}/read")
    assert "Read: an award was lowered" not in client.get("/desk").text
    assert WHY in client.sign_in(cast.founder).get(f"/applications/{one.application_id}").text


def test_p45_a_lower_award_is_refused_with_a_reason_or_its_proposal_withdrawn_and_the_award_stays(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    lower = f"/decisions/{one.id}/lower"
    sent(client, lower, {"amount": "25,000", "reason": WHY})
    first = proposal_on(db, one)
    assert client.post(f"{first}/refuse", data={"reason": WHY}).status_code in {403, 409}, "not one's own"
    assert "keeps what it was told" in sent(client, f"{first}/withdraw")
    sent(client, lower, {"amount": "30,000", "reason": WHY})
    second = proposal_on(db, one)
    client.sign_in(cast.approver)
    assert client.post(f"{second}/refuse").status_code == 422
    assert "keeps what it was told" in sent(
        client, f"{second}/refuse", {"reason": "Made: it needs all of it"}
    )
    page = client.sign_in(cast.programme_manager).get("/desk").text
    assert "Read why an award was not lowered" in page
    assert "Made: it needs all of it" in client.get(second).text
    db.expire_all()
    assert one.amount == Money.pounds(50_000)
    assert db.scalars(select(Letter.kind).where(Letter.kind == "award_lowered")).all() == []
    assert sorted(db.scalars(select(DecisionChange.__table__.c.status))) == ["refused", "withdrawn"]


def test_P36_one_proposal_at_a_time_and_no_offer_while_the_award_may_be_withdrawn(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    ending = f"/decisions/{one.id}/propose-withdrawal"
    assert "Prepare the offer" in client.get(f"/decisions/{one.id}").text
    sent(client, ending, {"reason": WHY})
    page = client.get(f"/decisions/{one.id}").text
    assert "Prepare the offer" not in page
    assert "Propose to lower" not in page
    assert "Prepare the grant offer" not in client.get("/desk").text
    for path, said in (
        (f"/decisions/{one.id}/offer", "no offer"),
        (f"/decisions/{one.id}/lower", "proposed to withdraw"),
    ):
        refused = client.get(path)
        assert (refused.status_code, said in refused.text) == (409, True), path
    sent(client, f"/decisions/{one.id}/keep")
    sent(client, f"/decisions/{one.id}/lower", {"amount": "25,000", "reason": WHY})
    refused = client.get(ending)
    assert (refused.status_code, "proposed to lower this award" in refused.text) == (409, True)


@pytest.mark.parametrize("person", ["programme_manager", "approver"])
def test_p34_a_business_that_was_told_it_waits_is_not_taken_off_the_list_by_one_person(
    client: ConformingClient, cast: Cast, db: Session, person: str
) -> None:
    found, _theirs, reserve = waiting(client, cast, db)
    listed = f"/cohorts/{found.id}/waiting-list"
    alone, proposing = f"/decisions/{reserve.id}/release", f"/decisions/{reserve.id}/propose-release"
    assert proposing in client.get(listed).text
    given = {"reason": WHY, "kind": "taken_off"}
    refused = client.post(alone, data=given)
    assert (refused.status_code, "takes two people" in refused.text) == (409, True)
    client.sign_in(getattr(cast, person))
    assert client.post(proposing, data={"reason": WHY}).status_code == 422, "who wants it is said"
    sent(client, proposing, given)
    here = proposal_on(db, reserve)
    assert client.post(f"{here}/confirm").status_code in {403, 409}
    db.expire_all()
    assert reserve.outcome is Outcome.RESERVE
    other: Member = cast.approver if person == "programme_manager" else cast.programme_manager
    assert "comes off the waiting list" in client.sign_in(other).get("/desk").text
    assert "It is off the waiting list" in sent(client, f"{here}/confirm")
    db.expire_all()
    assert (reserve.outcome, reserve.off_list_reason) == (Outcome.UNSUCCESSFUL, WHY)
    explained(found)
    client.sign_in(cast.programme_manager)
    page = sent(client, f"/decisions/{reserve.id}/notify")
    assert "is no longer on it" in page
    assert WHY in page, "its reason is told"


def test_k11_a_business_that_asked_to_come_off_the_list_withdrew_and_reads_no_refusal(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found, theirs, reserve = waiting(client, cast, db)
    asked = {"reason": "Made: it found another grant", "kind": "asked_off"}
    sent(client, f"/decisions/{reserve.id}/propose-release", asked)
    sent(client.sign_in(cast.approver), f"{proposal_on(db, reserve)}/confirm")
    client.sign_in(cast.programme_manager)
    page = client.get(f"/decisions/{reserve.id}").text
    assert "Withdrew at its own request" in page
    assert "Write the feedback" not in page
    assert "Send the decisions" in client.get("/desk").text or "Send a decision" in client.get("/desk").text
    letters = sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    assert "1 decision letter is on the way" in letters
    client.sign_in(cast.founder)
    read = client.get(f"/applications/{theirs.id}").text
    assert "withdrew from" in read or "asked us not to consider" in read
    assert "Made: it found another grant" in read
    assert "not successful" not in read
    assert "Not selected" not in read + client.get("/desk").text
    letters_sent = db.scalars(select(Letter.kind).where(Letter.kind.like("decision_withdrew"))).all()
    assert set(letters_sent) == {"decision_withdrew"}
    assert_reads_withdrawn(client, theirs)


def assert_reads_withdrawn(client: ConformingClient, about: Application) -> None:
    for page in ("/desk", f"/businesses/{about.business_id}/money"):
        assert "Withdrawn from the waiting list" in client.get(page).text, page


def test_p22_a_business_on_the_waiting_list_that_withdraws_its_application_is_no_refusal(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _found, theirs, reserve = waiting(client, cast, db)
    client.sign_in(cast.founder)
    sent(client, f"/applications/{theirs.id}/withdraw", {"reason": "Made: it found another grant"})
    db.expire_all()
    assert (reserve.outcome, reserve.place) == (Outcome.WITHDREW, None)
    assert "not successful" not in client.get(f"/applications/{theirs.id}").text


def test_p35_an_award_that_was_never_told_of_stays_unsaid_when_its_applicant_withdraws(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _found, theirs, reserve = waiting(client, cast, db)
    client.sign_in(cast.approver)
    sent(client, f"/decisions/{reserve.id}/promote")
    client.sign_in(cast.founder)
    sent(client, f"/applications/{theirs.id}/withdraw", {"reason": WHY, "sure": "y"})
    pages = (f"/applications/{theirs.id}", "/desk", f"/businesses/{theirs.business_id}/money")
    read = " ".join(client.get(each).text for each in pages)
    assert "Withdrawn on" in read
    assert "withdrawn from the waiting list" in read
    for untold in ("was successful", "The award ended", "Award withdrawn", "£50,000.00 awarded"):
        assert untold not in read
    client.sign_in(cast.programme_manager)
    assert "Award before it ended" in client.get(f"/decisions/{reserve.id}").text, (
        "staff read what was decided"
    )
    db.expire_all()
    assert (reserve.outcome, reserve.told_outcome) == (Outcome.SUCCESSFUL, Outcome.WITHDREW)


def test_one_that_was_never_told_of_its_place_is_taken_off_by_one_person(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    reserve = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)
    assert f"/decisions/{reserve.id}/release" in client.get(f"/cohorts/{found.id}/waiting-list").text
    refused = client.get(f"/decisions/{reserve.id}/propose-release")
    assert (refused.status_code, "one person takes it off" in refused.text) == (409, True)
    sent(client, f"/decisions/{reserve.id}/release", {"reason": WHY, "kind": "asked_off"})
    db.expire_all()
    assert reserve.outcome is Outcome.WITHDREW


def in_two_lines(db: Session) -> tuple[Cohort, Decision]:
    """The first award of a cohort from capital and revenue, told."""
    found = two_lines()
    draft = cohorts.draft(found)
    first = db.get_one(Application, candidates(found.round)[0].id)
    cohorts.place(draft, first, capital=Money.pounds(80_000))
    confirming.propose(cohorts.whole_draft(draft), by=SYSTEM)
    confirming.confirm(cohorts.whole_draft(draft), by=SYSTEM)
    made = decisions.decision(decision_on(db, first).id)
    assert made is not None
    telling.notify(made, by=SYSTEM)
    db.flush()
    return found, made


def test_k24_an_award_from_capital_and_revenue_is_lowered_line_by_line_as_was_typed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found, one = in_two_lines(db)
    client.sign_in(cast.programme_manager)
    lower = f"/decisions/{one.id}/lower"
    assert "£130,000 (£80,000 capital, £50,000 revenue)" in client.get(lower).text
    over = client.post(lower, data={"capital": "60,000", "revenue": "50,000.01", "reason": WHY})
    assert (over.status_code, "Enter £50,000.00 at most" in over.text) == (422, True)
    sent(client, lower, {"capital": "60,000", "revenue": "45,000", "reason": WHY})
    here = proposal_on(db, one)
    client.sign_in(cast.approver)
    assert "£105,000 (£60,000 capital, £45,000 revenue)" in client.get(here).text
    sent(client, f"{here}/confirm")
    db.expire_all()
    assert (one.amount, one.capital) == (Money.pounds(105_000), Money.pounds(60_000))
    for line, pounds in ((Line.CAPITAL, 60_000), (Line.REVENUE, 45_000)):
        lies = balances_of(Subject("decision", one.id), envelope_id=found.envelope_id, line=line)
        assert lies[LedgerAccount.RESERVED] == Money.pounds(pounds), line


def changed(db: Session, change: str, found: Decision) -> None:
    """One decision, changed past every verb."""
    key = found.id.hex if db.connection().dialect.name == "sqlite" else str(found.id)
    db.connection().execute(text(f"UPDATE decision SET {change} WHERE id = '{key}'"))  # noqa: S608 words of our own


def refusal_of(db: Session, change: str, found: Decision) -> str:
    """What the database says to a change of one decision; it must refuse it."""
    point = db.connection().begin_nested()
    try:
        with pytest.raises(DBAPIError) as caught:
            changed(db, change, found)
        return str(caught.value.orig)
    finally:
        point.rollback()


@pytest.mark.usefixtures("reference")
def test_p45_the_database_holds_what_was_told_until_two_people_confirmed_a_change(db: Session) -> None:
    found = cohorts.cohort(cohorts.judged())
    first, second = cohorts.ranked(found.round, 90, 80)
    draft = cohorts.draft(found, first)
    confirming.propose(draft, Proposing(1), by=SYSTEM)
    confirming.confirm(draft, by=SYSTEM)
    for each in (first, second):
        made = decisions.decision(decision_on(db, each).id)
        assert made is not None
        telling.notify(made, by=SYSTEM)
    db.flush()
    award, reserve = decision_on(db, first), decision_on(db, second)
    two, off = "changed by two people", "outcome = 'unsuccessful', place = NULL"
    assert two in refusal_of(db, "amount = amount - 1", award)
    assert two in refusal_of(db, off, reserve)
    assert two in refusal_of(db, "outcome = 'withdrew', place = NULL", reserve)
    over = {"_status": ChangeStatus.CONFIRMED, "decided_at": found.begun_at}
    cohorts.change(award, amount=Money.pounds(40_000), **over)
    assert two in refusal_of(db, "amount = 3999999", award), "to the sum that was confirmed, and no other"
    cohorts.change(reserve, kind=ChangeKind.TAKEN_OFF, amount=None, **over)
    changed(db, "amount = 4000000", award)
    changed(db, off, reserve)
