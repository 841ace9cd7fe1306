"""Passed on to a colleague: completed by one conversation, by whoever has the right."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.queries import account, actor_of
from crm.businesses.models import Business
from crm.casework.models import Conversation
from crm.kernel.errors import Conflict, NotAllowed
from crm.kernel.roles import Role, Scope
from crm.referrals.rules import STATUSES
from crm.referrals.service import answering, sending
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import ReferralStatus
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import again, posted, talk, to_colleague


def test_a01_completing_by_a_conversation_makes_one_and_both_lead_to_each_other(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = to_colleague(cast, owner, details)
    answering.complete_with_conversation(made, talk(cast, made), by=cast.other_adviser.actor)
    (conversation,) = db.scalars(select(Conversation)).all()
    assert (conversation.business_id, made.conversation_id) == (BUSINESS, conversation.id)
    assert (made.status, made.completed_by_id) == (ReferralStatus.COMPLETED, cast.other_adviser.id)
    client.sign_in(cast.administrator)
    assert f"/conversations/{conversation.id}" in client.get(f"/referrals/{made.id}").text
    assert f"/referrals/{made.id}" in client.get(f"/conversations/{conversation.id}").text
    page = client.get(f"/businesses/{BUSINESS}").text
    assert f"/conversations/{conversation.id}" in page
    assert f"/referrals/{made.id}" in page


@pytest.mark.parametrize("status", ["completed", "declined", "withdrawn", "lapsed"])
def test_a02_a03_what_is_not_outstanding_is_not_completed_and_makes_no_conversation(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, status: str
) -> None:
    made = to_colleague(cast, owner, details)
    acts = {
        "completed": lambda: answering.complete_with_conversation(
            made, talk(cast, made), by=cast.other_adviser.actor
        ),
        "declined": lambda: answering.decline(made, reason="No", by=cast.other_adviser.actor),
        "withdrawn": lambda: sending.withdraw(made, reason="No", by=cast.adviser.actor),
        "lapsed": lambda: sending._lapse(made),
    }
    acts[status]()
    before = db.scalar(select(func.count()).select_from(Conversation))
    with pytest.raises(Conflict, match=f"“{STATUSES[made.status]}”"):
        answering.complete_with_conversation(made, talk(cast, made), by=cast.other_adviser.actor)
    assert db.scalar(select(func.count()).select_from(Conversation)) == before
    assert made.status.value == status


def test_a04_the_conversation_is_with_the_business_that_was_referred(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = to_colleague(cast, owner, details)
    client.sign_in(cast.other_adviser)
    data = posted(cast, made, business_id=str(OTHER_BUSINESS))
    assert client.post(f"/referrals/{made.id}/conversation", data=data).status_code == 303
    assert db.scalars(select(Conversation.business_id)).all() == [BUSINESS]
    assert client.post(f"/referrals/{made.id}/conversation", data=data).status_code == 409
    assert len(db.scalars(select(Conversation)).all()) == 1


def test_a05_everything_that_is_lacking_is_said_and_it_stays_outstanding(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = to_colleague(cast, owner, details)
    client.sign_in(cast.other_adviser)
    answer = client.post(
        f"/referrals/{made.id}/conversation", data=posted(cast, made, people=[], subject=" ")
    )
    assert answer.status_code == 422
    assert 'id="people-error"' in answer.text
    assert 'id="subject-error"' in answer.text
    assert db.scalar(select(func.count()).select_from(Conversation)) == 0
    assert again(made).is_outstanding


def test_a06_who_has_no_right_and_who_is_nobody(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made = to_colleague(cast, owner, details)
    where = f"/referrals/{made.id}/conversation"
    assert client.sign_in(cast.auditor).post(where).status_code == 403
    assert client.sign_in(cast.founder).post(where).status_code == 404
    assert client.post(f"/referrals/{uuid4()}/conversation").status_code == 404
    client.sign_in(cast.visitor)
    assert "/sign-in" in client.post(where).headers["Location"]
    with pytest.raises(NotAllowed):
        answering.complete_with_conversation(made, talk(cast, made), by=cast.auditor.actor)


def test_a07_a_colleague_who_stands_in_may_complete_it(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = to_colleague(cast, owner, details)
    answering.accept(made, by=cast.other_adviser.actor)
    other_hub = next(each.hub_id for each in again(made).business.shares)
    stand_in = factories.account(name="Eve Standing-In")
    factories.grant(stand_in, Role.ADVISER, scope=Scope.HUB, scope_id=str(other_hub))
    whole = account(stand_in.id)
    assert whole is not None
    told = talk(cast, made, advisers=(stand_in.id,))
    answering.complete_with_conversation(again(made), told, by=actor_of(whole))
    assert (made.completed_by_id, made.completed_by) == (stand_in.id, "Eve Standing-In")


def test_a08_my_referrals_are_those_that_i_sent_and_those_sent_to_me(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    mine = to_colleague(cast, owner, details)
    between_others = factories.sent_referral(owner, recipient_id=factories.account().id)
    for member in (cast.adviser, cast.other_adviser):
        page = client.sign_in(member).get("/referrals?show=mine").text
        assert str(mine.id) in page
        assert str(between_others.id) not in page
    assert str(mine.id) not in client.sign_in(cast.hub_manager).get("/referrals?show=mine").text
    assert "referral is waiting for your answer" in client.sign_in(cast.other_adviser).get("/desk").text


def test_a_colleague_sees_the_record_once_they_take_it_on(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made = to_colleague(cast, owner, details)
    client.sign_in(cast.other_adviser)
    assert client.get(f"/referrals/{made.id}").status_code == 200
    assert client.get(f"/businesses/{BUSINESS}").status_code == 404
    assert client.post(f"/referrals/{made.id}/accept").status_code == 303
    assert client.get(f"/businesses/{BUSINESS}").status_code == 200


def test_k26_the_sender_of_a_referral_to_a_colleague_does_not_answer_it(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made = to_colleague(cast, owner, details)
    for member, may in ((cast.adviser, False), (cast.hub_manager, False), (cast.other_adviser, True)):
        page = client.sign_in(member).get(f"/referrals/{made.id}").text
        for act in ("accept", "decline", "complete"):
            assert (f"/referrals/{made.id}/{act}" in page) is may
    for act in ("accept", "start", "decline", "complete", "conversation"):
        answer = client.sign_in(cast.adviser).post(f"/referrals/{made.id}/{act}", data={"reason": "No"})
        assert answer.status_code == 403
    assert again(made).status is ReferralStatus.SENT
    assert client.sign_in(cast.other_adviser).post(f"/referrals/{made.id}/accept").status_code == 303
