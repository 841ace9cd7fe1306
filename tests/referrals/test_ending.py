"""A business withdraws its agreement to be referred: sharing stops at once, and who holds what was shared is told once (P52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.queries.seeing import holding_consent
from crm.kernel.clock import now
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.referrals.models import Referral
from crm.referrals.service.sending import SHARING
from crm.referrals.workflow import ReferralStatus
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import agree, token_of

PAGE = f"/businesses/{BUSINESS}/consents/withdraw"
OURS = {"service_name": "Growth", "base_url": "https://growth.example"}


def letters(db: Session, kind: str) -> list[Letter]:
    db.expire_all()
    return list(db.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.to_address)))


def shared(owner: Business, **fields: Any) -> Referral:
    return factories.sent_referral(owner, **fields)


def withdraw(client: ConformingClient) -> int:
    return client.post(PAGE, data={"purpose": SHARING.value}).status_code


def test_p52_who_holds_what_was_shared_is_named_before_and_told_once(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    agree(owner)
    done = {"_status": ReferralStatus.DECLINED, "reason": "Full"}
    for each in ({"subject": "Lamps"}, {"subject": "Chairs"} | done, {"sent_to": "b@made.example"} | done):
        shared(owner, holder_id=cast.adviser.id, **each)
    client.sign_in(cast.founder)
    page = client.get(f"{PAGE}?purpose={SHARING.value}").text
    assert "We email each once" in page
    assert page.count("sent on 24 November 2026") == 3
    assert letters(db, "referral_consent_ended") == []

    assert withdraw(client) == 303
    first, second = letters(db, "referral_consent_ended")
    assert (first.to_address, second.to_address) == ("at@made.example", "b@made.example")
    said = word(first.kind, {**first.context, **OURS, "to_name": "Made"}).text
    for words in ("Lamps", "Chairs", owner.name, "stop using", "delete it", cast.adviser.actor.name):
        assert words in said
    agree(owner)
    client.sign_in(cast.founder)
    assert "there is no one to tell" in client.get(f"{PAGE}?purpose={SHARING.value}").text
    assert withdraw(client) == 303
    assert len(letters(db, "referral_consent_ended")) == 2


def test_p52_a_referral_that_was_not_answered_ends_and_its_sender_is_told(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    agree(owner)
    waiting = shared(owner, holder_id=cast.adviser.id)
    given = {"_status": ReferralStatus.UNDER_WAY, "answered_at": now(), "answered_by": "Made Reader"}
    working = shared(owner, holder_id=cast.adviser.id, **given)
    assert withdraw(client.sign_in(cast.founder)) == 303

    told = letters(db, "referral_consent_withdrawn")
    assert [each.to_address for each in told] == [cast.adviser.email] * 2
    assert waiting.status is ReferralStatus.WITHDRAWN
    assert "withdrew its agreement" in waiting.reason
    assert working.status is ReferralStatus.UNDER_WAY


def test_n52_a_provider_no_longer_reads_the_details_by_its_link(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    agree(owner)
    given = {"_status": ReferralStatus.ACCEPTED, "answered_at": now(), "answered_by": "Made Reader"}
    working = shared(owner, **given)
    link = token_of(working)
    assert "The business no longer agrees" not in client.get(f"/reply/{link}").text
    assert withdraw(client.sign_in(cast.founder)) == 303

    assert "The business no longer agrees that we share its details" in client.get(f"/reply/{link}").text


def test_another_consent_is_withdrawn_and_nobody_is_told(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    agree(owner)
    shared(owner)
    client.sign_in(cast.founder)
    client.post(f"/businesses/{BUSINESS}/consents/give", data={"purpose": "news", "version": "2026-11"})
    page = client.get(f"{PAGE}?purpose=news").text
    assert "Who we tell" not in page
    assert client.post(PAGE, data={"purpose": "news"}).status_code == 303
    assert letters(db, "referral_consent_ended") == []
    assert holding_consent(BUSINESS, SHARING) is not None
