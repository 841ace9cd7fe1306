"""What applicants and their advisers know of decisions: where an application stands, and its part of the story."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from flask import url_for

from crm.kernel.permissions import Actor
from crm.programme.applications.policy import POLICY as APPLICATIONS
from crm.programme.applications.policy import SCORING
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.cohort.models import Decision
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.decisions import decision_told, letters_of, told_about
from crm.programme.cohort.workflow import Act, DecisionStatus, Outcome
from crm.web.telling import Happening, Stand


def standings(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Where applications stand whose decision was sent; nothing to a person who still scores in the round."""
    scored = actor.facts.get(SCORING, frozenset())
    return {
        each.application_id: _standing(each) for each, round_id in told_about(ids) if round_id not in scored
    }


def _standing(found: Decision) -> Stand:
    if found.status is DecisionStatus.WITHDRAWN:
        return Stand("Award withdrawn", "red")
    if found.outcome is Outcome.RESERVE:
        return Stand(f"On the waiting list, place {found.place}", "yellow")
    if found.outcome is Outcome.SUCCESSFUL:
        return Stand("Selected", "green")
    return Stand("Not selected", "grey")


def story(actor: Actor, application_id: UUID) -> Sequence[Happening]:
    """When we wrote to the applicant about the decision: with the letter, or for staff the decision."""
    found = decision_told(application_id)
    if found is None or not APPLICATIONS.allows(actor, ApplicationAct.VIEW, found.application):
        return ()
    href = url_for("applications.application", application_id=application_id, _anchor="decision")
    if POLICY.allows(actor, Act.VIEW, found):
        href = url_for("decisions.decision", decision_id=found.id)
    return [
        Happening(at, "Decision sent" if sent else "Decided", href=href) for at, _, sent in letters_of(found)
    ]
