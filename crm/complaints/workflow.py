"""Where a complaint stands: to be acknowledged, to be answered, answered."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"


class Channel(StrEnum):
    """How a complaint came."""

    FORM = "form"
    EMAIL = "email"
    LETTER = "letter"
    TELEPHONE = "telephone"


class Act(StrEnum):
    """What can be done with complaints."""

    COMPLAIN = "complain"
    VIEW = "view_complaint"
    LIST = "list_complaints"
    RECORD = "record_complaint"
    ACKNOWLEDGE = "acknowledge_complaint"
    ANSWER = "answer_complaint"
    ALERT = "alert_to_complaint"


S = ComplaintStatus
MACHINE = Machine(
    "complaint",
    start=S.OPEN,
    moves=[
        move(Act.ACKNOWLEDGE, (S.OPEN,), S.ACKNOWLEDGED),
        move(Act.ANSWER, (S.ACKNOWLEDGED,), S.ANSWERED),
    ],
)
