"""When a decision is looked at again, what its entries are called, and how facts are told as they stood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

KINDS = {
    "outcome": "What became of it",
    "correction": "Correction",
}
SHOWS = {"": "All decisions", "due": "To review now", "ahead": "To review later", "done": "Reviewed"}
MOST_OPTIONS, LONGEST_TEXT, LONGEST_OPTION = 10, 10_000, 500
FEWEST_OPTIONS = 2


@dataclass(frozen=True)
class Fact:
    """Something that was known when a decision was taken: in words, with the page of what it is about, if it has one."""

    words: str
    table: str = ""
    row_id: str = ""

    def stored(self) -> dict[str, str]:
        """As the row keeps it."""
        return {"words": self.words, "table": self.table, "row_id": self.row_id}


@dataclass(frozen=True)
class Later:
    """An entry that was added to a decision: whether it is an outcome, and when the decision is looked at again."""

    is_outcome: bool
    review_on: date | None


def next_review(first: date, later: Iterable[Later]) -> date | None:
    """The day on which a decision is looked at again: as its last outcome says, or the first day. None once it is settled."""
    outcomes = [each for each in later if each.is_outcome]
    return outcomes[-1].review_on if outcomes else first


def read_options(text: str) -> tuple[str, ...]:
    """Options as they were typed: one a line, each once."""
    return tuple(dict.fromkeys(each.strip() for each in text.splitlines() if each.strip()))


def fault_in_options(options: Sequence[str]) -> str | None:
    """What is wrong with the options that were considered."""
    if len(options) < FEWEST_OPTIONS:
        return "Enter at least two options, one a line"
    if len(options) > MOST_OPTIONS:
        return f"Enter {MOST_OPTIONS} options or fewer"
    too_long = any(len(each) > LONGEST_OPTION for each in options)
    return f"Each option must be {LONGEST_OPTION} characters or fewer" if too_long else None


def fault_in_choice(decided: str, options: Sequence[str]) -> str | None:
    """That what was decided is none of the options. It cannot be changed later, so it has to be one of them now."""
    chosen = decided.casefold()
    if any(each.casefold().rstrip(".") in chosen for each in options):
        return None
    return "Say which option was chosen, in the same words. If it is another one, add it to the options"


def fault_in_decided(decided_on: date, *, today: date) -> str | None:
    """Why the day of a decision cannot be."""
    return "The day must be today or earlier" if decided_on > today else None


def fault_in_review(review_on: date, *, decided_on: date | None, today: date) -> str | None:
    """Why the day of a review cannot be. A wrong day of the decision says nothing of the review."""
    first = decided_on if decided_on is not None and decided_on <= today else None
    if review_on < today or (first is not None and review_on <= first):
        return "The review day must be today or later, and after the day of the decision"
    return None
