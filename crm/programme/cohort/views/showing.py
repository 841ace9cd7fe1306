"""What cohorts show elsewhere: on desks, and on the pages of rounds and applications."""

from __future__ import annotations

from uuid import UUID

from flask import url_for

from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.cohorts import cohort_of, proposed_drafts
from crm.programme.cohort.service.beginning import why_not_begun
from crm.programme.cohort.service.confirming import why_not_by
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.queries import known_round
from crm.web.feature import Todo
from crm.web.identity import current_actor


def cohorts_to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Proposed cohorts that this approver can confirm: they did not propose them, and moderated no score."""
    return tuple(
        Todo(
            f"Confirm the cohort of {each.round.name}",
            None,
            url_for("cohort_confirmations.confirm", cohort_draft_id=each.id),
            about=each.name,
            since=day_of(each.proposed_at) if each.proposed_at else None,
        )
        for each in proposed_drafts()
        if POLICY.allows(actor, Act.CONFIRM, each) and not why_not_by(each, actor.account_id)
    )


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a round to its cohort, or to beginning one."""
    found = known_round(thing_id) if kind == "programme_round" else None
    if found is None:
        return []
    made, actor = cohort_of(thing_id), current_actor()
    if made is not None:
        may = POLICY.allows(actor, Act.VIEW, made)
        return [("Cohort", url_for("cohorts.cohort", cohort_id=made.id))] if may else []
    may = POLICY.allows(actor, Act.BEGIN, found) and not why_not_begun(found)
    return [("Create the cohort", url_for("cohorts.begin", round_id=thing_id))] if may else []
