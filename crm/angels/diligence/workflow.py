"""An investor asks, and the business answers, says that it is not available, or withdraws its answer."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ItemStatus(StrEnum):
    """Where a question of due diligence stands. Its answer is read in ``ANSWERED`` alone."""

    ASKED = "asked"
    ANSWERED = "answered"
    UNAVAILABLE = "unavailable"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Sharing(StrEnum):
    """Who may read an answer: the investor who asked, or every investor introduced for the pitch."""

    ASKER = "asker"
    INTRODUCED = "introduced"


class Act(StrEnum):
    """What can be done with questions of due diligence."""

    LIST = "list_diligence"
    VIEW = "view_diligence"
    ASK = "ask_for_diligence"
    READ = "read_diligence_answer"
    ANSWER = "answer_diligence"
    DECLINE = "mark_diligence_not_available"
    SHARE = "share_diligence_answer"
    RETRACT = "withdraw_diligence_answer"
    TAKE_BACK = "withdraw_diligence_question"
    REMIND = "remind_of_diligence"
    END = "end_diligence"
    CLOSE_LATE = "close_late_diligence"


S = ItemStatus
ITEMS = Machine(
    "due-diligence question",
    start=S.ASKED,
    moves=[
        move(Act.ANSWER, (S.ASKED, S.UNAVAILABLE), S.ANSWERED),
        move(Act.DECLINE, S.ASKED, S.UNAVAILABLE),
        move(Act.RETRACT, S.ANSWERED, S.ASKED),
        move(Act.TAKE_BACK, S.ASKED, S.WITHDRAWN),
        move(Act.CLOSE_LATE, S.ASKED, S.ENDED),
        move(Act.END, (S.ASKED, S.ANSWERED, S.UNAVAILABLE), S.ENDED),
    ],
)
LIVE = (S.ASKED, S.ANSWERED, S.UNAVAILABLE)
"""Where the investor can still get something from it."""
