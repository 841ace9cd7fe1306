"""Who may see dated figures, propose them and decide on them: whoever approves is never whoever proposed."""

from __future__ import annotations

from crm.figures.models import DatedFigure
from crm.figures.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import STAFF, Role


def is_somebody_elses(actor: Actor, figure: DatedFigure) -> bool:
    """if somebody else proposed it"""
    return figure.proposed_by_id != actor.account_id


def is_their_own(actor: Actor, figure: DatedFigure) -> bool:
    """if they proposed it themselves"""
    return figure.proposed_by_id == actor.account_id


POLICY = Policy(
    [
        rule(Act.VIEW, *STAFF),
        rule(Act.PROPOSE, Role.ADMINISTRATOR),
        rule(Act.APPROVE, Role.ADMINISTRATOR, Role.APPROVER, when=is_somebody_elses),
        rule(Act.REFUSE, Role.ADMINISTRATOR, Role.APPROVER, when=is_somebody_elses),
        rule(Act.WITHDRAW, Role.ADMINISTRATOR, when=is_their_own),
        rule(Act.ADD_HOLIDAY, Role.ADMINISTRATOR),
        rule(Act.REMOVE_HOLIDAY, Role.ADMINISTRATOR),
    ],
    view=Act.VIEW,
)
