"""A process that is killed while the letters of a cohort are queued, or after: every decision stays, each letter goes once (P35)."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from crm.db.session import session
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.service import confirming, telling
from crm.programme.cohort.workflow import DecisionStatus
from tests import cohorts, factories
from tests.engines import PATIENCE
from tests.faults.together import command, together
from tests.houses import database

AWARDS = 3
KILLED = """
import os, signal
from uuid import UUID
from crm.app import create_app
from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.service import telling
with create_app().extensions["database"].transaction():
    assert telling.notify_all(cohorts.cohort(UUID("{cohort_id}")), by=SYSTEM) == 3
    {inside}
os.kill(os.getpid(), signal.SIGKILL)
"""


def decided(app: Flask) -> UUID:
    """A confirmed cohort of three awards, whose businesses can all be written to; none knows of it yet."""
    with database(app).transaction():
        found = cohorts.cohort(cohorts.judged())
        rows = cohorts.ranked(found.round, 90, 80, 70)
        for each in rows:
            scope = {"scope": Scope.BUSINESS, "scope_id": str(each.business_id)}
            factories.grant(factories.account(), Role.FOUNDER, **scope)
        draft = cohorts.draft(found, *rows)
        confirming.propose(draft, by=SYSTEM)
        confirming.confirm(draft, by=SYSTEM)
        return found.id


def counted(app: Flask, cohort_id: UUID) -> tuple[int, int, int]:
    """How many decisions were saved and how many sent, and how many letters there are."""
    with database(app).reading():
        saved, told = (
            len(decisions.decisions_of(cohort_id, each))
            for each in (DecisionStatus.SAVED, DecisionStatus.NOTIFIED)
        )
        letters = select(func.count()).where(Letter.kind.like("decision%"))
        return saved, told, session().scalar(letters) or 0


def send(cohort_id: UUID) -> int:
    found = queries.cohort(cohort_id)
    assert found is not None
    return telling.notify_all(found, by=SYSTEM)


def test_P35_killed_while_letters_are_queued_nothing_was_sent_and_killed_after_it_each_goes_once(
    furnished: Flask,
) -> None:
    cohort_id = decided(furnished)
    assert counted(furnished, cohort_id) == (AWARDS, 0, 0)
    for inside, left in (
        ("os.kill(os.getpid(), signal.SIGKILL)", (AWARDS, 0, 0)),
        ("pass", (0, AWARDS, AWARDS)),
    ):
        code = KILLED.format(cohort_id=cohort_id, inside=inside)
        with command(furnished, "-c", code) as killed:
            assert killed.wait(PATIENCE) == -9
        assert counted(furnished, cohort_id) == left
    (refused,) = together(furnished, lambda: send(cohort_id))
    assert isinstance(refused, Conflict), refused
    assert counted(furnished, cohort_id) == (0, AWARDS, AWARDS)
