"""Why a district has what it has for one need and size: each service that is counted, could be, or is closed to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.coverage.rules.bands import MODELS, Band
from crm.coverage.rules.counting import WHOLE, Part, lets_in
from crm.directory.workflow import ServiceStatus
from crm.kernel.eligibility import Facts, Outcome, one_of, weigh


@dataclass(frozen=True)
class Listed:
    """A service for the need: the share of the district that it reaches, where that is, and what closes it, in words."""

    service: Any
    share: int
    where: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """The services that count, those that would if somebody confirmed that they run, and those that are closed to it."""

    counted: tuple[Listed, ...]
    unconfirmed: tuple[Listed, ...]
    closed: tuple[Listed, ...]

    @property
    def services(self) -> int:
        """What counts, each by the share that it reaches, in hundredths."""
        return (sum(each.share for each in self.counted) * 100 + WHOLE // 2) // WHOLE


def explain(services: Iterable[Any], parts: Sequence[Part], *, band: Band, on: date) -> Explained:
    """Sort the services for a need by whether they reach a district and a size. What has ended is left out."""
    counted: list[Listed] = []
    unconfirmed: list[Listed] = []
    closed: list[Listed] = []
    for each in services:
        is_open, is_unconfirmed = each.is_available(on=on), each.status is ServiceStatus.CHECK
        if is_open or is_unconfirmed:
            found = _listed(each, parts, band)
            shelf = closed if found.because else counted if is_open else unconfirmed
            shelf.append(found)
    return Explained(tuple(counted), tuple(unconfirmed), tuple(closed))


def _listed(service: Any, parts: Sequence[Part], band: Band) -> Listed:
    inside = [part for part in parts if lets_in(service.terms, part.place)]
    share = sum(part.share for part in inside)
    where = (
        ""
        if share == WHOLE
        else one_of((part.authority for part in inside), joined_by="and")
        if inside
        else ""
    )
    against = _not_met(service, MODELS[band])
    if not inside:
        against += _not_met(service, Facts(places=tuple(part.place for part in parts)))
    return Listed(service, share, where, against)


def _not_met(service: Any, facts: Facts) -> tuple[str, ...]:
    read = weigh(service.terms, facts).readings
    return tuple(each.words for each in read if each.outcome is Outcome.NOT_MET)
