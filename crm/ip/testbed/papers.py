"""Test-bed projects as the rows of a file."""

from __future__ import annotations

from typing import Any

from crm.ip.testbed.models import Project
from crm.ip.testbed.rules.labels import STAGES

HEAD = (
    "Project",
    "Stage",
    "Question",
    "Hypothesis",
    "First day",
    "Last day",
    "Partners",
    "Businesses taking part",
    "Budget",
    "Spent",
    "Left",
    "Result",
    "Lessons",
    "May be published",
    "Lead",
)


def cells(found: Project, taking_part: int) -> tuple[Any, ...]:
    """One project; money in plain pounds."""
    return (
        found.title,
        STAGES[found.status],
        found.question,
        found.hypothesis,
        found.starts_on,
        found.ends_on,
        tuple(each.name for each in found.partners),
        taking_part,
        found.budget,
        found.spent,
        found.money.left,
        found.result,
        found.lessons,
        found.may_publish,
        found.lead.name if found.lead else "",
    )
