"""What assessing shows elsewhere: on desks, and on the pages of rounds and applications."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import url_for

from crm.kernel.clock import day_of, now
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import known_application
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries.assessments import count_waiting
from crm.programme.assessing.queries.waiting import (
    applications_apart,
    applications_to_close,
    rounds_lacking_assessors,
    rounds_with_open_assessments,
)
from crm.programme.assessing.queries.waiting import assessments_to_score_again as assessments_to_repeat
from crm.programme.assessing.rules.labels import AGAIN
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import known_round
from crm.programme.rounds.workflow import RoundStatus
from crm.web.feature import Todo
from crm.web.identity import current_actor

CHASED_BEFORE = timedelta(days=5)
"""How long before the end of assessing what is still open is on the desks of those who lead it."""


def rounds_without_assessors(actor: Actor) -> tuple[Todo, ...]:
    """Rounds past their deadline whose applications have fewer assessors than they need."""
    return tuple(
        Todo(
            "Allocate assessors" if count > 1 else "Allocate assessors to an application",
            count,
            url_for("panel.assessors", round_id=found.id, _anchor="missing"),
            about=found.name,
            since=day_of(found.deadline_at),
        )
        for found, count in rounds_lacking_assessors(now())
        if POLICY.allows(actor, Act.ALLOCATE, found)
    )


def scores_to_moderate(actor: Actor) -> tuple[Todo, ...]:
    """Applications whose assessors differ by more than the round allows."""
    found = [each for each in applications_apart() if POLICY.allows(actor, Act.MODERATE, each)]
    return tuple(
        Todo(
            f"Moderate the scores of {each.reference}",
            None,
            url_for("scores.scores", application_id=each.id),
            about=each.business.name,
        )
        for each in found
    )


def assessments_to_submit(actor: Actor) -> tuple[Todo, ...]:
    """What an assessor has still to submit, by when."""
    count, due = count_waiting(actor.account_id) if actor.account_id is not None else (0, None)
    if not count or due is None:
        return ()
    words = "application waits for your assessment" if count == 1 else "applications wait for your assessment"
    href = url_for("assessments.assessments", _anchor="waiting")
    return (Todo(words, count, href, due=day_of(due), is_overdue=due < now()),)


def assessments_to_score_again(actor: Actor) -> tuple[Todo, ...]:
    """What was returned to an assessor, or is out of date since the applicant changed an answer."""
    found = assessments_to_repeat(actor.account_id) if actor.account_id is not None else ()
    return tuple(
        Todo(
            f"Score again: {each.application.reference}",
            None,
            url_for("assessments.assessment", assessment_id=each.id),
            about=f"{each.business.name}, {AGAIN[why][0].lower()}",
            due=day_of(each.due_at) if why == "returned" else None,
        )
        for each, why in found
    )


def assessments_to_chase(actor: Actor) -> tuple[Todo, ...]:
    """Rounds whose assessment ends within days, or has ended, while assessments are still to be submitted."""
    return tuple(
        _to_chase(each, count)
        for each, count in rounds_with_open_assessments()
        if each.assess_until - now() < CHASED_BEFORE and POLICY.allows(actor, Act.REMIND, each)
    )


def _to_chase(found: Round, count: int) -> Todo:
    words = f"Chase {count} assessments" if count > 1 else "Chase an assessment"
    where, end = url_for("panel.assessors", round_id=found.id, _anchor="open"), found.assess_until
    return Todo(words, None, where, about=found.name, due=day_of(end), is_overdue=end < now())


def assessments_to_close(actor: Actor) -> tuple[Todo, ...]:
    """Rounds with applications that are ready to close: all scores are in, and nothing is left to settle."""
    found = [each for each in applications_to_close() if POLICY.allows(actor, Act.FINALISE, each)]
    return tuple(
        _to_close(round_, [each for each in found if each.round_id == round_.id])
        for round_ in {each.round_id: each.round for each in found}.values()
    )


def _to_close(found: Round, ready: list[Application]) -> Todo:
    """One application is closed on its own page; several are tagged in the ranking."""
    words = "Ready to close: scores of an application"
    if len(ready) == 1:
        where = url_for("scores.scores", application_id=ready[0].id)
        return Todo(words, None, where, about=f"{ready[0].business.name}, {found.name}")
    words = f"Ready to close: scores of {len(ready)} applications"
    return Todo(words, None, url_for("ranking.round_ranking", round_id=found.id), about=found.name)


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a published round to its assessors and its ranking; from an application to its scores and its pack."""
    if kind == "programme_round":
        return _of_round(thing_id)
    return _of_application(thing_id) if kind == "application" else []


def _of_round(round_id: UUID) -> list[tuple[str, str]]:
    found, actor = known_round(round_id), current_actor()
    if found is None or found.status is not RoundStatus.PUBLISHED:
        return []
    ranking = (Act.VIEW_RANKING, "Ranking", "ranking.round_ranking")
    ways = ((Act.VIEW_PANEL, "Assessors", "panel.assessors"), ranking)
    return [
        (words, url_for(where, round_id=round_id))
        for act, words, where in ways
        if POLICY.allows(actor, act, found)
    ]


def _of_application(application_id: UUID) -> list[tuple[str, str]]:
    found, actor = known_application(application_id), current_actor()
    if found is None or found.submitted_at is None:
        return []
    ways = ((Act.VIEW_SCORES, "Scores", "scores.scores"), (Act.VIEW_PACK, "For the panel", "packs.pack"))
    return [
        (words, url_for(where, application_id=application_id))
        for act, words, where in ways
        if POLICY.allows(actor, act, found)
    ]
