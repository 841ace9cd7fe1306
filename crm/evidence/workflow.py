"""The way of an ask: open until the sum is found, is not to be had, or is no longer sought."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

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
    """Why no finance was found: the words in which the fund's case is made.

    The last four but one are the barriers that the evaluation of the Creative Growth Programme names.
    """

    NOTHING_EXISTS = "nothing_exists"
    NOT_ELIGIBLE = "not_eligible"
    TURNED_DOWN = "turned_down"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_EARLY = "too_early"
    TERMS_NOT_ACCEPTABLE = "terms_not_acceptable"
    COMMERCIAL_FOCUS = "commercial_focus"
    INVESTOR_UNDERSTANDING = "investor_understanding"
    COLLATERAL = "collateral"
    KEY_PERSON = "key_person"
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
    VIEW_OUTPUT = "view_output"
    RECORD_OUTPUT = "record_output"
    CLAIM_OUTPUT = "claim_output"
    CORRECT_OUTPUT = "correct_output"
    WITHDRAW_OUTPUT = "withdraw_output"
    ATTACH_PROOF = "attach_proof"
    REMOVE_PROOF = "remove_proof"
    SET_BASELINE = "set_baseline"
    VIEW_INDICATORS = "view_indicators"
    RECORD_SHUT_OUT = "record_shut_out"
    VIEW_CROSSING = "view_crossing"
    FOLLOW_UP_CROSSING = "follow_up_crossing"


class Look(StrEnum):
    """What the rooms above are asked while it is looked for what a business can use now."""

    ELSEWHERE = "weigh_a_service_by_the_rules_of_the_directory"


class Occasion(StrEnum):
    """What a business was doing when a rule shut it out."""

    COVER = "cover"
    ENQUIRY = "enquiry"
    PLAN = "plan"
    REFERRAL = "referral"
    ROUND = "round"


class Cause(StrEnum):
    """Why a rule no longer shuts a business out: the business changed, or the rule did."""

    BUSINESS = "business"
    RULE = "rule"


class CrossingStatus(StrEnum):
    """Whether an adviser has followed up that a business can now use a service."""

    WAITING = "waiting"
    FOLLOWED_UP = "followed_up"


class OutputStatus(StrEnum):
    """Whether an output is only kept, or counted in what is reported."""

    KEPT = "kept"
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"


class Unit(StrEnum):
    """In what an indicator is counted; full-time equivalents in hundredths."""

    BUSINESS = "business"
    FTE = "fte"
    COUNT = "count"


S, K = AskStatus, OutputStatus
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
OUTPUTS = Machine(
    "output",
    start=K.KEPT,
    moves=[
        move(Act.CLAIM_OUTPUT, K.KEPT, K.CLAIMED),
        move(Act.WITHDRAW_OUTPUT, (K.KEPT, K.CLAIMED), K.WITHDRAWN),
    ],
)

CROSSINGS = Machine(
    "crossing",
    start=CrossingStatus.WAITING,
    moves=[move(Act.FOLLOW_UP_CROSSING, CrossingStatus.WAITING, CrossingStatus.FOLLOWED_UP)],
)


def why_not_correct_ask(ask: Any) -> str | None:
    """An ask is corrected as long as it is open."""
    return None if ask.status is S.OPEN else "This ask is settled. Reopen it first, then correct it."


def why_not_correct_output(output: Any) -> str | None:
    """An amount is corrected as long as it counts, and a business is always one."""
    if output.status is K.WITHDRAWN:
        return "This outcome was removed, so its amount cannot be corrected."
    return "A business counts as one." if output.indicator.unit is Unit.BUSINESS else None


def why_not_attach(output: Any) -> str | None:
    """What was removed needs no more proof."""
    return "This outcome was removed, so no files can be added." if output.status is K.WITHDRAWN else None


def why_not_remove_files(output: Any) -> str | None:
    """What is counted is counted on its proof, so there it stays."""
    return None if output.status is K.KEPT else "This outcome is counted or was removed, so its files stay."
