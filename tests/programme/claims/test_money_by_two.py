"""An approved claim is returned unpaid, and a repayment asked for, by two people: nothing moves before the second confirms it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.funding.envelopes.rules import LedgerAccount
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardClaim, AwardRecovery, MoneyProposal
from crm.programme.claims.queries.recoveries import recoveries_of
from crm.programme.claims.service import money_proposals
from crm.programme.claims.workflow import ClaimStatus, MoneyProposalStatus, RecoveryStatus
from tests import claimed, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.claims.test_claims import letters, lying
from tests.programme.pages import sent, typed

WHY = "Made: the camera was sold"
STATUS = MoneyProposal.__table__.c.status


def waiting_on(db: Session) -> str:
    """The page of the one proposal about money that waits."""
    found = db.scalars(select(MoneyProposal.id).where(STATUS == MoneyProposalStatus.PROPOSED)).one()
    return f"/money-proposals/{found}"


def asked_for(pounds: str = "1,200") -> dict[str, str]:
    day = today() + timedelta(days=20)
    return {"amount": pounds, "reason": WHY} | typed(f"{day.day} {day.month} {day.year}", name="due_on")


def paid_award() -> Award:
    """An award of which £3,000 was paid."""
    return claimed.whole(claimed.paid(claimed.award(), 3_000).award_id)


def test_p46_a_repayment_is_proposed_by_one_person_and_asked_for_once_another_has_read_its_letter(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = paid_award()
    new, page = f"/awards/{found.id}/repayments/ask", f"/awards/{found.id}"
    assert client.sign_in(cast.approver).get(new).status_code == 403
    client.sign_in(cast.programme_manager)
    assert new in client.get(page).text
    assert "Nothing changes until" in sent(client, new, asked_for())
    here = waiting_on(db)
    again = client.post(new, data=asked_for("100"))
    assert (again.status_code, "was proposed already" in again.text) == (409, True)
    shown = client.get(page).text
    assert (here in shown, new in shown, "Proposed: repayment of £1,200.00" in shown) == (True, False, True)
    assert client.post(f"{here}/confirm").status_code == 403, "not one's own"
    assert "Decide whether a repayment" not in client.get("/desk").text
    assert (recoveries_of(found.id), letters(db, "repayment_asked")) == ([], 0)
    assert lying(found)[LedgerAccount.PAID] == Money.pounds(3_000)
    founder_knows_nothing(client, cast, here, page)
    confirmed_once(client, cast, db, found, here)
    assert_read_by_the_others(client, cast, here, "Read: a repayment was asked for")


def confirmed_once(client: ConformingClient, cast: Cast, db: Session, found: Award, here: str) -> None:
    """The second person reads the letter, and confirms it once: the repayment is that of the proposal."""
    client.sign_in(cast.approver)
    assert "Decide whether a repayment is asked for" in client.get("/desk").text
    read = client.get(here).text
    assert ("must pay back £1,200.00 of its grant" in read, here.rpartition("/")[2] in read) == (True, True)
    seen = {"seen": read.split('name="seen" value="')[1].split('"')[0]}
    assert "Repayment requested" in sent(client, f"{here}/confirm", seen)
    (made,) = recoveries_of(found.id)
    assert (str(made.id), made.status) == (here.rpartition("/")[2], RecoveryStatus.ASKED)
    assert made.asked_by_id == cast.programme_manager.id
    assert letters(db, "repayment_asked") == 1
    assert client.post(f"{here}/confirm", data=seen).status_code == 409, "once"
    assert cast.approver.known.name in client.get(f"/repayments/{made.id}").text


def founder_knows_nothing(client: ConformingClient, cast: Cast, here: str, page: str) -> None:
    """The business neither finds the proposal nor reads of it in the story of its grant."""
    client.sign_in(cast.founder)
    assert client.get(here).status_code == 404
    assert "Proposed:" not in client.get(page).text


def assert_read_by_the_others(client: ConformingClient, cast: Cast, here: str, said: str) -> None:
    """It is on the desk of whoever proposed it until it is marked as read, and not on that of whoever decided."""
    assert said not in client.sign_in(cast.approver).get("/desk").text
    client.sign_in(cast.programme_manager)
    assert said in client.get("/desk").text
    assert "Marked as read" in sent(client, f"{here}/read")
    assert said not in client.get("/desk").text


def test_p44_a_claim_is_returned_unpaid_once_a_second_person_confirms_it_and_is_not_paid_again_meanwhile(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.unpaid()
    claim = f"/award-claims/{found.id}"
    client.sign_in(cast.finance_officer)
    assert f"{claim}/return-unpaid" in client.get(claim).text
    sent(client, f"{claim}/return-unpaid", {"reason": "Enter another account first"})
    here = waiting_on(db)
    page = client.get(claim).text
    assert (here in page, "Have it paid again" in page) == (True, False)
    for door in ("pay-again", "return-unpaid"):
        refused = client.post(f"{claim}/{door}", data={"reason": WHY})
        assert (refused.status_code, "proposed to return this claim" in refused.text) == (409, True), door
    assert client.post(f"{here}/confirm").status_code == 403, (
        "a finance officer proposes and does not confirm"
    )
    assert lying(found.award)[LedgerAccount.CLAIMED] == Money.pounds(1_000), "nothing moved"
    client.sign_in(cast.programme_manager)
    assert "Decide whether an approved claim is returned unpaid" in client.get("/desk").text
    read = " ".join(client.get(here).text.split())
    assert "Enter another account first" in read, "the letter is read before it is sent"
    assert "We have taken this approval back, so we do not pay the £1,000.00 for now" in read
    assert "Claim returned" in sent(client, f"{here}/confirm")
    assert claimed.again(found).status is ClaimStatus.RETURNED
    assert letters(db, "grant_claim_returned") == 1
    assert "Read: an approved claim was returned" in client.sign_in(cast.finance_officer).get("/desk").text
    assert "Marked as read" in sent(client, f"{here}/read")


def repayment_waits() -> MoneyProposal:
    return claimed.money_proposal(paid_award())


def return_waits() -> MoneyProposal:
    return claimed.to_return(claimed.unpaid())


@pytest.mark.parametrize("made", [repayment_waits, return_waits])
def test_p45_either_is_refused_with_a_reason_and_no_money_moves(
    client: ConformingClient, cast: Cast, db: Session, made: Callable[[], MoneyProposal]
) -> None:
    found = made()
    here, before = f"/money-proposals/{found.id}", lying(found.award)
    client.sign_in(cast.approver)
    empty = client.post(f"{here}/refuse", data={"reason": " "})
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    assert "No money moves" in sent(client, f"{here}/refuse", {"reason": "Made: it was agreed"})
    assert "Made: it was agreed" in client.get(here).text
    assert client.post(f"{here}/confirm").status_code == 409
    assert (lying(found.award), db.scalars(select(AwardRecovery.id)).all()) == (before, [])
    assert letters(db, "repayment_asked") == letters(db, "grant_claim_returned") == 0


def test_p45_whoever_proposed_withdraws_it_and_may_propose_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found, new = paid_award(), "/awards/{}/repayments/ask"
    client.sign_in(cast.programme_manager)
    sent(client, new.format(found.id), asked_for())
    here = waiting_on(db)
    assert client.sign_in(cast.approver).post(f"{here}/withdraw").status_code == 403
    client.sign_in(cast.programme_manager)
    assert "Proposal withdrawn" in sent(client, f"{here}/withdraw")
    sent(client, new.format(found.id), asked_for("800"))
    assert waiting_on(db) != here
    officer = claimed.unpaid()
    client.sign_in(cast.finance_officer)
    sent(client, f"/award-claims/{officer.id}/return-unpaid", {"reason": WHY})
    query = select(MoneyProposal.id).where(MoneyProposal.claim_id == officer.id)
    assert "Proposal withdrawn" in sent(client, f"/money-proposals/{db.scalars(query).one()}/withdraw")


def test_p46_what_was_read_is_what_is_confirmed_and_no_more_than_can_still_be_asked_for(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    waits = claimed.money_proposal(paid_award(), 3_000)
    here = f"/money-proposals/{waits.id}"
    client.sign_in(cast.approver)
    stale = client.post(f"{here}/confirm", data={"seen": "another"})
    assert (stale.status_code, recoveries_of(waits.award_id)) == (409, [])
    claimed.recovery(claimed.whole(waits.award_id), 500)
    refused = client.post(f"{here}/confirm")
    assert (refused.status_code, "£2,500.00 is the most that can be asked back now" in refused.text) == (
        409,
        True,
    )
    db.execute(
        text("UPDATE money_proposal SET amount = 10000, due_on = '2020-01-01' WHERE status = 'proposed'")
    )
    db.expire_all()
    late = client.post(f"{here}/confirm")
    assert (late.status_code, "has passed" in late.text) == (409, True)


def acting(found: Account) -> Actor:
    """Somebody who may do all that a verb offers."""
    return Actor(account_id=found.id, name=found.name, is_system=True)


@pytest.mark.usefixtures("cast")
def test_p45_a_second_account_with_the_same_mailbox_does_not_confirm(db: Session) -> None:
    one, other = (factories.account(email=each) for each in ("pat@made.example", "pat+two@made.example"))
    waits = claimed.money_proposal(paid_award(), by=acting(one))
    for verb in (money_proposals.confirm, lambda found, by: money_proposals.refuse(found, reason=WHY, by=by)):
        with pytest.raises(
            Conflict, match="The person who proposed this shares your email address, so another person"
        ):
            verb(waits, by=acting(other))
    assert waits.status is MoneyProposalStatus.PROPOSED


def refused_by_the_database(db: Session, statement: str) -> str:
    """What the database says to a statement; it must refuse it."""
    point = db.connection().begin_nested()
    try:
        with pytest.raises(DBAPIError) as caught:
            db.connection().execute(text(statement))
        return str(caught.value.orig)
    finally:
        point.rollback()


@pytest.mark.usefixtures("cast")
def test_p45_the_database_refuses_money_of_an_award_that_two_people_did_not_decide_about(db: Session) -> None:
    waits = return_waits()
    moved = "UPDATE award_claim SET status = 'returned', approved = NULL, reason = 'Made'"
    assert "by two people" in refused_by_the_database(db, moved)
    money_proposals.confirm(waits, by=SYSTEM)
    db.flush()
    assert db.get_one(AwardClaim, waits.claim_id).status is ClaimStatus.RETURNED
    award = paid_award()
    with pytest.raises(DBAPIError, match="by two people"):
        claimed.factories.kept(
            AwardRecovery(
                award_id=award.id, amount=Money(1), reason="Made", due_on=today(), asked_at=waits.proposed_at
            )
        )


@pytest.mark.usefixtures("cast")
def test_p46_what_is_left_after_an_instalment_needs_no_second_proposal(db: Session) -> None:
    made = claimed.asked_back(claimed.award(), 800)
    rest = claimed.recovering.receive(made, claimed.Received(Money.pounds(300), today()), by=SYSTEM)
    db.flush()
    assert rest == Money.pounds(500)
    assert len(recoveries_of(made.award_id)) == 2


def test_p46_bad_sums_and_days_are_answered_at_the_field(client: ConformingClient, cast: Cast) -> None:
    found = paid_award()
    client.sign_in(cast.programme_manager)
    new = f"/awards/{found.id}/repayments/ask"
    for given, said in (
        (asked_for("0"), "Enter more than £0"),
        (asked_for("3,000.01"), "£3,000.00 at most"),
        (asked_for() | {"reason": " "}, "Say why"),
        (asked_for() | typed("1 1 2020", name="due_on"), "today or later"),
        (asked_for() | typed("1 1 2099", name="due_on"), "must be within the next 24 months"),
    ):
        refused = client.post(new, data=given)
        assert (refused.status_code, said in refused.text) == (422, True), said
