"""What the businesses of a test-bed project are told of it when it changes or starts, and how many people that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.ip.testbed.models import Project, ProjectPart
from crm.ip.testbed.queries import joining, seeing
from crm.ip.testbed.rules.labels import TOLD
from crm.ip.testbed.service.telling import readers_by_business, tell_business
from crm.ip.testbed.workflow import LIVE_PARTS, PartStatus
from crm.kernel.calendar import day_in_words


@dataclass(frozen=True)
class Reach:
    """How many people at how many businesses a letter reaches, and how many businesses nobody can be emailed at."""

    people: int
    businesses: int
    silent: int


def reach_of(parts: Sequence[ProjectPart], *, statuses: Collection[PartStatus] = LIVE_PARTS) -> Reach:
    """Whom a letter to the businesses of a project reaches, however many there are in three queries at most."""
    ids = [each.business_id for each in parts if each.status in statuses]
    readers = readers_by_business(ids)
    counts = [len(readers[each]) for each in ids]
    return Reach(sum(counts), sum(1 for each in counts if each), counts.count(0))


def partners_of(project_id: UUID) -> str:
    """The partners of a project as they stand now, in a row."""
    whole = seeing.project(project_id)
    return ", ".join(each.name for each in whole.partners) if whole else ""


def tell_changed(found: Project, changes: Mapping[str, tuple[Any, Any]], *, called: str) -> None:
    """Tell the businesses of a project what changed of what they were told, by the name under which they know it."""
    rows = [
        {"label": label, "before": _in_words(changes[name][0]), "after": _in_words(changes[name][1])}
        for name, label in TOLD.items()
        if name in changes
    ]
    for each in joining.parts_in(found.id) if rows else ():
        if each.status in LIVE_PARTS:
            took_part = each.status is PartStatus.TAKING_PART
            tell_business(each, "test_bed_changed", title=called, changes=rows, took_part=took_part)


def _in_words(value: Any) -> str:
    return day_in_words(value) if isinstance(value, date) else str(value)


def tell_started(found: Project) -> None:
    """Tell the businesses of a project that it has started: what each does there begins now, or can still be agreed to."""
    days: dict[str, Any] = {name: day_in_words(getattr(found, name)) for name in ("starts_on", "ends_on")}
    for each in joining.parts_in(found.id):
        if each.status in LIVE_PARTS:
            took_part = each.status is PartStatus.TAKING_PART
            tell_business(each, "test_bed_started", does=each.does, took_part=took_part, **days)
