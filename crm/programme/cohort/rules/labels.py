"""The words of cohorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from crm.funding.envelopes.rules import LINES as MONEY_LINES
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.measures import in_percent
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.limits import WHOLE
from crm.programme.rounds.rules.labels import STRANDS

LINES = MONEY_LINES
DRAFT_STATUSES = {
    "open": "Draft",
    "proposed": "Proposed",
    "confirmed": "Confirmed",
    "stale": "Out of date",
    "deleted": "Deleted",
}
DRAFT_COLOURS = {
    "open": "blue",
    "proposed": "yellow",
    "confirmed": "green",
    "stale": "grey",
    "deleted": "grey",
}
DECISION_STATUSES = {"saved": "Not sent yet", "notified": "Sent", "withdrawn": "No longer awarded"}
PROPOSAL_STATUSES = {
    "asked": "Waiting",
    "working": "Being worked out",
    "answered": "Worked out",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
PROPOSAL_COLOURS = {
    "asked": "yellow",
    "working": "blue",
    "answered": "green",
    "failed": "red",
    "cancelled": "grey",
}
DECISION_COLOURS = {"saved": "blue", "notified": "turquoise", "withdrawn": "red"}
OUTCOMES = {
    "successful": "Successful",
    "reserve": "Waiting list",
    "unsuccessful": "Unsuccessful",
    "withdrew": "Withdrew at its own request",
}
OUTCOME_COLOURS = {"successful": "green", "reserve": "yellow", "unsuccessful": "grey", "withdrew": "grey"}
CHANGE_KINDS = {
    "lower": "Lower the award",
    "asked_off": "The business asked to be taken off the waiting list",
    "taken_off": "We take it off the waiting list",
}
CHANGE_LINKS = {
    "lower": "Proposal to lower the award",
    "asked_off": "Proposal to take it off the waiting list",
    "taken_off": "Proposal to take it off the waiting list",
}


def said_side(is_outside: bool) -> str:
    """Which businesses a target counts: those of its group, or the others."""
    return "those outside the group" if is_outside else "those in the group"


DIMENSIONS = {
    "area": "Area",
    "authority": "Local authority",
    "sub_sector": "Sub-sector",
    "stage": "Stage",
    "first_time": "First-time applicants",
    "strand": "Strand",
}
MEASURES = {"money": "of the money", "awards": "of the awards"}
FIRST_TIME = {"yes": "First application", "no": "Has applied before"}
NOT_KNOWN = "Not known"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "area": LEPS,
    "sub_sector": DCMS_GROUPS,
    "stage": STAGES,
    "first_time": FIRST_TIME,
    "strand": STRANDS,
}


FACTS = {
    Dimension.AUTHORITY: "",
    Dimension.SUB_SECTOR: "",
    Dimension.STAGE: "stage: ",
    Dimension.STRAND: "strand: ",
    Dimension.FIRST_TIME: "",
}
"""What is said of an application in the ranked list, and under which name."""


def group_in_words(dimension: Dimension, value: str) -> str:
    """A group as it is read: "Greater Birmingham and Solihull" for its code."""
    return _WORDS.get(dimension, {}).get(value, value)


def choices_of(dimension: Dimension) -> Mapping[str, str]:
    """The groups of a dimension whose groups are a fixed list, with their words."""
    return _WORDS.get(dimension, {})


def facts_in_words(groups: Mapping[Dimension, tuple[str, ...]]) -> str:
    """What is known of an application, each thing by its name: where it is, what it does, its stage, its strand."""
    found = [(each, [group_in_words(each, value) for value in groups.get(each, ())]) for each in FACTS]
    said = [
        f"{FACTS[each]}{', '.join(words)}" for each, words in found if words and words != [FIRST_TIME["no"]]
    ]
    return "; ".join(each[:1].upper() + each[1:] for each in said) or NOT_KNOWN


def nearest_hundredth(share: Fraction, *, least: int = 0, most: int = WHOLE) -> int:
    """A share in hundredths of a per cent, rounded half up, so that the shares of two sides add up to all of it.

    One that just misses a limit is rounded the other way: what is not reached never reads as if it were.
    """
    exact = share * WHOLE
    near = int(exact + Fraction(1, 2))
    if exact < least <= near:
        return least - 1
    return most + 1 if exact > most >= near else near


def shares_in_words(shares: Sequence[int]) -> list[str]:
    """Shares that are read under each other: each with as many decimal places as the one that needs most."""
    places = max((2 if each % 10 else 1 if each % 100 else 0 for each in shares), default=0)
    return [f"{Decimal(each) / 100:.{places}f}%" for each in shares]


def together_in_words(shares: Collection[int]) -> str:
    """What rounded shares add up to where that misses all of it by their rounding alone; else nothing."""
    together = sum(shares)
    by_rounding = together and 0 < abs(together - WHOLE) <= len(shares)
    return f"Each share is rounded, so together they read {in_percent(together)}" if by_rounding else ""
