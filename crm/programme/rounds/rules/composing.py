"""What makes no sense in a round as it is composed: names that read the same, and checks that compare nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from crm.kernel.folding import folded
from crm.programme.rounds.rules.asking import Check

T = TypeVar("T")
Fault = tuple[str, str]
"""The field that is wrong, and why, in words."""


def _read(name: str) -> str:
    return " ".join(folded(name).split())


def same_as(name: str, others: Iterable[str]) -> str | None:
    """Which of the others reads the same as this name, whatever its capitals and blanks; None where none does."""
    return next((each for each in others if _read(each) == _read(name)), None)


def repeated(rows: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """The rows whose name reads the same as that of an earlier one."""
    seen: set[str] = set()
    found = []
    for each in rows:
        read = _read(name(each))
        if read in seen:
            found.append(each)
        seen.add(read)
    return found


def check_fault(check: Check, kinds: Mapping[UUID, Any], *, others: Iterable[Check]) -> Fault | None:
    """Why a check cannot be asked. ``kinds`` are the kinds of the questions whose answers are sums or numbers."""
    if check.left_id not in kinds:
        return "left", "Choose a question of this round"
    if (check.right_id is None) == (check.fixed is None):
        return "right", "Choose a question to compare it with, or enter a fixed sum: one of the two"
    if check.right_id == check.left_id:
        return "right", "Choose another question: an answer always equals itself"
    if check.right_id is not None and check.right_id not in kinds:
        return "right", "Choose a question of this round"
    return _unlike(check, kinds) or _against(check, others)


def _unlike(check: Check, kinds: Mapping[UUID, Any]) -> Fault | None:
    """A number of people is compared with no sum of money."""
    is_number = kinds[check.left_id] == "number"
    if check.fixed is not None and is_number:
        return "fixed", "This answer is a number, not a sum of money. Compare it with another number"
    if check.fixed is not None and not check.fixed.pence:
        return "fixed", "Enter a sum above £0"
    if check.right_id is not None and (kinds[check.right_id] == "number") is not is_number:
        return "right", "One answer is a number and the other a sum of money, so they cannot be compared"
    return None


def _against(check: Check, others: Iterable[Check]) -> Fault | None:
    """A check that is there already, or that no answer can meet together with one that is."""
    for each in others:
        if (each.left_id, each.right_id) != (check.left_id, check.right_id):
            continue
        if each.comparison == check.comparison and _limit(each) == _limit(check):
            return "left", f"There is such a check already: “{each.words}”"
        at_least, at_most = (check, each) if check.comparison == "at_least" else (each, check)
        if each.comparison != check.comparison and _limit(at_least) > _limit(at_most):
            return "percent", f"No answer can meet both this check and “{each.words}”"
    return None


def _limit(check: Check) -> int:
    """How far an answer may go, in hundredths of a per cent of the other or of a penny."""
    return check.percent * (check.fixed.pence if check.fixed is not None else 1)
