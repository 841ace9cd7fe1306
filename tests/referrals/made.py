"""Making, sending and finding referrals in tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.service.people import Agreement, give_consent
from crm.businesses.workflow import ConsentPurpose
from crm.casework.service.conversing import ConversationDetails
from crm.casework.workflow import Channel
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.service import Reader
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.service import preparing, sending, telling
from crm.referrals.service.answering import Came
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import factories
from tests.cast import Cast

READER = Reader("desk@provider.example", "Desk")
CAME = Came(Outcome.HELPED, "Good luck", 6, Money.pounds(300))


def agree(owner: Business) -> None:
    agreement = Agreement("Jo Maker", "told to an adviser")
    give_consent(owner, ConsentPurpose.SHARE_WITH_PROVIDERS, agreement=agreement, by=SYSTEM)


def again(found: Referral) -> Referral:
    queries.read_again(found)
    whole = queries.referral(found.id)
    assert whole is not None
    return whole


def announced(cast: Cast, owner: Business, details: ReferralDetails) -> Referral:
    """One of which the business was told, and that has not left."""
    agree(owner)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    telling.announce(made, READER, by=cast.adviser.actor)
    return again(made)


def sent(cast: Cast, owner: Business, details: ReferralDetails) -> Referral:
    agree(owner)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    if details.service_id:
        telling.announce(made, READER, by=cast.adviser.actor)
        telling.agree(again(made), by=SYSTEM)
    else:
        sending.send(made, by=cast.adviser.actor)
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


def posted(cast: Cast, referral: Referral, **changed: Any) -> dict[str, Any]:
    day = today()
    form = {"happened_on-day": day.day, "happened_on-month": day.month, "happened_on-year": day.year}
    form |= {"subject": "What they make", "channel": "video", "kind_code": factories.support_kind().code}
    form |= {"people": [str(referral.person_id)], "advisers": [str(cast.adviser.id)]}
    return form | changed


def token_of(found: Referral) -> str:
    return links.mint(Purpose.REPLY, str(found.id))


def told_referral(owner: Business, **fields: Any) -> Referral:
    """One of which the business was told, and that has not left."""
    given = {"_status": ReferralStatus.ANNOUNCED, "sent_at": None, "due_on": None, "told_at": now()}
    given |= {"told_to": "jo@made.example", "told_to_name": "Made Person", "objects_until": today()}
    return factories.sent_referral(owner, **(given | fields))
