"""A pitch is written, screened and shown, until its raise is over."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class Channel(StrEnum):
    """How a pitch was shown."""

    LIST = "list"
    PAGE = "page"
    FILE = "file"
    COMPARISON = "comparison"
    LETTER = "letter"
    NIGHT = "night"


class Relief(StrEnum):
    """How a business stands to a tax relief for investors, as it says itself."""

    NO = "no"
    INTENDED = "intended"
    ASSURED = "assured"


class PitchStatus(StrEnum):
    """The status of a pitch. Only a published one is shown, and only to investors who may lawfully see it."""

    DRAFT = "draft"
    SCREENING = "screening"
    PUBLISHED = "published"
    PAUSED = "paused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Verdict(StrEnum):
    """A reviewer's view of a pitch, or that they have an interest in it and so no say."""

    FOR = "for"
    AGAINST = "against"
    INTEREST = "interest"


class ClosedAs(StrEnum):
    """What a raise came to."""

    FUNDED = "funded"
    PART_FUNDED = "part_funded"
    UNFUNDED = "unfunded"


class Act(StrEnum):
    """What can be done with pitches, and with the ledger of what was shown."""

    VIEW_LEDGER = "view_promotions"
    VIEW_OWN_LEDGER = "view_own_promotions"
    EXTRACT_LEDGER = "extract_promotions"
    END_EVIDENCE = "end_evidence"
    LIST_RAISES = "list_raises"
    VIEW = "view_raise"
    BEGIN = "begin_pitch"
    WRITE = "write_pitch"
    ATTACH = "attach_to_pitch"
    DETACH = "remove_from_pitch"
    SUBMIT = "submit_pitch"
    REVIEW = "review_pitch"
    SEND_BACK = "send_pitch_back"
    PUBLISH = "publish_pitch"
    REFUSE = "refuse_pitch"
    PAUSE = "pause_pitch"
    RESUME = "resume_pitch"
    REVISE = "revise_pitch"
    WITHDRAW = "withdraw_pitch"
    CLOSE = "close_pitch"
    RESTATE = "restate_raise"
    SEE_PITCHES = "see_pitches"
    SEE_PITCH = "see_pitch"
    TAKE_PITCHES = "take_pitches"
    COMPARE = "compare_pitches"
    MARK = "mark_pitch"
    SAVE_SEARCH = "save_search"
    FORGET_SEARCH = "forget_search"
    ASK = "ask_about_pitch"
    ANSWER = "answer_question"


P = PitchStatus
PITCHES = Machine(
    "pitch",
    start=P.DRAFT,
    moves=[
        move(Act.SUBMIT, P.DRAFT, P.SCREENING),
        move(Act.SEND_BACK, P.SCREENING, P.DRAFT),
        move(Act.PUBLISH, P.SCREENING, P.PUBLISHED),
        move(Act.REFUSE, P.SCREENING, P.DECLINED),
        move(Act.PAUSE, P.PUBLISHED, P.PAUSED),
        move(Act.RESUME, P.PAUSED, P.PUBLISHED),
        move(Act.REVISE, (P.SCREENING, P.PUBLISHED, P.PAUSED), P.DRAFT),
        move(Act.WITHDRAW, (P.DRAFT, P.SCREENING, P.PUBLISHED, P.PAUSED), P.WITHDRAWN),
        move(Act.CLOSE, (P.DRAFT, P.SCREENING, P.PUBLISHED, P.PAUSED), P.CLOSED),
    ],
)

OVER = (P.DECLINED, P.WITHDRAWN, P.CLOSED)
"""Where a pitch has ended: its business may begin another."""
