"""Nobody is passed on without having agreed, and nothing leaves that was not seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, holding_consent
from crm.businesses.service.people import withdraw_consent
from crm.businesses.workflow import ConsentPurpose
from crm.casework.workflow import Channel, ConversationStatus
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.links import service as links
from crm.links.rules import Purpose
from crm.referrals.models import Referral
from crm.referrals.service import preparing, telling
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import ReferralStatus
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import READER, again, agree, letters, sent


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
        telling.announce(again(made), READER, by=cast.adviser.actor)


def test_a14_nobody_is_passed_on_without_having_agreed(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    with pytest.raises(Invalid, match="has not agreed"):
        telling.announce(made, READER, by=cast.adviser.actor)
    agree(owner)
    held = business(BUSINESS)
    assert held is not None
    telling.announce(again(made), READER, by=cast.adviser.actor)
    assert made.status is ReferralStatus.ANNOUNCED
    telling.agree(again(made), by=SYSTEM)
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
        telling.announce(made, READER, by=cast.adviser.actor)


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
        telling.announce(made, READER, by=cast.adviser.actor)


def test_k4_of_two_who_choose_only_other_conversations_the_second_is_told(
    cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    complete = {"kind_code": factories.support_kind().code, "channel": Channel.VIDEO, "completed_at": now()}
    chosen = factories.conversation(owner, _status=ConversationStatus.COMPLETE, **complete)
    made = again(preparing.draft(owner, details, by=cast.adviser.actor))
    seen = made.version
    preparing.edit(made, replace(details, conversations=(chosen.id,)), version=seen, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        preparing.edit(again(made), details, version=seen, by=cast.adviser.actor)


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
    with pytest.raises(Conflict, match="cannot be changed"):
        preparing.edit(made, replace(details, subject="Other"), version=None, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        telling.announce(made, READER, by=cast.adviser.actor)


@pytest.mark.engine("sqlite")
def test_the_subject_of_a_referral_is_said_within_sentences_and_has_no_full_stop_k25(
    cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    agree(owner)
    made = preparing.draft(
        owner, replace(details, subject="Made: help with contracts. "), by=cast.adviser.actor
    )
    assert made.subject == "Made: help with contracts"
