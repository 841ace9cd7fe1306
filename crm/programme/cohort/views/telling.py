"""What applicants and their advisers know of decisions: where an application stands, and its part of the story."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from flask import url_for

from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor
from crm.programme.applications.policy import POLICY as APPLICATIONS
from crm.programme.applications.policy import SCORING
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.cohort.models import Decision
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.decisions import decision_told, letters_of, places_today, told_about
from crm.programme.cohort.workflow import Act, DecisionStatus, Outcome
from crm.web.telling import Happening, Stand

TITLES = {
    "award_withdrawn": "Told that the award is withdrawn",
    "award_lowered": "Told that the award is lowered",
}
"""What is told of a letter about a decision that takes something back."""


def standings(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Where applications stand whose decision was sent; nothing to a person who still scores in the round."""
    scored = actor.facts.get(SCORING, frozenset())
    rows = [each for each, round_id in told_about(ids) if round_id not in scored]
    waiting = {each.cohort_id for each in rows if each.outcome is Outcome.RESERVE}
    places, is_staff = places_today(waiting) if waiting else {}, POLICY.allows(actor, Act.LIST_COHORTS)
    return {each.application_id: _standing(each, places.get(each.id), is_staff=is_staff) for each in rows}


def _standing(found: Decision, place: int | None, *, is_staff: bool) -> Stand:
    """As the last letter said it (P35); staff read what was decided since, and that it is not sent yet."""
    if found.status is DecisionStatus.WITHDRAWN and (is_staff or not found.is_award_untold):
        return Stand("Award withdrawn", "red")
    outcome = found.outcome if is_staff else found.told_outcome
    unsent = ", not sent yet" if outcome is not found.told_outcome else ""
    if outcome is Outcome.RESERVE:
        return Stand(f"On the waiting list{f', place {place}' if place else ''}", "yellow")
    if outcome is Outcome.SUCCESSFUL:
        return Stand(f"Selected{unsent}", "green")
    if outcome is Outcome.WITHDREW:
        return Stand(f"Withdrawn from the waiting list{unsent}", "grey")
    return Stand(f"Not selected{unsent}", "grey")


def story(actor: Actor, application_id: UUID) -> Sequence[Happening]:
    """When we wrote to the applicant about the decision: with the letter, or for staff the decision."""
    found = decision_told(application_id)
    if found is None or not APPLICATIONS.allows(actor, ApplicationAct.VIEW, found.application):
        return ()
    href = url_for("applications.application", application_id=application_id, _anchor="decision")
    is_staff = POLICY.allows(actor, Act.VIEW, found)
    if is_staff:
        href = url_for("decisions.decision", decision_id=found.id)
    sent = _letters(found, href)
    return [*_confirmed(found), *sent] if is_staff else sent


def _letters(found: Decision, href: str) -> list[Happening]:
    """Each letter about a decision, by what it told."""
    letters = letters_of(found)
    kinds = [each.get("kind", "") for each in found.letters] or [""] * len(letters)
    return [
        Happening(at, TITLES.get(kind) or _sent(found, is_sent, alone=len(letters) == 1), href=href)
        for kind, (at, _, is_sent) in zip(kinds, letters, strict=True)
    ]


def _sum(found: Decision) -> str:
    return (found.amount or NO_MONEY).in_full()


def _sent(found: Decision, is_sent: bool, *, alone: bool) -> str:
    """A letter about a decision; with the sum of an award where it is the only letter, so that it is the sum it named."""
    words = "Decision sent" if is_sent else "Decided"
    return f"{words}: {_sum(found)} awarded" if alone and found.told_outcome is Outcome.SUCCESSFUL else words


def _confirmed(found: Decision) -> list[Happening]:
    """When the cohort was confirmed, for staff; and when an award was made later, from its waiting list."""
    at, href = found.cohort.confirmed_at, url_for("decisions.decision", decision_id=found.id)
    steps = [Happening(at, "Cohort confirmed", href=href)] if at is not None else []
    is_later = bool(found.promoted_reason)
    return (
        [*steps, Happening(found.decided_at, f"{_sum(found)} awarded from the waiting list", href=href)]
        if is_later
        else steps
    )
