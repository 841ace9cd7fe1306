"""Who sees the network's lists and writes to several at once; the emails that a member can stop are the member's own."""

from __future__ import annotations

from crm.angels.investors.policy import MANAGERS, READERS
from crm.angels.year.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

POLICY = Policy(
    [
        rule(Act.LIST_MEMBERS, *READERS),
        rule(Act.EXTRACT_MEMBERS, *READERS),
        rule(Act.VIEW_MAILING, *READERS),
        rule(Act.WRITE_TO_MANY, *MANAGERS),
        rule(Act.SEND_YEARLY, *MANAGERS),
        rule(Act.VIEW_FIGURES, *READERS, Role.FUNDER),
        rule(Act.EXTRACT_FIGURES, *READERS, Role.FUNDER),
        rule(Act.OPEN_FIGURES, *READERS),
        rule(Act.STOP_EMAILS, Role.ANGEL),
        rule(Act.RESUME_EMAILS, Role.ANGEL),
    ],
    view=Act.VIEW_MAILING,
)


def is_outside(actor: Actor) -> bool:
    """Whether an actor is told figures without the rows behind them, and so no small ones: funders."""
    return not actor.is_system and not POLICY.allows(actor, Act.OPEN_FIGURES)
