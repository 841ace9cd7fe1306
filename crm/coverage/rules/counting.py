"""How many available services each part of the region has for each need and size. Whole numbers until they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from crm.coverage.rules.bands import MODELS, Band
from crm.directory.rules.labels import NEEDS
from crm.kernel.eligibility import Facts, Place, Terms, is_available, rules_out
from crm.places.rules import District

WHOLE = 10_000
"""A whole district, in the ten-thousandths that shares are counted in."""
BANDS_COUNTED = tuple(Band)
Counts = tuple[int, ...]
"""A number for each size, in the order of `Band`."""
Key = tuple[str, str, str]
"""A district, an authority that it lies in, and a need."""
PlaceRule = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]


class Offer(Protocol):
    """What is counted of a service; one that a manager only imagines has the same."""

    @property
    def needs(self) -> Any: ...
    @property
    def terms(self) -> Any: ...
    @property
    def status(self) -> Any: ...
    @property
    def opens_on(self) -> Any: ...
    @property
    def closes_on(self) -> Any: ...


@dataclass(frozen=True)
class Part:
    """The part of a district that lies in one authority of the region. ``share`` is in ten-thousandths of what of it lies there."""

    outcode: str
    authority: str
    share: int
    place: Place


def parts_of(districts: Iterable[District]) -> tuple[Part, ...]:
    """Every part of every district; what lies outside the region is left out, and the shares of the rest are a whole."""
    return tuple(part for each in districts if each.is_geographic for part in _parts(each))


def _parts(district: District) -> Iterable[Part]:
    inside = [
        (each, place)
        for each, place in zip(district.possibilities, district.places, strict=True)
        if each.in_region
    ]
    total = sum(each.share for each, _ in inside)
    left = WHOLE
    for position, (each, place) in enumerate(inside):
        is_last = position == len(inside) - 1
        share = left if is_last else min(left, round(WHOLE * each.share / total)) if total else 0
        left -= share
        yield Part(district.name, each.authority, share, place)


def counted(offers: Iterable[Offer], parts: Sequence[Part], *, on: date) -> dict[Key, Counts]:
    """How many services available on a day are not closed to the model business of each size, in each part, for each need.

    A service is closed to a size or a place only by a rule that is not met. Parts and needs without a service are there with nought.
    """
    rules: dict[PlaceRule, Terms] = {}
    tallies: dict[PlaceRule, dict[str, list[int]]] = {}
    for offer in offers:
        if is_available(offer.status, opens_on=offer.opens_on, closes_on=offer.closes_on, on=on):
            terms = offer.terms
            rule = _place_rule(terms)
            rules.setdefault(rule, terms)
            _tally(tallies.setdefault(rule, {}), offer.needs, sizes_open(terms))
    inside = {rule: [lets_in(terms, part.place) for part in parts] for rule, terms in rules.items()}
    return _spread(tallies, inside, parts)


def _place_rule(terms: Terms) -> PlaceRule:
    return terms.leps, terms.lad_names, terms.outcodes, terms.wmca_only


def sizes_open(terms: Terms) -> tuple[bool, ...]:
    """To which sizes a service is not closed, wherever they are."""
    return tuple(not rules_out(terms, model) for model in MODELS.values())


def lets_in(terms: Terms, place: Place) -> bool:
    """Whether a service is not closed to a place; only its rules about places are asked."""
    return not rules_out(terms, Facts(places=(place,)))


def _tally(tally: dict[str, list[int]], needs: Iterable[str], sizes: tuple[bool, ...]) -> None:
    for need in needs:
        row = tally.setdefault(need, [0] * len(sizes))
        for at, is_open in enumerate(sizes):
            row[at] += is_open


def _spread(
    tallies: Mapping[PlaceRule, Mapping[str, list[int]]],
    inside: Mapping[PlaceRule, Sequence[bool]],
    parts: Sequence[Part],
) -> dict[Key, Counts]:
    nothing = (0,) * len(BANDS_COUNTED)
    found: dict[Key, Counts] = {
        (each.outcode, each.authority, need): nothing for each in parts for need in NEEDS
    }
    for rule, tally in tallies.items():
        for part, is_inside in zip(parts, inside[rule], strict=True):
            for need, row in tally.items() if is_inside else ():
                key = (part.outcode, part.authority, need)
                found[key] = tuple(a + b for a, b in zip(found.get(key, nothing), row, strict=True))
    return found


@dataclass(frozen=True)
class Level:
    """What a district has: services by the share of it that each reaches, in hundredths, and the share that none reaches."""

    outcode: str
    services: int = 0
    unreached: int = WHOLE

    @property
    def is_empty(self) -> bool:
        """Whether most of the district has nothing."""
        return self.unreached * 2 > WHOLE

    @property
    def in_words(self) -> str:
        """The services as a tile says them: whole where they are whole, else with one decimal."""
        whole, rest = divmod(self.services, 100)
        if not rest:
            return f"{whole}"
        return "<0.1" if self.services < 10 else f"{self.services / 100:.1f}"

    @property
    def reached_pct(self) -> int:
        """The share of the district with a service, as a whole number of per cent: never 100 where any part has none."""
        return (WHOLE - self.unreached) // 100


def levels(parts: Iterable[Part], counts: Mapping[tuple[str, str], int]) -> dict[str, Level]:
    """What each district has, from what each of its parts has (by district and authority)."""
    services: dict[str, int] = {}
    unreached: dict[str, int] = {}
    for part in parts:
        count = counts.get((part.outcode, part.authority), 0)
        services[part.outcode] = services.get(part.outcode, 0) + count * part.share
        unreached[part.outcode] = unreached.get(part.outcode, 0) + (0 if count else part.share)
    return {
        outcode: Level(outcode, (total + 50) * 100 // WHOLE, unreached[outcode])
        for outcode, total in services.items()
    }
