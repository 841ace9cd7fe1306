"""The way of a dated figure: proposed by one person, approved or refused by another."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class FigureStatus(StrEnum):
    """Where a dated figure stands. Only approved ones count."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done with dated figures."""

    VIEW = "view_figures"
    PROPOSE = "propose_figure"
    APPROVE = "approve_figure"
    REFUSE = "refuse_figure"
    WITHDRAW = "withdraw_figure"
    ADD_HOLIDAY = "add_bank_holiday"
    REMOVE_HOLIDAY = "remove_bank_holiday"


S = FigureStatus
MACHINE = Machine(
    "figure",
    start=S.PROPOSED,
    moves=[
        move(Act.APPROVE, S.PROPOSED, S.APPROVED),
        move(Act.REFUSE, S.PROPOSED, S.REFUSED),
        move(Act.WITHDRAW, S.PROPOSED, S.WITHDRAWN),
    ],
)
