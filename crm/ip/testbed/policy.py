"""Who runs test-bed projects, which businesses see what of them, who publishes lessons, and who is named."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, business_of, by_carers_and_founders, is_cared_for, is_theirs
from crm.ip.testbed.models import Lesson, Project
from crm.ip.testbed.workflow import Act, LessonStatus
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

LEADERS = (Role.ADMINISTRATOR, Role.TEST_BED_MANAGER)
APPROVERS = (*LEADERS, Role.APPROVER)
READERS = (*APPROVERS, Role.AUDITOR)
LED = (
    Act.CHANGE,
    Act.LEAD,
    Act.AGREE,
    Act.START,
    Act.REPORT,
    Act.FINISH,
    Act.STOP,
    Act.ADD_PARTNER,
    Act.REMOVE_PARTNER,
    Act.SPEND,
    Act.CANCEL_SPEND,
    Act.INVITE,
    Act.CANCEL_INVITATION,
    Act.WRITE_LESSON,
    Act.CHANGE_LESSON,
    Act.DISCARD_LESSON,
    Act.SUBMIT_LESSON,
    Act.TAKE_BACK_LESSON,
    Act.ASK_NAMING,
)
SHARED = (Act.TAKE_PART, Act.DECLINE, Act.WITHDRAW)
"""What the business does, or those who care for it or lead the project, when it telephones or replies to our letter."""


def is_project_or_cared_for(actor: Actor, thing: Any) -> bool:
    """if it is a project, or belongs to a business that they care for"""
    return isinstance(thing, Project) or (business_of(thing) is not None and is_cared_for(actor, thing))


def is_anothers(actor: Actor, thing: Any) -> bool:
    """if another person wrote it"""
    return isinstance(thing, Lesson) and (actor.is_system or thing.written_by_id != actor.account_id)


def is_own_text(actor: Actor, thing: Any) -> bool:
    """if they wrote it"""
    return isinstance(thing, Lesson) and (actor.is_system or thing.written_by_id == actor.account_id)


def was_published(_actor: Actor, thing: Any) -> bool:
    """if it was published"""
    return isinstance(thing, Lesson) and thing.status in (LessonStatus.PUBLISHED, LessonStatus.TAKEN_BACK)


POLICY = Policy(
    [
        rule(Act.LIST, *READERS, *HUB_ROLES),
        rule(Act.EXTRACT, *LEADERS, Role.AUDITOR),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, *HUB_ROLES, when=is_project_or_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_PROJECT, *READERS, *HUB_ROLES),
        rule(Act.PROPOSE, *LEADERS),
        *(rule(act, *LEADERS) for act in LED),
        *by_carers_and_founders(*SHARED),
        *(rule(act, Role.TEST_BED_MANAGER) for act in SHARED),
        rule(Act.VIEW_LESSON, *READERS),
        rule(Act.RECALL_LESSON, *LEADERS, when=is_own_text),
        rule(Act.RETURN_LESSON, *APPROVERS, when=is_anothers),
        rule(Act.PUBLISH_LESSON, *APPROVERS, when=is_anothers),
        rule(Act.READ_LESSONS, Role.ANYONE),
        rule(Act.READ_LESSON, Role.ANYONE, when=was_published),
        rule(Act.AGREE_NAMING, Role.FOUNDER, when=is_theirs),
        *by_carers_and_founders(Act.REFUSE_NAMING),
        rule(Act.REFUSE_NAMING, Role.TEST_BED_MANAGER),
    ],
    view=Act.VIEW,
)
"""Consent to be named is given by the business itself; those who care for it or lead the project can record that it refuses or withdraws it."""
SPEAKERS = Policy(by_carers_and_founders(*SHARED), view=Act.VIEW)
"""Who answers for a business whether or not it has an account; a test-bed manager does for one that has none."""
