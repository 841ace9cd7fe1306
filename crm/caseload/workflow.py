"""What can be done about who leads the work with a business, and about tags."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What can be done here."""

    VIEW = "view_lead_adviser"
    TAKE_LEAD = "become_lead_adviser"
    ASSIGN_LEAD = "assign_lead_adviser"
    END_LEAD = "remove_lead_adviser"
    LIST_TAGS = "list_tags"
    CHANGE_TAGS = "change_tags_of_business"
    RENAME_TAG = "rename_tag"
    MERGE_TAG = "merge_tag"


def why_not_take(led: Any) -> str | None:
    """A business that somebody leads is not taken from them: they hand it over, or a manager assigns it."""
    if led.lead is None or not led.is_led:
        return None
    return f"{led.lead.account.name} is the lead adviser. They can hand the business over, or a manager can assign it."


def why_not_end(led: Any) -> str | None:
    """Where nobody leads, nobody can be removed."""
    return None if led.lead is not None else "This business has no lead adviser."
