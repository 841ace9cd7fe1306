"""What the audit log does not show to people who still score in a round, or have a stake in it: the scores of that round."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.policy import SCORING
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.policy import STILL_SCORING
from crm.programme.rounds.policy import OF_STAKED_ROUND, STAKED

APPLICATION, ASSESSMENT = Application.__table__.c, Assessment.__table__.c


def veil(actor: Actor, things: Mapping[str, Collection[UUID]]) -> dict[UUID, str]:
    """Of some applications and assessments, those of rounds whose scores are not for this person; but for their own assessments."""
    return {**_of(actor, things, STAKED, OF_STAKED_ROUND), **_of(actor, things, SCORING, STILL_SCORING)}


def _of(actor: Actor, things: Mapping[str, Collection[UUID]], fact: str, why: str) -> dict[UUID, str]:
    rounds = actor.facts.get(fact, frozenset())
    if not rounds:
        return {}
    here = select(APPLICATION.id).where(APPLICATION.round_id.in_(rounds))
    applications = here.where(APPLICATION.id.in_(things.get("application", ())))
    others = select(ASSESSMENT.id).where(
        ASSESSMENT.id.in_(things.get("assessment", ())),
        ASSESSMENT.application_id.in_(here),
        ASSESSMENT.assessor_id != actor.account_id,
    )
    return dict.fromkeys([*session().scalars(applications), *session().scalars(others)], why)
