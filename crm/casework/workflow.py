"""The ways of a conversation, from draft to complete, and of hours, from stated to confirmed."""

from __future__ import annotations

from enum import StrEnum

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
    VIEW_HOURS = "view_hours"
    ASK_HOURS = "ask_to_confirm_hours"
    OPEN_HOURS = "open_hours"
    CONFIRM_HOURS = "confirm_hours"
    DISPUTE_HOURS = "dispute_hours"
    CORRECT_HOURS = "correct_hours"
    ADD_STEP = "add_next_step"
    CHANGE_STEP = "change_next_step"
    FINISH_STEP = "finish_next_step"
    DISMISS_STEP = "dismiss_reminder"
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
