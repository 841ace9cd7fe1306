"""The parts of the districts of the region, read once."""

from __future__ import annotations

from functools import cache

from crm.coverage.rules.counting import Part, parts_of
from crm.places.queries import districts


@cache
def parts() -> tuple[Part, ...]:
    """Every part of every district of the region."""
    return parts_of(districts())


@cache
def outcodes() -> tuple[str, ...]:
    """Every district of the region that is on the map."""
    return tuple(sorted({each.outcode for each in parts()}))
