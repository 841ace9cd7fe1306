"""What keeps decisions from being sent: a refusal without feedback on every criterion, or nobody who can get an email."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.accounts.queries import businesses_with_people
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import day_of
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Decision, Feedback
from crm.programme.cohort.queries.decisions import DECISION, decisions_of
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.rounds.models import Criterion, Round


def offer_due(told_on: date) -> date:
    """The day by which the offer letter comes, of an award that its business was told of on a day."""
    return told_on + timedelta(days=int(figure_on("offer.letter_days", on=told_on)))


def offer_promised(found: Decision) -> date | None:
    """By when the last letter about an award promised its offer, which waits on desks until that day."""
    told_at = datetime.fromisoformat(found.letters[-1]["at"]) if found.letters else found.notified_at
    return offer_due(day_of(told_at)) if told_at else None


@dataclass(frozen=True)
class Unsent:
    """How many decisions of a cohort can be sent, can get no email, and are refusals that still need feedback."""

    sendable: int = 0
    unreached: int = 0
    lacking: int = 0


def lacking(rows: Iterable[Decision]) -> dict[UUID, list[str]]:
    """By each refusal that was not sent: the titles of the criteria on which its applicant can read nothing yet (P37)."""
    refused = [each for each in rows if _is_refused(each.outcome, each.status)]
    shared = _shared([each.application_id for each in refused])
    found = {
        each.id: [one.title for one in each.round.criteria if (each.application_id, one.id) not in shared]
        for each in refused
    }
    return {key: titles for key, titles in found.items() if titles}


def lacking_in(cohort_id: UUID) -> list[tuple[Decision, list[str]]]:
    """The refusals of a cohort that still need feedback, in the order of their references, each with the criteria."""
    rows = decisions_of(cohort_id, DecisionStatus.SAVED)
    unsaid = lacking(rows)
    return [(each, unsaid[each.id]) for each in rows if each.id in unsaid]


def _is_refused(outcome: Outcome, status: DecisionStatus) -> bool:
    return outcome is Outcome.UNSUCCESSFUL and status is DecisionStatus.SAVED


def _shared(application_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """The applications and criteria on which feedback is shared."""
    query = select(Feedback.application_id, Feedback.criterion_id)
    query = query.where(Feedback.application_id.in_(application_ids), Feedback.is_shared.is_(True))
    return {(row[0], row[1]) for row in session().execute(query)} if application_ids else set()


def unsent_of(cohort_ids: Collection[UUID]) -> dict[UUID, Unsent]:
    """What waits to be sent in each of some cohorts, in a number of queries that does not grow."""
    query = (
        select(
            Decision.cohort_id,
            DECISION.outcome,
            Decision.application_id,
            Application.business_id,
            Application.round_id,
            Round.is_dry_run,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(Decision.cohort_id.in_(cohort_ids), DECISION.status == DecisionStatus.SAVED)
    )
    rows = session().execute(query).all() if cohort_ids else []
    known = businesses_with_people({row.business_id for row in rows if not row.is_dry_run})
    unsaid = _unsaid([row for row in rows if row.outcome is Outcome.UNSUCCESSFUL])
    counts: dict[UUID, Counter[str]] = {}
    for row in rows:
        is_reached = row.is_dry_run or row.business_id in known
        kind = "lacking" if row.application_id in unsaid else "sendable" if is_reached else "unreached"
        counts.setdefault(row.cohort_id, Counter())[kind] += 1
    return {key: Unsent(**count) for key, count in counts.items()}


def _unsaid(rows: Collection[Any]) -> set[UUID]:
    """The applications among some refusals on which feedback is missing."""
    if not rows:
        return set()
    query = select(Criterion.round_id, Criterion.id).where(
        Criterion.round_id.in_({row.round_id for row in rows}), Criterion.superseded_at.is_(None)
    )
    wanted: dict[UUID, set[UUID]] = {}
    for round_id, criterion_id in session().execute(query):
        wanted.setdefault(round_id, set()).add(criterion_id)
    shared = _shared([row.application_id for row in rows])
    return {
        row.application_id
        for row in rows
        if any((row.application_id, each) not in shared for each in wanted.get(row.round_id, ()))
    }
