"""The way of one report of a business's figures, from the day it is planned to the day its figures are confirmed."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ReportStatus(StrEnum):
    """Where a report stands. One that is asked for may have a draft; whether it is late is a matter of its day."""

    PLANNED = "planned"
    ASKED = "asked"
    GIVEN = "given"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Way(StrEnum):
    """How figures came: from the business signed in, by the link in its letter, or on the telephone."""

    SIGNED_IN = "signed_in"
    LINK = "link"
    CALL = "call"


class Act(StrEnum):
    """What can be done with outcomes."""

    VIEW = "view_outcomes"
    LIST = "list_outcomes"
    SEE_TRENDS = "see_outcome_trends"
    SEE_GROWTH = "see_growth"
    PLAN = "plan_outcomes"
    ASK = "ask_for_figures"
    REMIND = "remind_of_figures"
    CHASE = "chase_figures"
    OPEN_LINK = "open_figures_link"
    SAVE_DRAFT = "save_draft_figures"
    GIVE = "give_figures"
    RECORD = "record_figures_from_call"
    CORRECT = "correct_figures"
    CONFIRM = "confirm_figures"
    CANCEL = "cancel_report"
    EXTRACT = "extract_outcomes"


S = ReportStatus
REPORTS = Machine(
    "outcome report",
    start=S.PLANNED,
    moves=[
        move(Act.ASK, S.PLANNED, S.ASKED),
        move(Act.SAVE_DRAFT, S.ASKED, S.ASKED),
        move(Act.GIVE, S.ASKED, S.GIVEN),
        move(Act.RECORD, S.ASKED, S.GIVEN),
        move(Act.CORRECT, (S.GIVEN, S.CONFIRMED), S.GIVEN),
        move(Act.CONFIRM, S.GIVEN, S.CONFIRMED),
        move(Act.CANCEL, (S.PLANNED, S.ASKED), S.CANCELLED),
    ],
)
