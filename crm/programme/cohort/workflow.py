"""The life of a draft of a cohort, from open to confirmed; and of the decision on one application."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.proposals import TwoPeople
from crm.kernel.workflow import Machine, move
from crm.programme.applications.workflow import ApplicationStatus


class DraftStatus(StrEnum):
    """Where a draft stands. A stale one shares applicants with the draft that was confirmed."""

    OPEN = "open"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    STALE = "stale"
    DELETED = "deleted"


class Outcome(StrEnum):
    """What was decided about an application."""

    SUCCESSFUL = "successful"
    RESERVE = "reserve"
    UNSUCCESSFUL = "unsuccessful"
    WITHDREW = "withdrew"


class DecisionStatus(StrEnum):
    """Whether the applicant knows of a decision yet; and whether an award was withdrawn."""

    SAVED = "saved"
    NOTIFIED = "notified"
    WITHDRAWN = "withdrawn"


class ChangeKind(StrEnum):
    """What is taken back of what a business was told: a part of its award, or its place on the waiting list.

    It comes off the list because it asked for that, or because we take it off.
    """

    LOWER = "lower"
    ASKED_OFF = "asked_off"
    TAKEN_OFF = "taken_off"


class ChangeStatus(StrEnum):
    """What became of a proposal to change a decision that was sent. Nothing changes before another person confirms it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ProposalStatus(StrEnum):
    """How far the solver is with a proposal. A failed one gave nothing that could be shown."""

    ASKED = "asked"
    WORKING = "working"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What can be done with cohorts."""

    VIEW = "view_cohort"
    LIST_COHORTS = "list_cohorts"
    BEGIN = "begin_cohort"
    SET_TARGET = "set_cohort_target"
    REMOVE_TARGET = "remove_cohort_target"
    START_DRAFT = "start_cohort_draft"
    DELETE_DRAFT = "delete_cohort_draft"
    CHOOSE = "choose_application"
    REMOVE = "remove_from_cohort_draft"
    LEAVE = "leave_cohort_draft"
    FILL = "fill_cohort_draft"
    OVERRIDE = "override_threshold"
    GO_STALE = "mark_cohort_draft_stale"
    PROPOSE = "propose_cohort"
    SEND_BACK = "send_back_cohort"
    CONFIRM = "confirm_cohort"
    WRITE_FEEDBACK = "write_feedback"
    DECIDE = "save_decision"
    NOTIFY = "send_decision"
    PROPOSE_WITHDRAWAL = "propose_withdrawal"
    KEEP_AWARD = "keep_award"
    WITHDRAW_AWARD = "withdraw_award"
    RELEASE_REST = "release_rest_of_award"
    READ_END = "read_end_of_award"
    PROPOSE_CHANGE = "propose_change_of_decision"
    CONFIRM_CHANGE = "confirm_change_of_decision"
    REFUSE_CHANGE = "refuse_change_of_decision"
    WITHDRAW_CHANGE = "withdraw_change_of_decision"
    READ_CHANGE = "read_change_of_decision"
    LOWER = "lower_award"
    PROMOTE = "promote_reserve"
    RELEASE_RESERVE = "release_reserve"
    ASK_PROPOSAL = "ask_cohort_proposal"
    WORK_ON_PROPOSAL = "work_on_cohort_proposal"
    RETURN_PROPOSAL = "return_cohort_proposal"
    ANSWER_PROPOSAL = "answer_cohort_proposal"
    FAIL_PROPOSAL = "fail_cohort_proposal"
    CANCEL_PROPOSAL = "cancel_cohort_proposal"
    TAKE_OVER_PROPOSAL = "take_over_cohort_proposal"


def why_not_withdrawn(decision: Any) -> str | None:
    """Only an award can be withdrawn."""
    return None if decision.outcome is Outcome.SUCCESSFUL else "Only an award can be withdrawn."


def why_not_sent(decision: Any) -> str | None:
    """A decision is not sent while its application is being assessed again."""
    if decision.application.status is not ApplicationStatus.SUBMITTED:
        return None
    return "This application is being assessed again. Close its assessment before the decision is sent."


def why_not_promoted(decision: Any) -> str | None:
    """Only an application on the waiting list can be promoted or released from it."""
    return None if decision.outcome is Outcome.RESERVE else "This application is not on the waiting list."


def why_end_not_read(decision: Any) -> str | None:
    """Only the end of an award that its applicant gave up waits to be read, and once."""
    return (
        None if decision.is_end_unread else "There is nothing to read here, or it was marked as read already."
    )


D, S, P, C = DraftStatus, DecisionStatus, ProposalStatus, ChangeStatus

DRAFTS = Machine(
    "draft cohort",
    start=D.OPEN,
    moves=[
        move(Act.PROPOSE, D.OPEN, D.PROPOSED),
        move(Act.SEND_BACK, D.PROPOSED, D.OPEN),
        move(Act.CONFIRM, D.PROPOSED, D.CONFIRMED),
        move(Act.GO_STALE, D.OPEN, D.STALE),
        move(Act.DELETE_DRAFT, D.OPEN, D.DELETED),
    ],
)

DECISIONS = Machine(
    "decision",
    start=S.SAVED,
    moves=[
        move(Act.NOTIFY, S.SAVED, S.NOTIFIED, unless=why_not_sent),
        move(Act.WITHDRAW_AWARD, (S.SAVED, S.NOTIFIED), S.WITHDRAWN, unless=why_not_withdrawn),
        move(Act.PROMOTE, (S.SAVED, S.NOTIFIED), S.SAVED, unless=why_not_promoted),
        move(Act.RELEASE_RESERVE, (S.SAVED, S.NOTIFIED), S.SAVED, unless=why_not_promoted),
    ],
)

CHANGES = TwoPeople(
    "change of a decision",
    start=ChangeStatus.PROPOSED,
    confirm=Act.CONFIRM_CHANGE,
    refuse=Act.REFUSE_CHANGE,
    withdraw=Act.WITHDRAW_CHANGE,
    read=Act.READ_CHANGE,
)

PROPOSALS = Machine(
    "cohort proposal",
    start=P.ASKED,
    moves=[
        move(Act.WORK_ON_PROPOSAL, P.ASKED, P.WORKING),
        move(Act.RETURN_PROPOSAL, P.WORKING, P.ASKED),
        move(Act.ANSWER_PROPOSAL, P.WORKING, P.ANSWERED),
        move(Act.FAIL_PROPOSAL, P.WORKING, P.FAILED),
        move(Act.CANCEL_PROPOSAL, (P.ASKED, P.WORKING), P.CANCELLED),
        move(Act.TAKE_OVER_PROPOSAL, P.ANSWERED, P.ANSWERED),
    ],
)
