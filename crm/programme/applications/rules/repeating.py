"""What of an earlier application answers the questions of a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from crm.kernel.folding import folded
from crm.programme.applications.rules.answering import Answers


def same_questions(new: Iterable[Any], old: Iterable[Any]) -> dict[UUID, UUID]:
    """Which earlier question each new one repeats: itself or, in another round, one of its kind that reads the same."""
    known = list(old)
    ids = {each.id for each in known}
    read = {(str(each.kind), folded(each.label)): each.id for each in known}
    found = {
        each.id: each.id if each.id in ids else read.get((str(each.kind), folded(each.label))) for each in new
    }
    return {one: other for one, other in found.items() if other is not None}


def carried(new: Iterable[Any], *, same: Mapping[UUID, UUID], answers: Answers) -> dict[str, Any]:
    """The earlier answers, by the new question: of a choice only one that is still offered."""
    told = {each: answers.get(str(same[each.id])) for each in new if each.id in same}
    return {
        str(each.id): answer
        for each, answer in told.items()
        if answer not in (None, "", []) and (not each.choices or answer in each.choices)
    }
