"""Who prepares rounds, and who sees how they are made."""

from __future__ import annotations

from typing import Any

from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import Act, RoundStatus

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


POLICY = Policy(
    [
        rule(Act.SEE_PROGRAMME, Role.ANYONE),
        rule(Act.SEE_ROUND, *READERS),
        rule(Act.SEE_ROUND, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.SEE_ROUND, Role.ANYONE, when=is_public),
        rule(Act.VIEW_ROUND, *READERS),
        rule(Act.VIEW_ROUND, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.PREPARE, *MANAGERS),
        rule(Act.COPY, *MANAGERS),
        rule(Act.CHANGE, *MANAGERS),
        rule(Act.PUBLISH, *MANAGERS),
        rule(Act.UNPUBLISH, *MANAGERS),
        rule(Act.DISCARD, *MANAGERS),
        rule(Act.POSTPONE, *MANAGERS),
        rule(Act.CORRECT, *MANAGERS),
        rule(Act.OPEN_CRITERIA, *MANAGERS),
        rule(Act.CLOSE_CRITERIA, *MANAGERS),
    ],
    view=Act.VIEW_ROUND,
)
