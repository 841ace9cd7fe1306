"""Who prepares and sends offers, who answers them, and who sees an award."""

from __future__ import annotations

from typing import Any

from crm.accounts.policy import was_proposed_by_another, was_proposed_by_them
from crm.businesses.policy import left_to_others
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.programme.applications.policy import is_owned_live, is_theirs_live
from crm.programme.awards.models import Award
from crm.programme.awards.workflow import Act, AwardStatus
from crm.programme.rounds.policy import MANAGERS, READERS, is_trial

STAFF = (*READERS, Role.FINANCE_OFFICER)
SENDERS = (Role.PROGRAMME_MANAGER, Role.APPROVER)


def is_shown_to_them(actor: Actor, thing: Any) -> bool:
    """if it is their own business, the offer was sent, and it is no dry run"""
    if not isinstance(thing, Award) or thing.status is AwardStatus.PREPARED or thing.offered_at is None:
        return False
    return is_theirs_live(actor, thing)


POLICY = Policy(
    [
        rule(Act.VIEW, *STAFF),
        rule(Act.VIEW, Role.FOUNDER, when=is_shown_to_them),
        rule(Act.LIST_AWARDS, *STAFF),
        rule(Act.LIST_OWN, Role.FOUNDER),
        rule(Act.PREPARE, Role.PROGRAMME_MANAGER),
        rule(Act.CHANGE, Role.PROGRAMME_MANAGER),
        rule(Act.CHECK_COMPANY, *SENDERS, Role.FINANCE_OFFICER),
        rule(Act.OFFER, *SENDERS),
        rule(Act.SEND_AGAIN, *SENDERS),
        rule(Act.ACCEPT, Role.FOUNDER, when=is_owned_live),
        rule(Act.ACCEPT, Role.PROGRAMME_MANAGER, when=is_trial),
        rule(Act.DECLINE, Role.FOUNDER, when=is_owned_live),
        rule(Act.DECLINE, Role.PROGRAMME_MANAGER, when=is_trial),
        rule(Act.WITHDRAW, *MANAGERS),
        rule(Act.VIEW_CLOSING, *STAFF),
        rule(Act.PROPOSE_CLOSING, *MANAGERS),
        rule(Act.CONFIRM_CLOSING, *MANAGERS, Role.APPROVER, when=was_proposed_by_another),
        rule(Act.REFUSE_CLOSING, *MANAGERS, Role.APPROVER, when=was_proposed_by_another),
        rule(Act.WITHDRAW_CLOSING, *MANAGERS, when=was_proposed_by_them),
        rule(Act.READ_CLOSING, *MANAGERS, Role.APPROVER),
    ],
    view=Act.VIEW,
    apart=left_to_others(
        *(Act.PREPARE, Act.CHANGE, Act.CHECK_COMPANY, Act.OFFER, Act.SEND_AGAIN, Act.WITHDRAW),
        *(Act.PROPOSE_CLOSING, Act.CONFIRM_CLOSING, Act.REFUSE_CLOSING, Act.WITHDRAW_CLOSING),
    ),
)
