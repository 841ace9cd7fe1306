"""What assessing shows elsewhere: on desks, and on the pages of rounds and applications."""

from __future__ import annotations

from uuid import UUID

from flask import url_for

from crm.kernel.clock import day_of, now
from crm.kernel.permissions import Actor
from crm.programme.applications.queries.applications import known_application
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries.assessments import count_waiting
from crm.programme.assessing.queries.waiting import applications_apart, rounds_lacking_assessors
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.queries import known_round
from crm.programme.rounds.workflow import RoundStatus
from crm.web.feature import Todo
from crm.web.identity import current_actor


def rounds_without_assessors(actor: Actor) -> tuple[Todo, ...]:
    """Rounds past their deadline whose applications have fewer assessors than they need."""
    return tuple(
        Todo(
            "Allocate assessors" if count > 1 else "Allocate assessors to an application",
            count,
            url_for("panel.assessors", round_id=found.id),
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
    """What an assessor has still to hand in."""
    count = count_waiting(actor.account_id) if actor.account_id is not None else 0
    words = "application waits for your assessment" if count == 1 else "applications wait for your assessment"
    return (Todo(words, count, url_for("assessments.assessments")),) if count else ()


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
