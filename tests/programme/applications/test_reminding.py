"""Whoever began an application hears once that its deadline comes near."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.kernel.clock import now
from crm.notices.models import Letter
from crm.programme.applications.jobs.reminding import remind_daily
from crm.programme.applications.service.reminding import remind_all
from crm.programme.applications.workflow import ApplicationStatus
from tests import factories, rounds
from tests.cast import BUSINESS, Cast
from tests.programme.applicants import Clock


def reminders(db: Session) -> list[Letter]:
    return [each for each in db.scalars(select(Letter)) if each.kind == "application_due"]


def test_a_draft_is_reminded_of_once_a_week_before_it_is_due(cast: Cast, clock: Clock, db: Session) -> None:
    begun = now()
    found = rounds.round_(deadline_at=begun + timedelta(days=10), assess_from=begun + timedelta(days=11))
    owner = business(BUSINESS)
    assert owner is not None
    rounds.application(owner, found)
    rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
    for days, told in ((0, 0), (2, 0), (4, 1), (5, 1)):
        clock.move_to(begun + timedelta(days=days))
        remind_daily()
        assert len(reminders(db)) == told
    (letter,) = reminders(db)
    assert letter.to_address == cast.founder.email
    assert letter.context["round"] == found.name


def test_a_later_deadline_of_its_own_is_what_counts(cast: Cast, db: Session) -> None:
    found = rounds.round_(deadline_at=now() + timedelta(days=3), assess_from=now() + timedelta(days=4))
    rounds.application(
        factories.business(), found, extended_until=now() + timedelta(days=9), extension_reason="Ill"
    )
    assert remind_all() == 0


def test_of_a_dry_run_and_of_what_is_over_nobody_is_reminded(cast: Cast, db: Session) -> None:
    trial = rounds.round_(is_dry_run=True, deadline_at=now() + timedelta(days=3))
    over = rounds.round_(opens_at=now() - timedelta(days=9), deadline_at=now() - timedelta(days=3))
    for each in (trial, over):
        rounds.application(factories.business(), each)
    assert remind_all() == 0
