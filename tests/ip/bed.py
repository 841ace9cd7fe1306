"""Test-bed projects, businesses in them, and lessons, as the tests of intellectual property need them."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from crm.accounts.queries import account_again
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.ip.decisions import queries as decisions
from crm.ip.decisions import service as deciding
from crm.ip.decisions.models import StrategicDecision
from crm.ip.decisions.service import DecisionDetails, EntryDetails
from crm.ip.decisions.workflow import EntryKind
from crm.ip.portfolio import queries as portfolio
from crm.ip.portfolio import service as incomes
from crm.ip.portfolio.models import IncomeLine, IncomeProtection
from crm.ip.portfolio.service import IncomeDetails, ProtectionDetails
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart, ProjectSpend
from crm.ip.testbed.queries import reading, seeing
from crm.ip.testbed.service import leading, naming, spending, taking_part, writing
from crm.ip.testbed.service.leading import ProjectDetails
from crm.ip.testbed.service.spending import SpendDetails
from crm.ip.testbed.service.writing import LessonText
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.notices.models import Letter
from tests import factories, network
from tests.cast import BUSINESS
from tests.client import ConformingClient

KEPT = "It tells the result and names nobody who did not agree"
"""How a lesson keeps to what the partners agreed may be published, as who approves it says."""


def owner(business_id: Any = BUSINESS) -> Business:
    found = business(business_id)
    assert found is not None
    return found


def page(client: ConformingClient, path: str) -> str:
    """What a page says, its signs as they are read."""
    return html.unescape(client.get(path).text)


def seen(page: str) -> str:
    """The mark of a preview."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


def days(name: str, day: date) -> dict[str, str]:
    """The three boxes of a day."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def letters(kind: str) -> list[Letter]:
    return list(session().scalars(select(Letter).where(Letter.kind == kind)))


def manager() -> Any:
    """An account of a test-bed manager, with its grants."""
    made = factories.account()
    factories.grant(made, Role.TEST_BED_MANAGER)
    session().flush()
    return account_again(made.id)


def details(**fields: Any) -> ProjectDetails:
    told: dict[str, Any] = {
        "title": "A contract on two pages",
        "question": "Do small studios license more with a standard contract?",
        "hypothesis": "Half of them sign within six months",
        "starts_on": today(),
        "ends_on": today() + timedelta(days=90),
        "budget": Money.pounds(1_000),
        "may_publish": "The result without names",
    }
    return ProjectDetails(**(told | fields))


def whole(project_id: Any) -> Project:
    found = seeing.project(project_id)
    assert found is not None
    return found


def again(found: Project) -> Project:
    session().expire(found)
    return whole(found.id)


def proposed(**fields: Any) -> Project:
    """A proposed project with a partner."""
    made = again(leading.propose(details(**fields), by=SYSTEM))
    leading.add_partner(made, "STEAMhouse", by=SYSTEM)
    return again(made)


def running(**fields: Any) -> Project:
    made = proposed(**fields)
    leading.agree(made, by=SYSTEM)
    leading.start(made, by=SYSTEM)
    return again(made)


def spent(found: Project | None = None, amount: Money | None = None) -> ProjectSpend:
    where = found or running()
    made = spending.spend(where, SpendDetails(today(), "A solicitor", amount or Money(25_050)), by=SYSTEM)
    found_again = seeing.spend(where.id, made.id)
    assert found_again is not None
    return found_again


def invited(who: Business, found: Project | None = None) -> ProjectPart:
    return taking_part.invite(found or running(), who, does="Use it with three clients", by=SYSTEM)


def taking(who: Business, found: Project | None = None) -> ProjectPart:
    made = invited(who, found)
    taking_part.take_part(made, by=SYSTEM)
    return made


def text(found: Project | None = None, words: str = "Two pages are enough.", **fields: Any) -> Lesson:
    """A draft."""
    made = writing.write(
        found or running(), LessonText(fields.pop("title", "Keep it short"), words), by=SYSTEM
    )
    for name, value in fields.items():
        setattr(made, name, value)
    session().flush()
    return text_again(made)


def text_again(found: Lesson) -> Lesson:
    session().expire(found)
    lesson = reading.lesson(found.id)
    assert lesson is not None
    return lesson


def submitted(**fields: Any) -> Lesson:
    made = text(**fields)
    writing.submit(made, by=SYSTEM)
    return text_again(made)


def published(**fields: Any) -> Lesson:
    made = submitted(**fields)
    writing.publish(made, kept=KEPT, by=SYSTEM)
    return text_again(made)


def asked(who: Business) -> Naming:
    """A business that was asked whether it may be named in a text."""
    part = taking(who)
    lesson = text(part.project, f"{who.name} signed in a week.")
    naming.ask(lesson, by=SYSTEM)
    found = reading.naming(reading.namings_in(part.id)[0].id)
    assert found is not None
    return found


def decided(who: Business, **fields: Any) -> StrategicDecision:
    """A decision of a business, to be looked at again in thirty days."""
    made = deciding.record(who, decision_details(**fields), by=SYSTEM)
    return decision_again(made)


def decision_details(**fields: Any) -> DecisionDetails:
    told: dict[str, Any] = {
        "question": "License or make?",
        "options": ("License", "Make"),
        "decided": "License",
        "why": "It brings money sooner",
        "decided_by": "The board",
        "decided_on": today() - timedelta(days=1),
        "review_on": today() + timedelta(days=30),
    }
    return DecisionDetails(**(told | fields))


def decision_again(made: StrategicDecision) -> StrategicDecision:
    found = decisions.decision(made.id)
    assert found is not None
    return found


def added(made: StrategicDecision, words: str = "Two games", **fields: Any) -> StrategicDecision:
    kind = fields.pop("kind", EntryKind.OUTCOME)
    deciding.add(made, EntryDetails(kind, words, **fields), by=SYSTEM)
    return decision_again(made)


def income(who: Business, name: str = "Lamps", pounds: int = 40_000) -> IncomeLine:
    made = incomes.add_income(who, IncomeDetails(f"{name}", Money.pounds(pounds)), by=SYSTEM)
    return income_again(made)


def income_again(made: IncomeLine) -> IncomeLine:
    found = portfolio.line(made.id)
    assert found is not None
    return found


def linked(who: Business, share: int = 60, **fields: Any) -> IncomeProtection:
    """A right of a business that protects a part of an income of its own."""
    line = income(who, f"Lamps {uuid4()}")
    right = network.right(who, **fields)
    made = incomes.protect(line, ProtectionDetails(right.id, share), by=SYSTEM)
    found = portfolio.protection(made.id)
    assert found is not None
    return found
