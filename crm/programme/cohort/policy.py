"""Who builds a cohort, who confirms it, and who sees it."""

from __future__ import annotations

from typing import Any

from crm.accounts.policy import was_proposed_by_another, was_proposed_by_them
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.programme.assessing.policy import is_open_to, leads_openly, why_blind
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.policy import MANAGERS, READERS, left_to_others_of_round

DECIDERS = (*MANAGERS, Role.APPROVER)
"""Of these two people change a decision that was sent: one proposes it, and another confirms it."""


def _managed(act: Act) -> Any:
    """Managers may, unless they still have an assessment to submit in the round."""
    return rule(act, *MANAGERS, when=is_open_to)


def _approved(act: Act) -> Any:
    """Approvers may, unless they still have an assessment to submit in the round."""
    return rule(act, Role.APPROVER, when=is_open_to)


def is_proposed_to_end(actor: Actor, thing: Any) -> bool:
    """if it was proposed to withdraw the award and they have no assessment to submit in the round"""
    return getattr(thing, "withdrawal_proposed_at", None) is not None and is_open_to(actor, thing)


def is_left_to_them(actor: Actor, thing: Any) -> bool:
    """if another person proposed it and they have no assessment to submit in the round"""
    return was_proposed_by_another(actor, thing) and is_open_to(actor, thing)


POLICY = Policy(
    [
        rule(Act.VIEW, *READERS, when=is_open_to),
        rule(Act.VIEW, Role.LEAD_ASSESSOR, when=leads_openly),
        rule(Act.LIST_COHORTS, *READERS, Role.LEAD_ASSESSOR),
        _managed(Act.BEGIN),
        _managed(Act.SET_TARGET),
        _managed(Act.REMOVE_TARGET),
        _managed(Act.START_DRAFT),
        _managed(Act.DELETE_DRAFT),
        _managed(Act.CHOOSE),
        _managed(Act.REMOVE),
        _managed(Act.FILL),
        _approved(Act.OVERRIDE),
        _managed(Act.ASK_PROPOSAL),
        _managed(Act.CANCEL_PROPOSAL),
        _managed(Act.TAKE_OVER_PROPOSAL),
        _managed(Act.PROPOSE),
        rule(Act.SEND_BACK, *MANAGERS, Role.APPROVER, when=is_open_to),
        _approved(Act.CONFIRM),
        _managed(Act.WRITE_FEEDBACK),
        rule(Act.WRITE_FEEDBACK, Role.LEAD_ASSESSOR, when=leads_openly),
        _managed(Act.NOTIFY),
        rule(Act.READ_END, *MANAGERS, Role.APPROVER, when=is_open_to),
        _managed(Act.PROPOSE_WITHDRAWAL),
        _managed(Act.WITHDRAW_AWARD),
        rule(Act.WITHDRAW_AWARD, Role.APPROVER, when=is_proposed_to_end),
        rule(Act.KEEP_AWARD, *MANAGERS, Role.APPROVER, when=is_proposed_to_end),
        rule(Act.PROPOSE_CHANGE, *DECIDERS, when=is_open_to),
        rule(Act.CONFIRM_CHANGE, *DECIDERS, when=is_left_to_them),
        rule(Act.REFUSE_CHANGE, *DECIDERS, when=is_left_to_them),
        rule(Act.WITHDRAW_CHANGE, *DECIDERS, when=was_proposed_by_them),
        rule(Act.READ_CHANGE, *DECIDERS, when=is_open_to),
        _approved(Act.PROMOTE),
        _managed(Act.RELEASE_RESERVE),
    ],
    view=Act.VIEW,
    explain=why_blind,
    apart=left_to_others_of_round(*(each for each in Act if each is not Act.LIST_COHORTS)),
)
