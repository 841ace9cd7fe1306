"""What can be done from the result of a readiness assessment."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done with the actions that an assessment leads to."""

    VIEW = "view_readiness_actions"
    REFER = "refer_from_readiness_assessment"
