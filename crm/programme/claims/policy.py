"""Who makes claims, who decides them, and who sees them: nobody decides what they made themselves (P45)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from crm.accounts.policy import was_proposed_by_another, was_proposed_by_them
from crm.businesses.models import Business
from crm.businesses.policy import is_owned, is_theirs, left_to_others
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.programme.awards.models import Award
from crm.programme.awards.policy import STAFF
from crm.programme.claims.models import AwardClaim, MoneyProposal
from crm.programme.claims.workflow import UNSENT, Act
from crm.programme.rounds.policy import MANAGERS


def _makers(thing: Any) -> set[UUID]:
    """Who made something, by account."""
    names = ("begun_by_id", "submitted_by_id", "handed_in_by_id", "asked_by_id")
    return {made_by for each in names if (made_by := getattr(thing, each, None))}


def is_somebody_elses(actor: Actor, thing: Any) -> bool:
    """if they did not make it themselves and do not act for the business"""
    return actor.account_id not in _makers(thing) and not is_theirs(actor, thing)


def was_handed_in(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """if the business submitted it"""
    return not thing.is_unsent


def is_supported(actor: Actor, thing: Any) -> bool:
    """if a programme manager supported it, and they do not act for the business"""
    return thing.supported_at is not None and is_somebody_elses(actor, thing)


def is_theirs_to_see(actor: Actor, thing: Any) -> bool:
    """if it is their own business, and nothing that is only proposed about its money"""
    return not isinstance(thing, MoneyProposal) and is_theirs(actor, thing)


def is_left_to_them(actor: Actor, thing: Any) -> bool:
    """if another person proposed it, and they do not act for the business"""
    return was_proposed_by_another(actor, thing) and not is_theirs(actor, thing)


def is_about_a_claim(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """if a claim is to be returned"""
    return bool(thing.is_return)


DECIDERS = (*MANAGERS, Role.APPROVER)
"""Of these two people decide about money of an award that was approved or paid; a return is proposed by a finance officer."""


def _founders(*acts: Act, owners: bool = False) -> tuple[Any, ...]:
    return tuple(rule(act, Role.FOUNDER, when=is_owned if owners else is_theirs) for act in acts)


POLICY = Policy(
    [
        rule(Act.VIEW, *STAFF),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs_to_see),
        rule(Act.READ, *STAFF, when=was_handed_in),
        *_founders(Act.READ),
        rule(Act.LIST, *STAFF),
        rule(Act.EXTRACT, *STAFF),
        *_founders(Act.BEGIN, Act.ADD_COST, Act.EDIT_COST, Act.REMOVE_COST, Act.ATTACH, Act.REMOVE_FILE),
        *_founders(Act.SUBMIT, Act.TAKE_BACK_CLAIM, Act.DISCARD, owners=True),
        *_founders(
            Act.BEGIN_EVIDENCE, Act.EDIT_EVIDENCE, Act.ADD_FILES, Act.DROP_FILE, Act.HAND_IN, Act.TAKE_BACK
        ),
        *(rule(act, *MANAGERS, when=is_somebody_elses) for act in (Act.RETURN, Act.APPROVE, Act.REJECT)),
        *(rule(act, *MANAGERS, when=is_somebody_elses) for act in (Act.ACCEPT, Act.SEND_BACK)),
        *(
            rule(act, Role.FINANCE_OFFICER, when=is_somebody_elses)
            for act in (Act.PAY_AGAIN, Act.PROPOSE_RETURN)
        ),
        rule(Act.VIEW_PROPOSAL, *STAFF),
        rule(Act.PROPOSE_REPAYMENT, *MANAGERS, when=is_somebody_elses),
        *(rule(act, *DECIDERS, when=is_left_to_them) for act in (Act.CONFIRM_PROPOSAL, Act.REFUSE_PROPOSAL)),
        rule(Act.WITHDRAW_PROPOSAL, *MANAGERS, Role.FINANCE_OFFICER, when=was_proposed_by_them),
        rule(Act.READ_PROPOSAL, *DECIDERS),
        rule(Act.READ_PROPOSAL, Role.FINANCE_OFFICER, when=is_about_a_claim),
        rule(Act.RECEIVE, Role.FINANCE_OFFICER),
        rule(Act.CORRECT, Role.FINANCE_OFFICER),
        rule(Act.RELEASE, *MANAGERS, Role.APPROVER, when=is_somebody_elses),
        rule(Act.CANCEL, *DECIDERS),
        *_founders(Act.ASK_CHANGE, Act.WITHDRAW_CHANGE, owners=True),
        *(
            rule(act, *MANAGERS, when=is_somebody_elses)
            for act in (Act.SUPPORT_CHANGE, Act.APPROVE_CHANGE, Act.REFUSE_CHANGE)
        ),
        *(rule(act, Role.APPROVER, when=is_supported) for act in (Act.APPROVE_CHANGE, Act.REFUSE_CHANGE)),
    ],
    view=Act.VIEW,
    apart=left_to_others(
        *(Act.RETURN, Act.APPROVE, Act.REJECT, Act.ACCEPT, Act.SEND_BACK, Act.PAY_AGAIN, Act.PROPOSE_RETURN),
        *(Act.PROPOSE_REPAYMENT, Act.CONFIRM_PROPOSAL, Act.REFUSE_PROPOSAL, Act.WITHDRAW_PROPOSAL),
        *(Act.RECEIVE, Act.CORRECT, Act.RELEASE, Act.CANCEL),
        *(Act.SUPPORT_CHANGE, Act.APPROVE_CHANGE, Act.REFUSE_CHANGE),
    ),
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Award`."""
    return true() if actor.is_system or actor.has(*STAFF) else _is_own(actor)


def readable_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for READ again, as SQL over `AwardClaim` and its `Award`."""
    is_sent = AwardClaim.__table__.c.status.not_in(UNSENT)
    return or_(and_(visible_to(actor), is_sent), _is_own(actor))


def _is_own(actor: Actor) -> ColumnElement[bool]:
    if not actor.has(Role.FOUNDER):
        return false()
    return Award.business_id.in_(select(Business.id).where(businesses_visible_to(actor)))
