"""The life of a round: prepared, then published or deleted; a draft again if it was published by mistake."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class RoundStatus(StrEnum):
    """Where a round stands. Whether a published one takes applications is told by its moments, not by its status."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class QuestionKind(StrEnum):
    """What an answer to a question is."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    FILE = "file"
    COSTS = "costs"


class Comparison(StrEnum):
    """How one sum has to stand to another."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class TieRule(StrEnum):
    """What decides between equal totals: published with the round."""

    WEIGHTIEST = "weightiest"
    PANEL = "panel"


class Act(StrEnum):
    """What can be done with rounds."""

    SEE_PROGRAMME = "see_programme"
    SEE_ROUND = "see_round"
    VIEW_ROUND = "view_round"
    PREPARE = "prepare_round"
    COPY = "copy_round"
    CHANGE = "change_round"
    PUBLISH = "publish_round"
    UNPUBLISH = "unpublish_round"
    DISCARD = "discard_round"
    POSTPONE = "postpone_round"
    CORRECT = "correct_round"
    OPEN_CRITERIA = "open_criteria"
    CLOSE_CRITERIA = "close_criteria"


R = RoundStatus

ROUNDS = Machine(
    "round",
    start=R.DRAFT,
    moves=[
        move(Act.PUBLISH, R.DRAFT, R.PUBLISHED),
        move(Act.UNPUBLISH, R.PUBLISHED, R.DRAFT),
        move(Act.DISCARD, R.DRAFT, R.DISCARDED),
    ],
)
