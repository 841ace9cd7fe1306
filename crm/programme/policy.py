"""Who prepares rounds, who applies to them, and who sees and decides what; the same for lists in SQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, is_cared_for, is_owned, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.programme.models import Application, Assessment, Interest, Round
from crm.programme.workflow import Act, RoundStatus
from crm.programme.workflow import AssessmentStatus as S

OPEN = (S.ALLOCATED, S.ACCEPTED)
LIVE = (*OPEN, S.SUBMITTED)
MANAGERS = (Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)
READERS = (*MANAGERS, Role.AUDITOR, Role.APPROVER)


def round_of(thing: Any) -> Round | None:
    """The round that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Round) else getattr(thing, "round", None)


def is_public(_actor: Actor, thing: Any) -> bool:
    """if the round is published, and no dry run"""
    found = round_of(thing)
    return found is not None and found.status is RoundStatus.PUBLISHED and not found.is_dry_run


def is_trial(_actor: Actor, thing: Any) -> bool:
    """if it belongs to a dry run that is published"""
    found = round_of(thing)
    return found is not None and found.status is RoundStatus.PUBLISHED and found.is_dry_run


def leads(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round"""
    found = round_of(thing)
    return found is not None and actor.holds_for(found.id, Role.LEAD_ASSESSOR)


def application_of(thing: Any) -> Application | None:
    """The application that something belongs to, or is; None where it belongs to none. Its assessments must be loaded."""
    return thing if isinstance(thing, Application) else getattr(thing, "application", None)


def _own(actor: Actor, thing: Any) -> Assessment | None:
    """What the actor was given to assess of it."""
    found = application_of(thing)
    rows = found.assessments if found is not None else []
    return next((each for each in rows if each.assessor_id == actor.account_id), None)


def leads_openly(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round, and do not still have to assess this themselves"""
    own = _own(actor, thing)
    return leads(actor, thing) and (own is None or own.status not in OPEN)


def leads_if_shown(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round; another's assessment only if they do not still have to assess it"""
    if isinstance(thing, Assessment) and not is_theirs_to_assess(actor, thing):
        return leads_openly(actor, thing)
    return leads(actor, thing)


def assesses(actor: Actor, thing: Any) -> bool:
    """if it was given to them to assess, and they have no interest in it"""
    if isinstance(thing, Assessment):
        return is_theirs_to_assess(actor, thing)
    own = _own(actor, thing)
    return own is not None and own.status in LIVE


def is_theirs_to_assess(actor: Actor, thing: Any) -> bool:
    """if it is their own assessment"""
    return isinstance(thing, Assessment) and thing.assessor_id == actor.account_id


def is_shown(actor: Actor, thing: Any) -> bool:
    """if they handed their own in, and the lead shows the scores to those who did"""
    own, found = _own(actor, thing), application_of(thing)
    return (
        own is not None and own.status is S.SUBMITTED and found is not None and found.revealed_at is not None
    )


def is_their_interest(actor: Actor, thing: Any) -> bool:
    """if they declared it themselves"""
    return isinstance(thing, Interest) and thing.account_id == actor.account_id


def is_cared_for_openly(actor: Actor, thing: Any) -> bool:
    """if their hub cares for the business; what assessors make of it is not for them"""
    return not isinstance(thing, Assessment) and is_cared_for(actor, thing)


def is_theirs_openly(actor: Actor, thing: Any) -> bool:
    """if it is their own business; what assessors make of it is not for them"""
    return not isinstance(thing, Assessment) and is_theirs(actor, thing)


def _applicants(act: Act, *, owners: bool = False) -> tuple[Any, ...]:
    """Whoever applies may; in a dry run, where nobody applies, the managers."""
    return (
        rule(act, Role.FOUNDER, when=is_owned if owners else is_theirs),
        rule(act, *MANAGERS, when=is_trial),
    )


def _of_leads(act: Act, *others: Role) -> tuple[Any, ...]:
    """The lead of the round may, and these others of any."""
    return rule(act, *others), rule(act, Role.LEAD_ASSESSOR, when=leads)


def _of_leads_openly(act: Act) -> tuple[Any, ...]:
    """The lead may who does not still assess it, and whoever runs the programme."""
    return rule(act, Role.PROGRAMME_MANAGER), rule(act, Role.LEAD_ASSESSOR, when=leads_openly)


POLICY = Policy(
    [
        rule(Act.SEE_PROGRAMME, Role.ANYONE),
        rule(Act.SEE_ROUND, *READERS),
        rule(Act.SEE_ROUND, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.SEE_ROUND, Role.ANYONE, when=is_public),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.LEAD_ASSESSOR, when=leads_if_shown),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for_openly),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs_openly),
        rule(Act.VIEW_ROUND, *READERS),
        rule(Act.VIEW_ROUND, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.PREPARE, *MANAGERS),
        rule(Act.COPY, *MANAGERS),
        rule(Act.CHANGE, *MANAGERS),
        rule(Act.PUBLISH, *MANAGERS),
        rule(Act.DISCARD, *MANAGERS),
        rule(Act.CHECK, Role.ANYONE, when=is_public),
        rule(Act.CHECK, *MANAGERS),
        rule(Act.START, Role.FOUNDER, when=is_public),
        rule(Act.START, *MANAGERS, when=is_trial),
        rule(Act.LIST_APPLICATIONS, *READERS, Role.LEAD_ASSESSOR, *HUB_ROLES),
        *_applicants(Act.FILL_IN),
        *_applicants(Act.ATTACH),
        *_applicants(Act.REMOVE_FILE),
        *_applicants(Act.SUBMIT, owners=True),
        *_applicants(Act.WITHDRAW, owners=True),
        rule(Act.EXTEND, *MANAGERS),
        rule(Act.CLEAR, *MANAGERS),
        rule(Act.CLEAR, *HUB_ROLES, when=is_cared_for),
        rule(Act.DENY, *MANAGERS),
        rule(Act.DENY, *HUB_ROLES, when=is_cared_for),
        rule(Act.RULE_OUT, *MANAGERS),
        rule(Act.READMIT, *MANAGERS),
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
        rule(Act.VIEW_SCORES, *READERS),
        rule(Act.VIEW_SCORES, Role.LEAD_ASSESSOR, when=leads_openly),
        rule(Act.VIEW_SCORES, Role.ASSESSOR, when=is_shown),
        rule(Act.VIEW_PACK, *READERS),
        *_of_leads(Act.VIEW_ROUND_PACK, *READERS),
        rule(Act.VIEW_PACK, Role.LEAD_ASSESSOR, when=leads_openly),
        *_of_leads(Act.VIEW_RANKING, *READERS),
        *_of_leads(Act.EXTRACT, *READERS),
        *_of_leads_openly(Act.RETURN),
        *_of_leads_openly(Act.ALLOW_LATE),
        *_of_leads_openly(Act.MODERATE),
        *_of_leads_openly(Act.REVEAL),
        *_of_leads_openly(Act.FINALISE),
        *_of_leads_openly(Act.ASSESS_AGAIN),
        rule(Act.ASK, *MANAGERS),
        rule(Act.ASK, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.ASK, Role.ASSESSOR, when=assesses),
        *_applicants(Act.ANSWER),
        rule(Act.CLOSE_QUERY, *MANAGERS),
        rule(Act.CLOSE_QUERY, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.OPEN_CRITERIA, *MANAGERS),
        rule(Act.CLOSE_CRITERIA, *MANAGERS),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Application`: what a list, a count or an extract may hold."""
    if actor.is_system or actor.has(*READERS):
        return true()
    led = [UUID(each) for each in actor.scoped_to(Scope.ROUND, Role.LEAD_ASSESSOR)]
    ways: list[ColumnElement[bool]] = [Application.round_id.in_(led)] if led else []
    if any(each.role is Role.LEAD_ASSESSOR and each.scope is Scope.EVERYWHERE for each in actor.grants):
        return true()
    if actor.has(Role.ASSESSOR):
        given = select(Assessment.application_id).where(
            Assessment.assessor_id == actor.account_id, Assessment.__table__.c.status.in_(LIVE)
        )
        ways.append(Application.id.in_(given))
    if actor.has(*HUB_ROLES, Role.FOUNDER):
        ways.append(Application.business_id.in_(select(Business.id).where(businesses_visible_to(actor))))
    return or_(*ways) if ways else false()
