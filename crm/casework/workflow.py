"""The ways of a conversation, from draft to complete, and of hours, from stated to confirmed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from crm.kernel.workflow import Machine, move


class ConversationStatus(StrEnum):
    """Where the record of a conversation stands. What is complete does not become a draft again."""

    DRAFT = "draft"
    COMPLETE = "complete"
    DISCARDED = "discarded"


class HoursStatus(StrEnum):
    """Whether a business says that it had the hours which an adviser stated."""

    STATED = "stated"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Channel(StrEnum):
    """How people spoke."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    TELEPHONE = "telephone"
    EMAIL = "email"
    EVENT = "event"


class Act(StrEnum):
    """What can be done in casework."""

    VIEW = "view_conversation"
    RECORD = "record_conversation"
    EDIT = "edit_conversation"
    COMPLETE = "complete_conversation"
    DISCARD = "discard_conversation"
    HAND_DRAFT = "hand_over_conversation"
    VOID = "void_conversation"
    VIEW_HOURS = "view_hours"
    LIST_HOURS = "list_hours"
    ASK_HOURS = "ask_to_confirm_hours"
    OPEN_HOURS = "open_hours"
    CONFIRM_HOURS = "confirm_hours"
    DISPUTE_HOURS = "dispute_hours"
    CORRECT_HOURS = "correct_hours"
    HAND_HOURS = "hand_over_hours"
    ADD_STEP = "add_next_step"
    CHANGE_STEP = "change_next_step"
    FINISH_STEP = "finish_next_step"
    DISMISS_STEP = "dismiss_reminder"
    LIST_DRAFTS = "list_draft_conversations"
    CHOOSE_REMINDERS = "choose_reminders"
    WRITE_EMAIL = "write_email"
    VIEW_TEMPLATES = "view_email_templates"
    ADD_TEMPLATE = "add_email_template"
    CHANGE_TEMPLATE = "change_email_template"
    RETIRE_TEMPLATE = "retire_email_template"
    RESTORE_TEMPLATE = "restore_email_template"
    VIEW_REACH = "view_reach"
    VIEW_KINDS = "view_kinds_of_support"
    RETIRE_KIND = "retire_kind_of_support"
    RESTORE_KIND = "restore_kind_of_support"


C, H = ConversationStatus, HoursStatus
CONVERSATIONS = Machine(
    "conversation",
    start=C.DRAFT,
    moves=[
        move(Act.COMPLETE, C.DRAFT, C.COMPLETE),
        move(Act.DISCARD, C.DRAFT, C.DISCARDED),
    ],
)
HOURS = Machine(
    "hours",
    start=H.STATED,
    moves=[
        move(Act.CONFIRM_HOURS, H.STATED, H.CONFIRMED),
        move(Act.DISPUTE_HOURS, H.STATED, H.DISPUTED),
        move(Act.CORRECT_HOURS, (H.STATED, H.CONFIRMED, H.DISPUTED), H.STATED),
    ],
)


class Recorded(Protocol):
    """The record of a conversation, as far as its rules ask."""

    @property
    def status(self) -> ConversationStatus: ...
    @property
    def voided_at(self) -> datetime | None: ...


class Step(Protocol):
    """A next step, as far as its rules ask."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def dismissed_for(self) -> date | None: ...
    @property
    def is_asked(self) -> bool: ...


class Listed(Protocol):
    """Something that can be chosen until it is retired."""

    @property
    def retired_on(self) -> date | None: ...


def why_not_edit(conversation: Recorded) -> str | None:
    """Why a record cannot be corrected; None where it can."""
    if conversation.voided_at is not None:
        return "This conversation was voided. Record it again if it did take place."
    if conversation.status is C.DISCARDED:
        return "This draft was deleted. Record the conversation again."
    return None


def why_not_void(conversation: Recorded) -> str | None:
    """Why a record cannot be voided; None where it can: it is complete, and was not voided yet."""
    if conversation.voided_at is not None:
        return "This conversation is voided already."
    if conversation.status is not C.COMPLETE:
        return "Only a complete conversation can be voided. Delete the draft instead."
    return None


def why_not_change_step(step: Step) -> str | None:
    """Why a step cannot be changed or finished; None where it can."""
    return None if step.done_at is None else "This step is done already. Add another one instead."


def why_not_dismiss_step(step: Step) -> str | None:
    """Why a reminder cannot be dismissed: there is none, or a business was promised an answer; None where it can."""
    if step.is_asked and step.done_at is None:
        return "The business asked for this and waits for an answer. Answer it, or give it to a colleague."
    is_waiting = step.due_on is not None and step.done_at is None and step.dismissed_for != step.due_on
    return None if is_waiting else "There is no reminder to dismiss."


def why_not_retire(listed: Listed) -> str | None:
    """Why something cannot be taken off a list; None where it can."""
    return None if listed.retired_on is None else "This is no longer offered."


def why_not_restore(listed: Listed) -> str | None:
    """Why something cannot be put back on a list; None where it can."""
    return None if listed.retired_on is not None else "This is offered already."
