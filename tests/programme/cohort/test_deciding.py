"""Decisions, letters and the waiting list, through the page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.evidence.models import Ask
from crm.evidence.workflow import AskStatus
from crm.funding.envelopes.models import LedgerEntry
from crm.gateways.mail import MailUnavailable
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.models import Letter
from crm.notices.workflow import LetterStatus
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Cohort, CohortDraft, Decision, Feedback
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.queries.money import bar_of
from crm.programme.cohort.service import confirming, telling
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from tests import cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.notices.letters import Postbox, sent_by
from tests.programme.applicants import own
from tests.programme.pages import sent, two_take_off, two_withdraw

WHY = "Made: the business was sold in the meantime"
SAID = "Made: show who will buy it"
NOBODY = UUID(int=0)
FIFTY = Money.pounds(50_000)


def confirmed(*chosen: Application, reserves: int = 0, is_explained: bool = True) -> Cohort:
    """The cohort of these applications' round, confirmed; with feedback that every refused applicant can read."""
    found = cohorts.cohort(rounds.whole_application(chosen[0]).round)
    draft = cohorts.draft(found, *chosen)
    confirming.propose(draft, Proposing(reserves), by=SYSTEM)
    confirming.confirm(draft, by=SYSTEM)
    if is_explained:
        explained(found)
    return cohorts.whole(found)


def explained(found: Cohort) -> None:
    """Shared feedback on every criterion of each refusal."""
    for each in decisions.decisions_of(found.id):
        if each.outcome is Outcome.UNSUCCESSFUL:
            for one in each.round.criteria:
                cohorts.feedback(each.application, one, words=SAID, is_shared=True)
    session().flush()


def decision_on(db: Session, about: Application) -> Decision:
    return db.scalars(select(Decision).where(Decision.application_id == about.id)).one()


def two_rounds_of_people(score: int = 90) -> tuple[Application, Application]:
    """The founder's own application at a score, and another at 80, of one round."""
    found = cohorts.judged()
    panel = [rounds.on_panel(found, most=99).account_id for _ in range(2)]
    theirs = cohorts.assessed(found, panel, score, own())
    return theirs, cohorts.ranked(found, 80)[0]


def seen_on(client: ConformingClient, page: str) -> dict[str, str]:
    """The mark of the letters that a page would send."""
    return {"seen": client.get(page).text.split('name="seen" value="')[1].split('"')[0]}


def test_P35_letters_are_sent_only_as_the_page_showed_them_all_at_once_or_one_alone(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other)
    client.sign_in(cast.programme_manager)
    every, one = f"/cohorts/{found.id}/decisions", f"/decisions/{decision_on(db, theirs).id}"
    marks = {each: seen_on(client, each) for each in (every, one)}
    db.execute(update(Feedback).values(words="Made: the market is not tested yet"))
    db.expire_all()
    for page, post in ((every, f"{every}/notify-all"), (one, f"{one}/notify")):
        assert client.post(post, data=marks[page]).status_code == 409
    assert db.scalars(select(Letter.kind).where(Letter.kind.like("decision%"))).all() == []
    assert "on the way" in sent(client, f"{every}/notify-all", seen_on(client, every))


def test_P35_decisions_are_saved_first_then_sent_once_and_nothing_shows_before(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other)
    client.sign_in(cast.founder)
    before = client.get(f"/applications/{theirs.id}").text
    assert "A panel decides" in before
    assert "not successful" not in before + client.get("/desk").text
    client.sign_in(cast.programme_manager)
    assert f"/cohorts/{found.id}/letters" in client.get("/desk").text
    preview = client.get(f"/cohorts/{found.id}/letters").text
    assert "was not successful this time" in preview
    assert "Hello Founder of the Cast," in preview
    assert len({each[:10] for each in preview.split("/directory/services/")[1:]}) >= 2
    one = decision_on(db, theirs)
    assert "was not successful this time" in client.get(f"/decisions/{one.id}").text

    sent(client, f"/decisions/{one.id}/notify")
    assert client.post(f"/decisions/{one.id}/notify").status_code == 409
    two = decision_on(db, other)
    assert "no one gets this letter" in client.get(f"/cohorts/{found.id}/letters").text
    refused = client.post(f"/cohorts/{found.id}/decisions/notify-all")
    assert refused.status_code == 409
    assert "nobody at the businesses has an account" in refused.text
    assert "Tell 1 applicant who can get no email" in client.get("/desk").text
    assert "Mark as told another way" in client.get(f"/decisions/{two.id}").text
    assert "No email was sent" in sent(client, f"/decisions/{two.id}/notify")
    assert "No email" in client.get(f"/cohorts/{found.id}/decisions").text
    assert "Tell applicants" not in client.get("/desk").text
    assert client.post(f"/cohorts/{found.id}/decisions/notify-all").status_code == 409
    kinds = db.scalars(select(Letter.kind).where(Letter.kind.like("decision%"))).all()
    assert kinds == ["decision_unsuccessful"]
    (ask,) = db.scalars(select(Ask).where(Ask.business_id == theirs.business_id)).all()
    assert (ask.status, ask.amount) == (AskStatus.UNMET, FIFTY)
    client.sign_in(cast.founder)
    after = client.get(f"/applications/{theirs.id}").text
    assert "was not successful this time" in after
    assert "A panel decides" not in after


