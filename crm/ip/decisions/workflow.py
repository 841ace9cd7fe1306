"""What can be done with strategic decisions, and what can be added to one."""

from __future__ import annotations

from enum import StrEnum


class EntryKind(StrEnum):
    """What is added to a decision later: nothing that was recorded is ever changed."""

    OUTCOME = "outcome"
    CORRECTION = "correction"


class Act(StrEnum):
    """What can be done with strategic decisions."""

    LIST = "list_strategic_decisions"
    EXTRACT = "extract_strategic_decisions"
    VIEW = "view_strategic_decision"
    RECORD = "record_strategic_decision"
    ADD = "add_to_strategic_decision"
    REMIND = "remind_of_strategic_decision"
