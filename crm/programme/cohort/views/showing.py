"""What cohorts show elsewhere: on desks, and on the pages of rounds and applications."""

from __future__ import annotations

from uuid import UUID

from flask import url_for

from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.cohorts import cohort_of
from crm.programme.cohort.service.beginning import why_not_begun
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.queries import known_round
from crm.web.identity import current_actor


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
