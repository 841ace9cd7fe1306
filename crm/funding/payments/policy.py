"""Who pays: finance officers make runs, another of them or an approver releases; nobody who approved what is paid (P45)."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import UNLESS_STAKE, is_owned, is_theirs, why_apart
from crm.funding.payments.models import BankDetails, PaymentRun, Settlement
from crm.funding.payments.workflow import Act
from crm.kernel.permissions import Actor, Apart, Policy, rule
from crm.kernel.roles import Role

READERS = (Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
# Whoever pays, releases, approves or audits sees where money goes. An administrator reads payments without accounts.
SEE_ACCOUNTS = (Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR)
OFFICER = Role.FINANCE_OFFICER


def was_entered_by_another(actor: Actor, found: BankDetails) -> bool:
    """if another person entered the details"""
    return found.entered_by_id != actor.account_id


def was_entered_by_them(actor: Actor, found: BankDetails) -> bool:
    """if they entered the details themselves"""
    return found.entered_by_id == actor.account_id


def was_made_by_another(actor: Actor, run: PaymentRun) -> bool:
    """if another person made the run"""
    return run.made_by_id != actor.account_id


def was_proposed_by_another(actor: Actor, found: Settlement) -> bool:
    """if another person proposed it"""
    return found.proposed_by_id != actor.account_id


def why_apart_of_money(actor: Actor, thing: Any) -> str:
    """Why somebody leaves a payment, or a run with one, to others: they have a stake in who is paid; else empty."""
    paid = [each.payment for each in thing.lines] if isinstance(thing, PaymentRun) else [thing]
    return next((why for each in paid if (why := why_apart(actor, each))), "")


POLICY = Policy(
    [
        rule(Act.LIST, *READERS),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.EXTRACT, *READERS),
        rule(Act.VIEW_DETAILS, *SEE_ACCOUNTS),
        rule(Act.VIEW_DETAILS, Role.FOUNDER, when=is_theirs),
        rule(Act.CHECK_DETAILS, *SEE_ACCOUNTS),
        rule(Act.ENTER, Role.FOUNDER, when=is_owned),
        rule(Act.WITHDRAW, Role.FOUNDER, when=was_entered_by_them),
        rule(Act.CONFIRM, OFFICER, when=was_entered_by_another),
        rule(Act.REFUSE, OFFICER),
        rule(Act.REVEAL, OFFICER),
        rule(Act.MAKE, OFFICER),
        rule(Act.RELEASE, OFFICER, Role.APPROVER, when=was_made_by_another),
        rule(Act.DISCARD, OFFICER, Role.APPROVER),
        rule(Act.DOWNLOAD, OFFICER),
        rule(Act.UPLOAD, OFFICER),
        rule(Act.RECORD, OFFICER),
        rule(Act.DROP, OFFICER),
        rule(Act.RESOLVE, OFFICER),
        rule(Act.PROPOSE, OFFICER),
        rule(Act.SETTLE, OFFICER, Role.APPROVER, when=was_proposed_by_another),
        rule(Act.REJECT, OFFICER, Role.APPROVER),
        rule(Act.RETRY, OFFICER),
        rule(Act.CANCEL, OFFICER),
    ],
    view=Act.VIEW,
    apart=Apart(
        frozenset(
            {
                *(Act.CONFIRM, Act.REFUSE, Act.RELEASE, Act.DISCARD),
                *(Act.PROPOSE, Act.SETTLE, Act.REJECT, Act.RETRY, Act.CANCEL),
            }
        ),
        why_apart_of_money,
        UNLESS_STAKE,
    ),
)
