"""Referrals: nobody is passed on without having agreed, nothing is answered twice, and what is late is asked for once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.queries import account, actor_of
from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, holding_consent
from crm.businesses.service.people import Agreement, give_consent, withdraw_consent
from crm.businesses.workflow import ConsentPurpose
from crm.casework.models import Conversation
from crm.casework.service.conversing import ConversationDetails
from crm.casework.workflow import Channel, ConversationStatus
from crm.directory.models import Provider, Service
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.service import Reader
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.rules import Told, record_of
from crm.referrals.service import answering, preparing, sending
from crm.referrals.service.answering import Came, Help
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

READER = Reader("desk@provider.example", "Desk")
CAME = Came(Outcome.HELPED, "Good luck", 6, Money.pounds(300))


@pytest.fixture
def owner(cast: Cast) -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


@pytest.fixture
def open_service(db: Session) -> Service:
    """A service of the provider of the cast."""
    provider = db.scalars(select(Provider.id).order_by(Provider.name).limit(1)).one()
    return factories.service(name="Open Door", provider_id=provider)


@pytest.fixture
def details(owner: Business, open_service: Service) -> ReferralDetails:
    return ReferralDetails(
        factories.person(owner, name="Jo Maker", email="jo@maker.example").id,
        "A grant for a kiln",
        "They know what they want.",
        service_id=open_service.id,
    )


def agree(owner: Business) -> None:
    agreement = Agreement("Jo Maker", "told to an adviser")
    give_consent(owner, ConsentPurpose.SHARE_WITH_PROVIDERS, agreement=agreement, by=SYSTEM)


def again(found: Referral) -> Referral:
    queries.read_again(found)
    whole = queries.referral(found.id)
    assert whole is not None
    return whole


def sent(cast: Cast, owner: Business, details: ReferralDetails) -> Referral:
    agree(owner)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    sending.send(made, READER if details.service_id else None, by=cast.adviser.actor)
    return again(made)


def to_colleague(cast: Cast, owner: Business, details: ReferralDetails) -> Referral:
    return sent(cast, owner, replace(details, service_id=None, recipient_id=cast.other_adviser.id))


def letters(db: Session, kind: str) -> list[Letter]:
    return list(db.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.queued_at)))


def talk(cast: Cast, referral: Referral, **changed: Any) -> ConversationDetails:
    assert cast.other_adviser.id is not None
    told: dict[str, Any] = {
        "happened_on": today(),
        "subject": "What they make",
        "people": (referral.person_id,),
        "advisers": (cast.other_adviser.id,),
        "channel": Channel.VIDEO,
        "kind_code": factories.support_kind().code,
        "quarters": 4,
    }
    return ConversationDetails(**(told | changed))


# ---------------------------------------------------------------- preparing and sending


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 256}, "subject"),
        ({"message": ""}, "message"),
        ({"service_id": None}, "to"),
        ({"person_id": None}, "person_id"),
    ],
)
def test_a09_what_is_lacking_is_said_at_its_field(
    cast: Cast, owner: Business, details: ReferralDetails, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        preparing.draft(owner, replace(details, **changed), by=cast.adviser.actor)
    assert refused.value.field == field


def test_a09_every_empty_field_is_named_at_once_and_nothing_is_kept(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    factories.person(owner)
    answer = client.sign_in(cast.adviser).post(
        f"/businesses/{BUSINESS}/referrals/new", data={"subject": "é" * 256}
    )
    assert answer.status_code == 422
    for field in ("to", "person_id", "subject", "message"):
        assert f'id="{field}-error"' in answer.text
    assert db.scalar(select(func.count()).select_from(Referral)) == 0


def test_a10_nobody_of_another_business_and_nobody_who_is_not_here(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    other = business(OTHER_BUSINESS)
    assert other is not None
    assert cast.other_adviser.id is not None
    gone = factories.account(AccountStatus.DEACTIVATED)
    factories.grant(gone, Role.ADVISER)
    colleague = replace(details, service_id=None)
    for wrong, field in (
        (replace(details, person_id=factories.person(other).id), "person_id"),
        (replace(details, person_id=factories.person(owner, left_on=today()).id), "person_id"),
        (replace(colleague, recipient_id=cast.adviser.id), "to"),
        (replace(colleague, recipient_id=gone.id), "to"),
        (replace(colleague, recipient_id=cast.founder.id), "to"),
        (replace(details, recipient_id=cast.other_adviser.id), "to"),
        (replace(details, conversations=(factories.conversation(other).id,)), "conversations"),
    ):
        with pytest.raises(Invalid) as refused:
            preparing.draft(owner, wrong, by=cast.adviser.actor)
        assert refused.value.field == field


def test_a10_a_business_that_was_put_away_is_passed_on_to_nobody(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    agree(owner)
    owner._status, owner.archived_reason = type(owner.status)("archived"), "closed"
    db.flush()
    with pytest.raises(Conflict):
        preparing.draft(owner, details, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        sending.send(again(made), READER, by=cast.adviser.actor)


def test_a14_nobody_is_passed_on_without_having_agreed(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    with pytest.raises(Invalid, match="has not agreed"):
        sending.send(made, READER, by=cast.adviser.actor)
    agree(owner)
    held = business(BUSINESS)
    assert held is not None
    sending.send(again(made), READER, by=cast.adviser.actor)
    assert made.status is ReferralStatus.SENT
    (letter,) = letters(db, "referral_sent")
    assert (letter.to_address, letter.link_purpose) == ("desk@provider.example", "reply")


def test_a14_consent_that_was_taken_back_holds_no_more(
    cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    agree(owner)
    held = holding_consent(BUSINESS, ConsentPurpose.SHARE_WITH_PROVIDERS)
    assert held is not None
    withdraw_consent(held, by=SYSTEM)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    with pytest.raises(Invalid, match="has not agreed"):
        sending.send(made, READER, by=cast.adviser.actor)


@pytest.mark.parametrize("status", [each for each in ServiceStatus if each is not ServiceStatus.OPEN])
def test_nobody_is_sent_to_a_door_that_closed_meanwhile(
    cast: Cast,
    owner: Business,
    details: ReferralDetails,
    open_service: Service,
    db: Session,
    status: ServiceStatus,
) -> None:
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    agree(owner)
    open_service._status = status
    db.flush()
    with pytest.raises(Invalid, match="not open now"):
        sending.send(made, READER, by=cast.adviser.actor)


def test_a42_the_pack_has_the_days_and_subjects_of_conversations_and_never_the_notes(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    kind = factories.support_kind()
    complete = {"kind_code": kind.code, "channel": Channel.VIDEO, "completed_at": now()}
    chosen = factories.conversation(
        owner, subject="The accounts", notes="nearly broke", _status=ConversationStatus.COMPLETE, **complete
    )
    factories.diagnosis(owner, is_finished=True, needs={"grant": 3})
    made = sent(cast, owner, replace(details, conversations=(chosen.id,)))
    token = links.mint(Purpose.REPLY, str(made.id))
    page = client.get(f"/reply/{token}").text
    for words in ("The accounts", "Jo Maker", "jo@maker.example", "They know what they want.", "A grant"):
        assert words in page
    assert "nearly broke" not in page
    assert made.pack is not None
    assert "nearly broke" not in str(made.pack)


def test_what_was_sent_stays_as_it_was_read(cast: Cast, owner: Business, details: ReferralDetails) -> None:
    made = sent(cast, owner, details)
    with pytest.raises(Conflict, match="stays as it was read"):
        preparing.edit(made, replace(details, subject="Other"), version=None, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        sending.send(made, READER, by=cast.adviser.actor)


# ---------------------------------------------------------------- to a colleague


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
    with pytest.raises(Conflict, match=status):
        answering.complete_with_conversation(made, talk(cast, made), by=cast.other_adviser.actor)
    assert db.scalar(select(func.count()).select_from(Conversation)) == before
    assert made.status.value == status


def posted(cast: Cast, referral: Referral, **changed: Any) -> dict[str, Any]:
    day = today()
    form = {"happened_on-day": day.day, "happened_on-month": day.month, "happened_on-year": day.year}
    form |= {"subject": "What they make", "channel": "video", "kind_code": factories.support_kind().code}
    form |= {"people": [str(referral.person_id)], "advisers": [str(cast.adviser.id)]}
    return form | changed


def test_a04_the_conversation_is_with_the_business_that_was_referred(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = to_colleague(cast, owner, details)
    client.sign_in(cast.adviser)
    data = posted(cast, made, business_id=str(OTHER_BUSINESS))
    assert client.post(f"/referrals/{made.id}/conversation", data=data).status_code == 303
    assert db.scalars(select(Conversation.business_id)).all() == [BUSINESS]
    assert client.post(f"/referrals/{made.id}/conversation", data=data).status_code == 409
    assert len(db.scalars(select(Conversation)).all()) == 1


def test_a05_everything_that_is_lacking_is_said_and_it_stays_outstanding(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = to_colleague(cast, owner, details)
    client.sign_in(cast.adviser)
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
    assert "passed on to you" in client.sign_in(cast.other_adviser).get("/desk").text


def test_a_colleague_sees_the_record_once_they_take_it_on(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made = to_colleague(cast, owner, details)
    client.sign_in(cast.other_adviser)
    assert client.get(f"/referrals/{made.id}").status_code == 200
    assert client.get(f"/businesses/{BUSINESS}").status_code == 404
    assert client.post(f"/referrals/{made.id}/accept").status_code == 303
    assert client.get(f"/businesses/{BUSINESS}").status_code == 200


# ---------------------------------------------------------------- a provider's answer


def token_of(found: Referral) -> str:
    return links.mint(Purpose.REPLY, str(found.id))


def test_a_provider_accepts_and_completes_by_link_and_the_business_says_that_it_helped(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    first = token_of(made)
    assert client.post(f"/reply/{first}", data={"answer": "accept"}).status_code == 303
    assert again(made).status is ReferralStatus.ACCEPTED
    assert [each.link_purpose for each in letters(db, "referral_accepted")] == ["reply"]
    came = {"answer": "complete", "outcome": "helped", "quarters": "1.5", "value": "300"}
    came["note_to_business"] = "Good luck"
    assert client.post(f"/reply/{token_of(made)}", data=came).status_code == 303
    done = again(made)
    assert (done.status, done.outcome, done.quarters) == (ReferralStatus.COMPLETED, Outcome.HELPED, 6)
    assert (done.value, done.completed_by) == (Money.pounds(300), "Desk")
    (asked,) = letters(db, "referral_helped")
    assert (asked.to_address, asked.link_purpose) == ("jo@maker.example", "helped")
    helped = links.mint(Purpose.HELPED, str(made.id))
    assert "Good luck" in client.get(f"/links/helped/{helped}").text
    told = {"helped": "yes", "helped_note": "It did"}
    assert client.post(f"/links/helped/{helped}", data=told).status_code == 303
    assert (again(made).helped, again(made).helped_note) == (True, "It did")
    (answered,) = letters(db, "referral_answered")
    assert answered.to_address == cast.adviser.email
    acts = {each.act for each in entries_about(made)}
    assert acts >= {"draft_referral", "send_referral", "accept_referral", "complete_referral", "say_helped"}


def test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, clock: Any
) -> None:
    made = sent(cast, owner, details)
    old, live = token_of(made), token_of(made)
    other = links.mint(Purpose.HELPED, str(made.id))
    for dead in (old, other, live[:-1] + "x", "nothing"):
        assert client.get(f"/reply/{dead}").status_code == 404
        assert client.post(f"/reply/{dead}", data={"answer": "accept"}).status_code == 404
    for _ in range(3):
        assert client.get(f"/reply/{live}").status_code == 200
    assert again(made).status is ReferralStatus.SENT
    assert client.post(f"/reply/{live}", data={"answer": "accept"}).status_code == 303
    assert client.get(f"/reply/{live}").status_code == 404
    later = token_of(made)
    clock.shift(31 * 24 * 3600)
    assert client.get(f"/reply/{later}").status_code == 404


def test_what_is_lacking_in_an_answer_is_said_and_the_link_still_works(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made, where = sent(cast, owner, details), ""
    where = f"/reply/{token_of(made)}"
    for data, field in (
        ({"answer": "decline"}, "reason"),
        ({"answer": "complete", "quarters": "1.3"}, "outcome"),
        ({"answer": "complete", "outcome": "helped", "quarters": "1.3"}, "quarters"),
        ({"answer": "complete", "outcome": "helped", "value": "-5"}, "value"),
    ):
        answer = client.post(where, data=data)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert client.post(where, data={"answer": "nonsense"}).status_code == 422
    assert client.post(where, data={"answer": "decline", "reason": "Full"}).status_code == 303
    assert again(made).reason == "Full"


def test_a11_declining_needs_a_reason_and_comes_back_to_whoever_sent_it(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    with pytest.raises(Invalid):
        answering.decline(made, reason=" ", by=cast.adviser.actor)
    answering.decline(made, reason="Not this year", by=cast.provider.actor)
    assert made.status is ReferralStatus.DECLINED
    (letter,) = letters(db, "referral_declined")
    assert letter.to_address == cast.adviser.email
    client.sign_in(cast.adviser)
    assert "came back" in client.get("/desk").text
    assert str(made.id) in client.get("/referrals?show=back").text


def test_a12_opened_again_with_a_note_it_waits_for_an_answer(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    answering.decline(made, reason="Full", by=SYSTEM)
    client.sign_in(cast.adviser)
    assert client.post(f"/referrals/{made.id}/reopen").status_code == 422
    assert (
        client.post(f"/referrals/{made.id}/reopen", data={"reason": "They have room now"}).status_code == 303
    )
    assert again(made).status is ReferralStatus.SENT
    page = client.get(f"/referrals/{made.id}").text
    assert "They have room now" in page
    assert "opened it again" in page
    assert len(letters(db, "referral_sent")) == 2


def test_a_provider_signs_in_and_sees_only_what_was_sent_to_it(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made, other = sent(cast, owner, details), factories.sent_referral(owner)
    draft = factories.referral(owner, service_id=details.service_id)
    client.sign_in(cast.provider)
    page = client.get("/referrals").text
    assert str(made.id) in page
    assert str(other.id) not in page
    assert str(draft.id) not in client.get("/referrals?show=all").text
    assert (
        client.get(f"/referrals/{other.id}").status_code
        == client.get(f"/referrals/{draft.id}").status_code
        == 404
    )
    assert client.get(f"/businesses/{BUSINESS}").status_code == 404
    assert client.post(f"/referrals/{made.id}/accept").status_code == 303
    came = {"outcome": "funded", "value": "1,200"}
    assert client.post(f"/referrals/{made.id}/complete", data=came).status_code == 303
    assert again(made).value == Money.pounds(1_200)


def test_a68_whether_it_helped_is_said_once(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    with pytest.raises(Conflict):
        answering.say(made, Help(helped=True), by=cast.founder.actor)
    answering.complete(made, CAME, by=cast.adviser.actor)
    assert "Say whether" in client.sign_in(cast.founder).get("/desk").text
    assert client.get(f"/referrals/{made.id}/say-helped").status_code == 200
    assert client.post(f"/referrals/{made.id}/say-helped", data={"helped": "no"}).status_code == 303
    assert client.post(f"/referrals/{made.id}/say-helped", data={"helped": "yes"}).status_code == 409
    token = links.mint(Purpose.HELPED, str(made.id))
    assert client.post(f"/links/helped/{token}", data={"helped": "yes"}).status_code == 409
    assert again(made).helped is False
    assert len(letters(db, "referral_answered")) == 1
    with pytest.raises(NotAllowed):
        answering.say(made, Help(helped=True), by=cast.other_founder.actor)


# ---------------------------------------------------------------- the clock


def test_a13_what_is_late_is_asked_for_once_and_a_skipped_day_is_caught_up(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    due = made.due_on
    assert due is not None
    sending.chase_or_lapse()
    assert letters(db, "referral_chased") == []
    clock.move_to(datetime(due.year, due.month, due.day, 10, tzinfo=UTC) + timedelta(days=4))
    for _ in range(3):
        sending.chase_or_lapse()
    assert len(letters(db, "referral_chased")) == 1
    assert made.due_on is not None
    assert made.due_on > today()


def test_a13_asked_twice_without_an_answer_it_lapses_and_comes_back(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    for _ in range(5):
        clock.shift(40 * 24 * 3600)
        sending.chase_or_lapse()
    assert made.status is ReferralStatus.LAPSED
    assert len(letters(db, "referral_chased")) == 2
    assert len(letters(db, "referral_lapsed")) == 1
    with pytest.raises(NotFound):
        answering.accept_by_link(token_of(made))


def test_a_provider_that_has_answered_is_not_chased(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    answering.accept(made, by=cast.provider.actor)
    clock.shift(90 * 24 * 3600)
    sending.chase_or_lapse()
    assert letters(db, "referral_chased") == []


# ---------------------------------------------------------------- a provider's record


def test_what_a_provider_s_referrals_come_to() -> None:
    start = datetime(2026, 11, 2, 10, tzinfo=UTC)
    rows = [
        Told("completed", start, start + timedelta(days=1), True),
        Told("accepted", start, start + timedelta(days=3), None),
        Told("declined", start, start + timedelta(days=8), None),
        Told("lapsed", start, None, None),
        Told("sent", start, None, None),
    ]
    record = record_of(rows)
    assert (record.sent, record.outstanding, record.completed, record.confirmed) == (5, 2, 1, 1)
    assert (record.median_days, record.accepted_pct) == (3.0, 50)
    assert record_of([]).median_days is record_of([]).accepted_pct is None


def test_a_provider_s_page_opens_what_it_counts(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, open_service: Service
) -> None:
    made = sent(cast, owner, details)
    page = client.sign_in(cast.adviser).get(f"/referrals/providers/{open_service.provider_id}").text
    assert str(made.id) in page
    assert (
        client.sign_in(cast.provider).get(f"/referrals/providers/{open_service.provider_id}").status_code
        == 404
    )


@pytest.mark.parametrize("show", ["evil", "'; --"])
def test_a58_a_filter_that_is_none_of_ours_is_refused(
    client: ConformingClient, cast: Cast, show: str
) -> None:
    assert client.sign_in(cast.adviser).get("/referrals", query_string={"show": show}).status_code == 422


def test_a_draft_is_prepared_changed_seen_and_sent_in_the_browser(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    data = {"to": f"service:{details.service_id}", "person_id": str(details.person_id)}
    data |= {"subject": details.subject, "message": details.message}
    made = client.post(f"/businesses/{BUSINESS}/referrals/new", data=data)
    where = made.headers["Location"]
    assert client.post(f"{where}/edit", data=data | {"subject": "Another kiln"}).status_code == 303
    preview = client.get(f"{where}/send").text
    assert "Another kiln" in preview
    reader = {"name": "Desk", "email": "desk@provider.example"}
    refused = client.post(f"{where}/send", data=reader)
    assert refused.status_code == 422
    assert "has not agreed" in refused.text
    agree(owner)
    assert client.post(f"{where}/send", data=reader).status_code == 303
    assert queries.referral(UUID(where.rsplit("/", 1)[-1])) is not None
    assert db.scalars(select(Referral.sent_to)).all() == ["desk@provider.example"]


def test_a70_no_form_sets_what_it_does_not_ask(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    data = {"to": f"service:{details.service_id}", "person_id": str(details.person_id)}
    data |= {"subject": "x", "message": "y", "status": "completed", "completed_by": "me", "helped": "yes"}
    client.post(f"/businesses/{BUSINESS}/referrals/new", data=data)
    made = db.scalars(select(Referral)).one()
    assert (made.status, made.completed_by, made.helped) == (ReferralStatus.DRAFT, None, None)
    assert made.created_at.date() == date(2026, 11, 24)
