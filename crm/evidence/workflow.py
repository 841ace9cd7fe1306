"""The way of an ask: open until the sum is found, is not to be had, or is no longer sought."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class AskStatus(StrEnum):
    """Where an ask stands."""

    OPEN = "open"
    MET = "met"
    UNMET = "unmet"
    DROPPED = "dropped"


class Instrument(StrEnum):
    """What kind of finance is sought. Equity and loans are never added up together."""

    GRANT = "grant"
    LOAN = "loan"
    EQUITY = "equity"
    OTHER = "other"
    NOT_SURE = "not_sure"


class Medium(StrEnum):
    """What the money is for, as line 6.4 of the plan tells ideas apart."""

    SCREEN = "screen"
    MIXED_MEDIA = "mixed_media"
    OTHER = "other"


class UnmetReason(StrEnum):
    """Why no finance was found: the words in which the fund's case is made."""

    NOTHING_EXISTS = "nothing_exists"
    NOT_ELIGIBLE = "not_eligible"
    TURNED_DOWN = "turned_down"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_EARLY = "too_early"
    TERMS_NOT_ACCEPTABLE = "terms_not_acceptable"
    OTHER = "other"


class Act(StrEnum):
    """What can be done with asks."""

    VIEW = "view_ask"
    RECORD = "record_ask"
    CORRECT = "correct_ask"
    MEET = "meet_ask"
    LEAVE_UNMET = "leave_ask_unmet"
    DROP = "drop_ask"
    REOPEN = "reopen_ask"


S = AskStatus
MACHINE = Machine(
    "ask",
    start=S.OPEN,
    moves=[
        move(Act.MEET, (S.OPEN, S.UNMET), S.MET),
        move(Act.LEAVE_UNMET, S.OPEN, S.UNMET),
        move(Act.DROP, (S.OPEN, S.UNMET), S.DROPPED),
        move(Act.REOPEN, (S.MET, S.UNMET, S.DROPPED), S.OPEN),
    ],
)
