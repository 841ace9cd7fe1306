"""Who sees envelopes, changes them and approves their limits: the person who approves never proposed it."""

from __future__ import annotations

from crm.accounts.policy import was_proposed_by_another, was_proposed_by_them
from crm.funding.envelopes.models import EntryReversal, LedgerEntry
from crm.funding.envelopes.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

READERS = (Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)


def was_recorded_by_another(actor: Actor, entry: LedgerEntry) -> bool:
    """if another person recorded it"""
    return entry.by_id != actor.account_id


def was_asked_by_another(actor: Actor, found: EntryReversal) -> bool:
    """if another person requested it, and another recorded the entry"""
    return actor.account_id not in {found.asked_by_id, found.entry.by_id}


def was_asked_by_them(actor: Actor, found: EntryReversal) -> bool:
    """if they requested it themselves"""
    return found.asked_by_id == actor.account_id


POLICY = Policy(
    [
        rule(Act.VIEW, *READERS),
        rule(Act.OPEN, Role.PROGRAMME_MANAGER),
        rule(Act.EDIT, Role.PROGRAMME_MANAGER),
        rule(Act.PROPOSE, Role.PROGRAMME_MANAGER),
        rule(Act.APPROVE, Role.APPROVER, when=was_proposed_by_another),
        rule(Act.REFUSE, Role.APPROVER, when=was_proposed_by_another),
        rule(Act.WITHDRAW, Role.PROGRAMME_MANAGER, when=was_proposed_by_them),
        rule(Act.VIEW_REVERSAL, *READERS),
        rule(Act.ASK_REVERSAL, Role.FINANCE_OFFICER),
        rule(Act.CONFIRM_REVERSAL, Role.FINANCE_OFFICER, Role.APPROVER, when=was_asked_by_another),
        rule(Act.REFUSE_REVERSAL, Role.FINANCE_OFFICER, Role.APPROVER, when=was_asked_by_another),
        rule(Act.WITHDRAW_REVERSAL, Role.FINANCE_OFFICER, when=was_asked_by_them),
        rule(Act.REVERSE, Role.FINANCE_OFFICER, Role.APPROVER, when=was_recorded_by_another),
        rule(Act.EXTRACT, *READERS),
    ],
    view=Act.VIEW,
)
