"""Strategic decisions as the rows of a file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crm.ip.decisions.models import StrategicDecision
from crm.ip.decisions.rules import KINDS
from crm.kernel.clock import day_of

HEAD = (
    "Business",
    "Question",
    "Options",
    "Known then",
    "Also known",
    "Decided",
    "Why",
    "Decided by",
    "Decided on",
    "Next review",
    "Added later",
)


def cells(found: StrategicDecision, hidden: Collection[str]) -> tuple[Any, ...]:
    """One decision with what was added to it; ``hidden`` are rights that no file names."""
    later = tuple(f"{day_of(each.at).isoformat()} {KINDS[each.kind]}: {each.words}" for each in found.entries)
    return (
        found.business.name,
        found.question,
        tuple(found.options),
        tuple(each["words"] for each in found.known if each["row_id"] not in hidden),
        found.known_besides,
        found.decided,
        found.why,
        found.decided_by,
        found.decided_on,
        found.next_review,
        later,
    )
