"""Who assesses applications, who leads that, and who sees which score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm.businesses.policy import HUB_ROLES, is_cared_for, is_theirs
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.programme.applications.policy import application_of, is_scoring
from crm.programme.assessing.models import Assessment, Interest
from crm.programme.assessing.workflow import Act
from crm.programme.assessing.workflow import AssessmentStatus as S
from crm.programme.rounds.policy import MANAGERS, READERS, leads, left_to_others_of_round

OPEN = (S.ALLOCATED, S.ACCEPTED)
LIVE = (*OPEN, S.SUBMITTED)
STILL_SCORING = (
    "You still have an assessment to submit in this round. Until then its scores, and what follows from them, "
    "are not shown to you."
)
OWN = "their own assessments"
"""The fact of an actor that says, by the application's id, where each assessment stands that they were given and have not left."""


def _own(actor: Actor, thing: Any) -> S | None:
    """Where the actor's own assessment of an application stands; None where they have none."""
    found = application_of(thing)
    known: Mapping[UUID, S] = actor.facts.get(OWN, {})
    return known.get(found.id) if found is not None else None


def is_open_to(actor: Actor, thing: Any) -> bool:
    """if they have no assessment left to submit in the round"""
    return not is_scoring(actor, thing)


def why_blind(actor: Actor, thing: Any) -> str:
    """Why somebody whose role would show scores does not see them now; empty where that is not why."""
    return STILL_SCORING if is_scoring(actor, thing) else ""


def leads_openly(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round, and have no assessment left to submit in it"""
    return leads(actor, thing) and is_open_to(actor, thing)


def is_not_own(actor: Actor, thing: Any) -> bool:
    """if they have no assessment left to submit in the round, and did not assess this themselves"""
    return is_open_to(actor, thing) and _own(actor, thing) is None


def leads_others(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round, have none left to submit in it, and did not assess this themselves"""
    return leads(actor, thing) and is_not_own(actor, thing)


def leads_if_shown(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round; another's assessment only if they have none left to submit in it"""
    if isinstance(thing, Assessment) and not is_theirs_to_assess(actor, thing):
        return leads_openly(actor, thing)
    return leads(actor, thing)


def assesses(actor: Actor, thing: Any) -> bool:
    """if it was given to them to assess, and they have no interest in it"""
    if isinstance(thing, Assessment):
        return is_theirs_to_assess(actor, thing)
    return _own(actor, thing) is not None


def is_theirs_to_assess(actor: Actor, thing: Any) -> bool:
    """if it is their own assessment"""
    return isinstance(thing, Assessment) and thing.assessor_id == actor.account_id


def is_shown(actor: Actor, thing: Any) -> bool:
    """if they submitted theirs, have none left to submit in the round, and the lead shows the scores"""
    found = application_of(thing)
    is_in = _own(actor, thing) is S.SUBMITTED and is_open_to(actor, thing)
    return is_in and found is not None and found.revealed_at is not None


def is_their_interest(actor: Actor, thing: Any) -> bool:
    """if they declared it themselves"""
    return isinstance(thing, Interest) and thing.account_id == actor.account_id


def is_cared_for_openly(actor: Actor, thing: Any) -> bool:
    """if their hub cares for the business; what assessors make of it is not for them"""
    return not isinstance(thing, Assessment) and is_cared_for(actor, thing)


def is_theirs_openly(actor: Actor, thing: Any) -> bool:
    """if it is their own business; what assessors make of it is not for them"""
    return not isinstance(thing, Assessment) and is_theirs(actor, thing)


def _of_leads(act: Act, *others: Role) -> tuple[Any, ...]:
    """The lead of the round may, and these others of any."""
    return rule(act, *others), rule(act, Role.LEAD_ASSESSOR, when=leads)


def _of_leads_openly(act: Act, *others: Role) -> tuple[Any, ...]:
    """The lead may, and these others: whoever still scores in the round sees and does nothing of it, whatever their role."""
    return rule(act, *others, when=is_open_to), rule(act, Role.LEAD_ASSESSOR, when=leads_openly)


def _of_others(act: Act) -> tuple[Any, ...]:
    """A lead, a manager or an approver may who did not assess it: nobody settles their own scores."""
    return (
        rule(act, Role.PROGRAMME_MANAGER, Role.APPROVER, when=is_not_own),
        rule(act, Role.LEAD_ASSESSOR, when=leads_others),
    )


POLICY = Policy(
    [
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.LEAD_ASSESSOR, when=leads_if_shown),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for_openly),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs_openly),
        rule(Act.VIEW, Role.ASSESSOR, when=assesses),
        rule(Act.VIEW, Role.ASSESSOR, when=is_their_interest),
        *_of_leads(Act.VIEW_PANEL, *READERS),
        *_of_leads(Act.ADD_ASSESSOR, *MANAGERS),
        *_of_leads(Act.REMOVE_ASSESSOR, *MANAGERS),
        *_of_leads(Act.ALLOCATE, *MANAGERS),
        *_of_leads(Act.TAKE_BACK, *MANAGERS),
        rule(Act.DECLARE, Role.ASSESSOR, Role.LEAD_ASSESSOR),
        rule(Act.END_INTEREST, Role.ASSESSOR, Role.LEAD_ASSESSOR, when=is_their_interest),
        rule(Act.LIST_ASSESSMENTS, Role.ASSESSOR),
        rule(Act.VIEW_ASSESSMENT, Role.ASSESSOR, when=is_theirs_to_assess),
        rule(Act.ACCEPT, Role.ASSESSOR, when=is_theirs_to_assess),
        rule(Act.DECLINE, Role.ASSESSOR, when=is_theirs_to_assess),
        rule(Act.SCORE, Role.ASSESSOR, when=is_theirs_to_assess),
        rule(Act.HAND_IN, Role.ASSESSOR, when=is_theirs_to_assess),
        *_of_leads_openly(Act.VIEW_SCORES, *READERS),
        rule(Act.VIEW_SCORES, Role.ASSESSOR, when=is_shown),
        *_of_leads_openly(Act.VIEW_PACK, *READERS),
        *_of_leads_openly(Act.VIEW_ROUND_PACK, *READERS),
        *_of_leads_openly(Act.VIEW_RANKING, *READERS),
        *_of_leads_openly(Act.EXTRACT, *READERS),
        *_of_others(Act.RETURN),
        *_of_leads_openly(Act.ALLOW_LATE, Role.PROGRAMME_MANAGER),
        *_of_leads_openly(Act.REMIND, Role.PROGRAMME_MANAGER),
        *_of_others(Act.MODERATE),
        *_of_leads_openly(Act.REVEAL, Role.PROGRAMME_MANAGER),
        *_of_others(Act.FINALISE),
        *_of_others(Act.ASSESS_AGAIN),
    ],
    view=Act.VIEW,
    explain=why_blind,
    apart=left_to_others_of_round(
        *(Act.ADD_ASSESSOR, Act.REMOVE_ASSESSOR, Act.ALLOCATE, Act.TAKE_BACK, Act.ALLOW_LATE, Act.REMIND),
        *(Act.VIEW_SCORES, Act.VIEW_PACK, Act.VIEW_ROUND_PACK, Act.VIEW_RANKING, Act.EXTRACT),
        *(Act.RETURN, Act.MODERATE, Act.REVEAL, Act.FINALISE, Act.ASSESS_AGAIN),
    ),
)
