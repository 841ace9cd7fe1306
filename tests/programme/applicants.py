"""Businesses that apply, for the tests of the programme."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.queries import account, actor_of
from crm.audit.models import AuditEntry
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.directory.rules.facts import where
from crm.kernel.eligibility import Facts
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.models import Letter
from crm.programme.applications.models import Application
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.filling import filled
from crm.programme.applications.rules.answering import SectionState
from crm.programme.applications.service import filling
from crm.programme.rounds.models import Round
from tests import factories, rounds
from tests.cast import BUSINESS, Member

HERE = Facts(places=where("B1 1AA")[0], trading_months=24)
ELSEWHERE = Facts(places=where("SW1A 1AA")[0], trading_months=24)
PDF = b"%PDF-1.7\n%%EOF\n"
Clock = Any


def own(business_id: UUID = BUSINESS) -> Business:
    found = business(business_id)
    assert found is not None
    return found


def strict(**fields: Any) -> Round:
    """A round for the region alone, and for businesses that have traded for a year."""
    return rounds.round_(leps=("GBSLEP", "CWLEP", "BCLEP"), min_trading_months=12, **fields)


def labels(found: Application) -> dict[str, str]:
    return {each.label: str(each.id) for each in found.round.questions}


def state(found: Application, title: str) -> SectionState:
    again = rounds.whole_application(found)
    section = next(each for each in again.round.sections if each.title == title)
    return filled(again).states[section.id]


def save(found: Application, title: str, given: dict[str, Any], member: Member, **fields: Any) -> Any:
    again = rounds.whole_application(found)
    section = next(each for each in again.round.sections if each.title == title)
    version = fields.pop("version", None)
    if version is None:
        latest = queries.latest_answers(again.id).get(section.id)
        version = latest.version if latest else 0
    answers = {labels(again)[label]: value for label, value in given.items()}
    saved = filling.Saved(section, answers, version, fields.get("is_finished", True))
    return filling.save(again, saved, by=member.actor)


def fill_in(found: Application, member: Member) -> Application:
    save(found, "You", {"What will you do?": "Make more of it"}, member)
    save(found, "Money", {"Cost": 8_000_000, "Sum": 4_000_000}, member)
    return rounds.whole_application(found)


def colleague() -> Member:
    """Somebody else who is let in to the founder's business."""
    made = factories.account()
    held = {"scope": Scope.BUSINESS, "scope_id": str(BUSINESS), "standing": Standing.CONTRIBUTOR}
    factories.grant(made, Role.FOUNDER, **held)
    session().expire_all()
    found = account(made.id)
    assert found is not None
    return Member("colleague", actor_of(found))


def acts(db: Session, found: Application) -> list[str]:
    query = select(AuditEntry.act).where(AuditEntry.thing_id == str(found.id)).order_by(AuditEntry.id)
    return list(db.scalars(query))


def letters(db: Session) -> list[tuple[str, str]]:
    query = select(Letter.kind, Letter.to_name).where(Letter.kind.like("application%"))
    return sorted((kind, name) for kind, name in db.execute(query))


def page_of(found: Application) -> str:
    return f"/applications/{found.id}"


def section_page(found: Application, title: str) -> str:
    again = rounds.whole_application(found)
    section = next(each for each in again.round.sections if each.title == title)
    return f"{page_of(found)}/sections/{section.id}"
