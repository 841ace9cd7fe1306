"""Who prepares rounds, and who sees how they are made."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from crm.businesses.policy import UNLESS_STAKE, why_apart
from crm.kernel.permissions import Actor, Apart, Policy, rule
from crm.kernel.roles import Role
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import Act, RoundStatus

MANAGERS = (Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)
READERS = (*MANAGERS, Role.AUDITOR, Role.APPROVER)


def round_of(thing: Any) -> Round | None:
    """The round that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Round) else getattr(thing, "round", None)


STAKED = "rounds with an application of a business that they have a stake in"
"""The fact of an actor that names such rounds by id, told likewise: what they do to a competitor, they do to their own."""
OF_STAKED_ROUND = (
    "A business that you have or had access to, or an interest in, applied in this round. "
    "Another person decides about it, and reads its scores."
)


def why_apart_of_round(actor: Actor, thing: Any) -> str:
    """Why somebody leaves what decides a round to others: they have a stake in a business that applied; else empty."""
    staked: frozenset[UUID] = actor.facts.get(STAKED, frozenset())
    found = round_of(thing) if staked else None
    return why_apart(actor, thing) or (OF_STAKED_ROUND if found is not None and found.id in staked else "")


def left_to_others_of_round(*acts: StrEnum) -> Apart:
    """What nobody does as staff in a round in which a business applied that they have a stake in."""
    return Apart(
        frozenset(acts), why_apart_of_round, f"{UNLESS_STAKE}, or in another that applied in the round"
    )


def is_public(_actor: Actor, thing: Any) -> bool:
    """if the round is published, and no dry run"""
    found = round_of(thing)
    return found is not None and found.status is RoundStatus.PUBLISHED and not found.is_dry_run


def is_trial(_actor: Actor, thing: Any) -> bool:
    """if it belongs to a dry run that is published"""
    found = round_of(thing)
    return found is not None and found.status is RoundStatus.PUBLISHED and found.is_dry_run


def is_live(thing: Any) -> bool:
    """Whether something belongs to a round that is no dry run: nothing of a dry run reaches a business."""
    found = round_of(thing)
    return found is None or not found.is_dry_run


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
    apart=left_to_others_of_round(Act.CHANGE, Act.POSTPONE, Act.OPEN_CRITERIA, Act.CLOSE_CRITERIA),
)
