"""How a next action of a readiness assessment moves on, and what can be done from its result."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ActionStatus(StrEnum):
    """Where an action with an owner and a day stands."""

    TO_DO = "to_do"
    DONE = "done"
    DROPPED = "dropped"


class Act(StrEnum):
    """What can be done with the actions that an assessment leads to."""

    VIEW = "view_readiness_actions"
    REFER = "refer_from_readiness_assessment"
    ASK = "ask_for_referral_from_readiness"
    PLAN = "plan_readiness_action"
    CHANGE = "change_readiness_action"
    FINISH = "finish_readiness_action"
    DROP = "drop_readiness_action"
    REOPEN = "reopen_readiness_action"
    REMIND = "remind_of_readiness_action"


S = ActionStatus
ACTIONS = Machine(
    "readiness action",
    start=S.TO_DO,
    moves=[
        move(Act.FINISH, S.TO_DO, S.DONE),
        move(Act.DROP, S.TO_DO, S.DROPPED),
        move(Act.REOPEN, {S.DONE, S.DROPPED}, S.TO_DO),
    ],
)