def test_P36_a_notified_award_is_only_withdrawn_with_a_reason_which_frees_its_money_and_tells_the_applicant(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people()
    found = confirmed(theirs, other)
    one = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)
    told = sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    assert "letter is on the way." in told.partition("1 not told: nobody at the business has an account.")[2]

    assert client.post(f"/decisions/{one.id}/release").status_code == 409
    assert WHY in two_withdraw(client, cast, one.id, why=WHY)
    assert client.post(f"/decisions/{one.id}/withdraw").status_code == 409
    bar = bar_of(cohorts.whole(found))
    assert bar is not None
    assert bar.reserved == FIFTY
    letters = db.scalars(
        select(Letter.kind).where(Letter.kind.in_(["decision_successful", "award_withdrawn"]))
    )
    assert sorted(letters) == ["award_withdrawn", "decision_successful"]
    client.sign_in(cast.founder)
    told = client.get(f"/applications/{theirs.id}").text
    assert told.index("was successful") < told.index("The award was withdrawn on") < told.index(WHY)
    assert told.count("We wrote to you on") == 2


def test_P36_an_award_that_its_business_gives_up_is_on_the_desks_of_managers_and_approvers(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people()
    found = confirmed(theirs, other)
    client.sign_in(cast.founder)
    sent(client, f"/applications/{theirs.id}/withdraw", {"reason": WHY})

    bar = bar_of(cohorts.whole(found))
    assert bar is not None
    assert bar.reserved == FIFTY
    one = decision_on(db, theirs)
    for reader in (cast.programme_manager, cast.approver):
        client.sign_in(reader)
        desk = client.get("/desk").text
        assert "Read why: the award of £50,000 was given up and released" in desk
        assert f"/decisions/{one.id}" in desk
        assert WHY in client.get(f"/decisions/{one.id}").text
    sent(client, f"/decisions/{one.id}/read-end")
    for reader in (cast.approver, cast.programme_manager):
        assert "was given up and released" not in client.sign_in(reader).get("/desk").text


def test_an_award_that_nobody_at_the_business_could_be_told_of_is_not_said_to_be_written_about(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _, other = two_rounds_of_people(70)
    confirmed(other)
    client.sign_in(cast.programme_manager)
    one = decision_on(db, other)
    assert "No email was sent" in sent(client, f"/decisions/{one.id}/notify")
    proposing = client.get(f"/decisions/{one.id}/propose-withdrawal").text
    assert "no email is sent: tell them another way" in proposing
    assert "so no email was sent: tell them another way" in two_withdraw(client, cast, one.id, why=WHY)


def test_an_award_that_nobody_was_told_of_is_withdrawn_in_silence_and_until_then_its_scores_stay(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people()
    found = confirmed(theirs, other)
    people_told(found)
    one, two = decision_on(db, theirs), decision_on(db, other)
    client.sign_in(cast.lead_assessor)
    again = f"/applications/{theirs.id}/scores/assess-again"
    refused = client.post(again, data={"reason": WHY})
    assert refused.status_code == 409
    assert "Withdraw the award first" in refused.text
    client.sign_in(cast.programme_manager)
    assert "never told" in client.get(f"/decisions/{one.id}/withdraw").text
    assert "have not written to them" in sent(client, f"/decisions/{one.id}/withdraw", {"reason": WHY})
    assert db.scalar(select(func.count()).select_from(Letter)) == 0
    client.sign_in(cast.founder)
    assert WHY not in client.get(f"/applications/{theirs.id}").text
    client.sign_in(cast.lead_assessor)
    sent(client, again, {"reason": WHY})
    db.execute(
        update(Application).where(Application.id == other.id).values(_status="submitted", assessed_at=None)
    )
    client.sign_in(cast.programme_manager)
    refused = client.post(f"/decisions/{two.id}/notify")
    assert refused.status_code == 409
    assert "being assessed again" in refused.text
    refused = client.post(f"/cohorts/{found.id}/decisions/notify-all")
    assert refused.status_code == 409
    assert f"{rounds.whole_application(other).business.name}: " in refused.text


def test_P34_the_waiting_list_is_asked_in_its_order_and_a_promoted_reserve_is_told_only_when_it_is_sent(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    envelope = found.envelope_id
    assert envelope is not None
    one, reserve = decision_on(db, other), decision_on(db, theirs)
    people_told(found)
    client.sign_in(cast.programme_manager)
    sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    ranked = client.get(f"/cohorts/{found.id}").text.split("Ranked list")[-1]
    assert ("Successful" in ranked, "Waiting list" in ranked, "Not decided" in ranked) == (True, True, False)
    listed, promoting = f"/cohorts/{found.id}/waiting-list", f"/decisions/{reserve.id}/promote"
    assert "An approver makes the award" in client.get(listed).text
    assert client.post(promoting).status_code == 403
    client.sign_in(cast.approver)
    assert "Award £50,000" in client.get(listed).text
    assert listed in client.get("/desk").text
    db.execute(update(CohortDraft).values(proposed_by_id=cast.approver.id, confirmed_by_id=None))
    assert client.post(promoting).status_code == 409
    assert "You proposed this cohort" in client.get(listed).text
    assert listed not in client.get("/desk").text
    db.execute(update(CohortDraft).values(proposed_by_id=None))
    sent(client, promoting)
    client.sign_in(cast.founder)
    assert "is on the waiting list" in client.get(f"/applications/{theirs.id}").text
    assert "was successful" not in client.get(f"/applications/{theirs.id}").text
    assert_reads(client, theirs, "On the waiting list", but="Selected")
    client.sign_in(cast.programme_manager)
    assert "Selected, not sent yet" in client.get(f"/applications/{theirs.id}").text
    sent(client, f"/decisions/{reserve.id}/notify")
    client.sign_in(cast.founder)
    assert (
        "Money has become free, so your application is now successful"
        in client.get(f"/applications/{theirs.id}").text
    )
    db.expire_all()
    assert (reserve.outcome, one.status) == (Outcome.SUCCESSFUL, DecisionStatus.NOTIFIED)


def assert_reads(client: ConformingClient, about: Application, said: str, *, but: str) -> None:
    """The applicant reads one thing and not the other, on each page that says where the application stands."""
    for page in ("/desk", f"/applications/{about.id}", f"/businesses/{about.business_id}/money"):
        text = client.get(page).text
        assert said in text
        assert but not in text


def test_P35_whoever_is_taken_off_the_waiting_list_reads_so_once_the_refusal_is_sent_with_its_reasons(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    people_told(found)
    reserve = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)
    sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    client.sign_in(cast.founder)
    assert_reads(client, theirs, "On the waiting list, place 1", but="Not selected")
    client.sign_in(cast.programme_manager)
    two_take_off(client, cast, reserve.id, why=WHY)
    client.sign_in(cast.programme_manager)
    assert "Not selected, not sent yet" in client.get(f"/applications/{theirs.id}").text
    client.sign_in(cast.founder)
    assert_reads(client, theirs, "On the waiting list", but="Not selected")
    db.expire_all()
    explained(found)
    client.sign_in(cast.programme_manager)
    sent(client, f"/decisions/{reserve.id}/notify")
    client.sign_in(cast.founder)
    assert_reads(client, theirs, "Not selected", but="On the waiting list")


def people_told(found: Cohort, *, but: UUID = NOBODY) -> None:
    """Somebody at each business of the cohort, except one that has people."""
    query = select(Application.business_id).join(Decision, Decision.application_id == Application.id)
    wanted = query.where(Decision.cohort_id == found.id, Application.business_id != but)
    for business_id in session().scalars(wanted).all():
        founder = {"scope": Scope.BUSINESS, "scope_id": str(business_id), "standing": Standing.OWNER}
        factories.grant(factories.account(), Role.FOUNDER, **founder)


def killed_in_the_midst(found: Cohort, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends while the letters are queued: nothing of it happened."""

    def stopped(*_given: Any, **_told: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(telling, "_record_unmet", stopped)
        with pytest.raises(RuntimeError), db.begin_nested():
            telling.notify_all(found, by=cast.programme_manager.actor)
    db.expire_all()
    assert len(decisions.decisions_of(found.id, DecisionStatus.SAVED)) == 66
    assert db.scalar(select(func.count()).select_from(Letter)) == 0


def test_P35_of_26_awards_and_40_refusals_the_twelfth_letter_fails_65_are_sent_and_nobody_is_written_to_twice(
    app: Flask, client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = cohorts.judged()
    rows = cohorts.ranked(judged, *range(95, 30, -1))
    panel = [rounds.on_panel(judged).account_id for _ in range(2)]
    theirs = cohorts.assessed(judged, panel, 20, own())
    found = confirmed(*rows[:26])
    people_told(found, but=theirs.business_id)
    assert len(decisions.decisions_of(found.id, DecisionStatus.SAVED)) == 66
    before = client.sign_in(cast.founder).get(f"/applications/{theirs.id}").text
    assert "A panel decides" in before
    assert "successful" not in before + client.get("/desk").text

    killed_in_the_midst(found, cast, db, monkeypatch)
    client.sign_in(cast.programme_manager)
    assert "66 decision letters are on the way." in sent(client, f"/cohorts/{found.id}/decisions/notify-all")

    post = Postbox(faults=[*[None] * 11, MailUnavailable("later")])
    sent_by(database(app), db, post)
    status = dict(db.execute(select(Letter._status, func.count()).group_by(Letter._status)).all())
    assert status == {LetterStatus.SENT: 65, LetterStatus.QUEUED: 1}
    assert len(decisions.decisions_of(found.id, DecisionStatus.NOTIFIED)) == 66
    db.execute(update(Letter).values(not_before=now()))
    sent_by(database(app), db, post)
    assert len(post.ids) == len(set(post.ids)) == 66
    kept = dict(
        db.execute(
            select(Letter.kind, func.count()).where(Letter.kept_text != "").group_by(Letter.kind)
        ).all()
    )
    assert kept == {"decision_successful": 26, "decision_unsuccessful": 40}
    assert all(each.letter_text for each in decisions.decisions_of(found.id))
    assert client.post(f"/cohorts/{found.id}/decisions/notify-all").status_code == 409


@pytest.mark.engine("sqlite")
def test_P36_an_award_keeps_its_money_until_it_is_withdrawn_and_the_ledger_is_reconciled_with_every_award(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = confirmed(two_rounds_of_people()[0])
    one = db.scalars(select(Decision).where(Decision.outcome == Outcome.SUCCESSFUL)).one()
    (entry,) = db.scalars(select(LedgerEntry).where(LedgerEntry.subject_id == one.id))
    ledger = f"/envelopes/{found.envelope_id}/ledger"
    page = client.sign_in(cast.finance_officer).get(ledger).text
    assert f"{ledger}/{entry.id}/reverse" not in page
    assert f"/decisions/{one.id}" not in page  # this reader may not open decisions
    for refused in (client.get(f"{ledger}/{entry.id}/reverse"), client.post(f"{ledger}/{entry.id}/reverse")):
        assert refused.status_code == 409
        assert "A programme manager withdraws the award" in refused.text
    assert f"/decisions/{one.id}" in client.sign_in(cast.approver).get(ledger).text
    agrees = client.get("/reconciliation").text
    assert ("1 award:" in agrees, "£50,000.00 awarded," in agrees) == (True, True)
    assert "The difference is £0.00" in agrees

    with_penny = update(Decision).where(Decision.id == one.id).values(amount=Money(50_000_01))
    db.execute(with_penny)
    db.expire_all()
    differs = client.get("/reconciliation").text
    assert "1 award does not agree with the ledger" in differs
    assert "£50,000.01" in differs
    db.execute(with_penny.values(amount=FIFTY))
    db.expire_all()
    sent(client.sign_in(cast.programme_manager), f"/decisions/{one.id}/withdraw", {"reason": WHY})
    page = client.sign_in(cast.finance_officer).get("/reconciliation").text
    assert "not agree" not in page
    released = max(db.scalars(select(LedgerEntry.id).where(LedgerEntry.subject_id == one.id)))
    assert "There is nothing left to reverse" in client.get(f"{ledger}/{released}/reverse").text
    log = client.sign_in(cast.auditor).get(f"/audit?kind=decision&thing_id={one.id}").text
    assert "Amount: removed. Before: £50,000" in log
