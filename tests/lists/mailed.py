"""Businesses whose people can be written to, and what is written to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.businesses.models import Business, Consent, Person
from crm.businesses.workflow import ConsentPurpose
from crm.db.session import session
from crm.kernel.clock import now
from crm.lists.service.deeds import Wish, Words
from crm.lists.workflow import Deed
from crm.notices.models import Letter
from tests import factories

NEWS = ConsentPurpose.NEWS
WORDS = Words("Two days of mending", "Come and see.\nRead www.evil.example now.", NEWS)
TYPED = {"deed": "email", "purpose": "news", "to_whom": "main", "subject": WORDS.subject, "body": WORDS.body}


def consent(owner: Business, purpose: ConsentPurpose = NEWS, **fields: Any) -> Consent:
    """That a business agreed to something."""
    given = {"wording_version": "2026-11", "given_at": now(), "given_by": "Made", "way": "on the telephone"}
    made: Consent = factories.kept(Consent(business_id=owner.id, purpose=purpose, **(given | fields)))
    return made


def agreed(name: str, hub_id: UUID | None, *people: dict[str, Any]) -> Business:
    """A business of a hub that agreed to news and events, with these people."""
    made: Business = factories.business(name=name, hub_id=hub_id)
    consent(made)
    for each in people:
        factories.person(made, **each)
    return made


def somebody(owner: Business, **fields: Any) -> Person:
    """Somebody at a business."""
    made: Person = factories.person(owner, **fields)
    return made


def email(some: Iterable[Business], words: Words = WORDS, *, to_all: bool = False) -> Wish:
    """An email to the people of some businesses."""
    return Wish(Deed.EMAIL, tuple(each.id for each in some), words=words, to_all=to_all)


def letters(kind: str = "written_to_many") -> list[Letter]:
    """What is in the outbox of a kind, by address."""
    return list(session().scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.to_address)))
