"""What is missing from the title to a right, said plainly: papers, shares, renewal dates, licences that collide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from crm.kernel.calendar import day_in_words, days_in_words
from crm.kernel.clock import has_come, is_past
from crm.rights.rules.labels import SECRET
from crm.rights.rules.shares import WHOLE, folded_owner, percent

RENEWED = frozenset({"patent", "trade_mark", "design", "domain"})
NUMBERED = re.compile(r"([^\W\d]+)\s*[0-9]+.*")
MOST_NAMED = 5
ELSEWHERE = frozenset({"worldwide", "world", "all territories"})


@dataclass(frozen=True)
class Made:
    """A part of a work: what it is, the craft and the person who made it, and whether a signed paper is attached."""

    title: str
    craft: str
    maker: str
    is_employee: bool
    has_paper: bool

    @property
    def is_missing(self) -> bool:
        """Whether an assignment is needed and not there: an employee's work belongs to the business without one."""
        return not self.is_employee and not self.has_paper


@dataclass(frozen=True)
class Licensed:
    """A licence as far as two can collide."""

    party: str
    territory: str
    is_out: bool
    is_exclusive: bool
    starts_on: date
    ends_on: date | None

    @property
    def in_words(self) -> str:
        """Where and when it holds: "France, from 4 May 2026, exclusive"."""
        first, last = self.starts_on, self.ends_on
        days = f"from {day_in_words(first)}" if last is None else days_in_words(first, last)
        return f"{self.territory}, {days}, {'exclusive' if self.is_exclusive else 'not exclusive'}"

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day, its first and its last included."""
        has_ended = self.ends_on is not None and is_past(self.ends_on, on=on)
        return has_come(self.starts_on, on=on) and not has_ended


@dataclass(frozen=True)
class Holding:
    """A right as far as its gaps turn on it: ``owners`` as they are named, beside the name of the business, on a day."""

    kind: str
    status: str
    shares: Sequence[Sequence[object]]
    renews_on: date | None
    owners: tuple[str, ...] = ()
    business: str = ""
    on: date = date.min


def gaps_in(right: Holding, *, parts: Sequence[Made], licences: Sequence[Licensed]) -> tuple[str, ...]:
    """Everything that is missing, in sentences."""
    found = [*not_owned(right, licences), *missing_assignments(parts), *collisions(licences, on=right.on)]
    owned = sum(int(str(share)) for _, share in right.shares)
    if right.shares and owned < WHOLE:
        found.append(f"The owner of the other {percent(WHOLE - owned)} is not recorded")
    if right.kind in RENEWED and right.status == "registered" and right.renews_on is None:
        found.append("It is registered, but no renewal date is recorded")
    if right.renews_on is not None and right.status != "lapsed" and is_past(right.renews_on, on=right.on):
        found.append(
            f"It was to be renewed by {day_in_words(right.renews_on)}: enter the new date, or mark it as lapsed"
        )
    return tuple(found)


def not_owned(right: Holding, licences: Sequence[Licensed]) -> list[str]:
    """That nothing entitles the business to a right: it owns none of it, and has no licence that holds on the day."""
    ours = folded_owner(right.business)
    if right.kind == SECRET or right.status == "lapsed" or not right.owners:
        return []
    given = [each for each in licences if not each.is_out]
    if any(each.holds(right.on) for each in given) or any(
        folded_owner(each) == ours for each in right.owners
    ):
        return []
    return [f"{right.business} owns none of it, and {_why_no_licence(given, on=right.on)}"]


def _why_no_licence(given: Sequence[Licensed], *, on: date) -> str:
    """Why no licence holds on a day: the last has ended, the next has not begun, or none is recorded."""
    over = [each for each in given if each.ends_on is not None and is_past(each.ends_on, on=on)]
    to_come = [each for each in given if not has_come(each.starts_on, on=on)]
    ended = max(over, key=_end, default=None)
    ahead = min(to_come, key=lambda each: each.starts_on, default=None)
    said = [f"the licence from {ended.party} ended on {day_in_words(_end(ended))}"] if ended else []
    said += (
        [f"the licence from {ahead.party} only starts on {day_in_words(ahead.starts_on)}"] if ahead else []
    )
    return ", and ".join(said) or "no licence to it is recorded"


def _end(licence: Licensed) -> date:
    return licence.ends_on or date.max


def missing_assignments(parts: Sequence[Made]) -> list[str]:
    """For each craft: how many of its parts have no assignment. "2 of 5 episodes have no assignment from the composer"."""
    crafts = dict.fromkeys(each.craft.casefold() for each in parts)
    return [words for craft in crafts if (words := _missing_from(craft, parts))]


def _missing_from(craft: str, parts: Sequence[Made]) -> str:
    own = [each for each in parts if each.craft.casefold() == craft]
    missing = [each for each in own if each.is_missing]
    if not missing:
        return ""
    if len(own) == 1:
        return f"{own[0].title} has no assignment from the {craft}, {own[0].maker}"
    verb = "has" if len(missing) == 1 else "have"
    words = f"{len(missing)} of {len(own)} {noun_of(own)} {verb} no assignment from the {craft}"
    return words if len(missing) == len(own) else f"{words}: {_named(missing)}"


def _named(missing: Sequence[Made]) -> str:
    """Which parts they are: the first few by name."""
    named = [each.title for each in missing[:MOST_NAMED]]
    if len(missing) > MOST_NAMED:
        named[-1] = f"{len(missing) - MOST_NAMED + 1} others"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def noun_of(parts: Iterable[Made]) -> str:
    """What the parts are called together: episodes where each is "Episode 3", else parts."""
    words = {
        match.group(1).lower() if (match := NUMBERED.fullmatch(each.title.strip())) else "part"
        for each in parts
    }
    word = words.pop() if len(words) == 1 else "part"
    return word if word.endswith("s") else f"{word}s"


def collisions(licences: Sequence[Licensed], *, on: date) -> list[str]:
    """Two licences out that cannot both hold: one is exclusive, for a place and time that the other has too.

    What was over before the day cannot be put right any more, and is no gap.
    """
    out = [each for each in licences if each.is_out and _end(each) >= on]
    pairs = [(one, two) for at, one in enumerate(out) for two in out[at + 1 :] if _collide(one, two)]
    return [_collision_in_words(one, two) for one, two in pairs]


def _collision_in_words(one: Licensed, two: Licensed) -> str:
    """Which two licences collide, each with its place and days. Two to the same party are no dispute, but one too many."""
    if folded_owner(one.party) == folded_owner(two.party):
        fix = "Remove one if they are the same licence, or correct their days"
        return f"Two licences to {one.party} overlap: {one.in_words}; and {two.in_words}. {fix}"
    which = "both are" if one.is_exclusive and two.is_exclusive else "one is"
    named = " and ".join(f"{each.party} ({each.in_words})" for each in (one, two))
    return f"Two licences overlap, and {which} exclusive: {named}"


def _collide(one: Licensed, two: Licensed) -> bool:
    places = {one.territory.casefold(), two.territory.casefold()}
    is_one_place = len(places) == 1 or bool(places & ELSEWHERE)
    latest = date.max
    is_one_time = one.starts_on <= (two.ends_on or latest) and two.starts_on <= (one.ends_on or latest)
    return (one.is_exclusive or two.is_exclusive) and is_one_place and is_one_time


def is_secret(kind: str) -> bool:
    """Whether the register only names it."""
    return kind == SECRET
