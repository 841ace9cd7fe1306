"""Reads of casework: conversations, hours, next steps, emails, and who works where."""

from __future__ import annotations

from crm.casework.queries.conversations import (
    are_services,
    complete_with,
    conversation,
    conversations_of,
    drafts_of,
    kind,
    kinds,
    read_again,
    services_in_use,
)
from crm.casework.queries.emails import email, emails_to, template, templates
from crm.casework.queries.hours import asked_about, hours, hours_at, hours_from, hours_of, quarters_on, stated
from crm.casework.queries.people import (
    advisers_for,
    are_active_staff,
    in_charge_of,
    named,
    readers_at,
    team_hub_of,
    team_of,
    worked_on,
)
from crm.casework.queries.reaching import names_of, spoken, spoken_with
from crm.casework.queries.steps import (
    Quiet,
    choices_of,
    next_step,
    quiet_to_tell,
    read_step_again,
    steps_asked,
    steps_for,
    steps_of,
    steps_to_tell,
)

__all__ = [
    "Quiet",
    "advisers_for",
    "are_active_staff",
    "are_services",
    "asked_about",
    "choices_of",
    "complete_with",
    "conversation",
    "conversations_of",
    "drafts_of",
    "email",
    "emails_to",
    "hours",
    "hours_at",
    "hours_from",
    "hours_of",
    "in_charge_of",
    "kind",
    "kinds",
    "named",
    "names_of",
    "next_step",
    "quarters_on",
    "quiet_to_tell",
    "read_again",
    "read_step_again",
    "readers_at",
    "services_in_use",
    "spoken",
    "spoken_with",
    "stated",
    "steps_asked",
    "steps_for",
    "steps_of",
    "steps_to_tell",
    "team_hub_of",
    "team_of",
    "template",
    "templates",
    "worked_on",
]
