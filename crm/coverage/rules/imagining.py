"""What one more service would change: the same counting as of real ones, with it added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.coverage.rules.bands import MODELS, Band
from crm.coverage.rules.counting import WHOLE, Level, Part, counted
from crm.directory.workflow import ServiceStatus
from crm.kernel.eligibility import Terms, rules_out


@dataclass(frozen=True)
class Imagined:
    """A service that does not exist, with what is counted of one that does. It is never stored."""

    need: str
    terms: Terms
    status: ServiceStatus = ServiceStatus.OPEN
    opens_on: date | None = None
    closes_on: date | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The one need that it meets."""
        return (self.need,)

    def is_for(self, band: Band) -> bool:
        """Whether it is open to the model business of a size, wherever that is."""
        return not rules_out(self.terms, MODELS[band])


def reach_of(
    imagined: Imagined, parts: Sequence[Part], *, band: Band, on: date
) -> dict[tuple[str, str], int]:
    """What it adds to each part of each district, for a size: 1 or 0."""
    at = tuple(Band).index(band)
    added = counted([imagined], parts, on=on)
    return {
        (part.outcode, part.authority): added[part.outcode, part.authority, imagined.need][at]
        for part in parts
    }


@dataclass(frozen=True)
class Change:
    """What a district has now and would have, with how many creative businesses are known there."""

    before: Level
    after: Level
    businesses: int = 0

    @property
    def is_filled(self) -> bool:
        """Whether most of the district has nothing now, and would not with the service."""
        return self.before.is_empty and not self.after.is_empty

    @property
    def served(self) -> int:
        """How many of its businesses would have a service who have none, by the share of the district, in ten-thousandths."""
        return self.businesses * (self.before.unreached - self.after.unreached)


def changes(
    before: Mapping[str, Level], after: Mapping[str, Level], *, businesses: Mapping[str, int]
) -> list[Change]:
    """Each district as it is and as it would be."""
    return [Change(each, after[outcode], businesses.get(outcode, 0)) for outcode, each in before.items()]


@dataclass(frozen=True)
class Effect:
    """What the service would come to: districts without before and after, and the businesses that would have it."""

    empty_before: int
    empty_after: int
    served: int
    filled: tuple[Change, ...]


def effect_of(found: Iterable[Change]) -> Effect:
    """The sum of the changes; the districts that would no longer be empty, those with the most businesses first."""
    every = list(found)
    filled = sorted(
        (each for each in every if each.is_filled), key=lambda each: (-each.businesses, each.before.outcode)
    )
    return Effect(
        sum(each.before.is_empty for each in every),
        sum(each.after.is_empty for each in every),
        (sum(each.served for each in every) + WHOLE // 2) // WHOLE,
        tuple(filled),
    )
