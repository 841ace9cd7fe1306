"""The support that fits a business, best first, each service with why it stands where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from crm.directory.rules.labels import NEEDS, STATUSES, UNCONFIRMED
from crm.kernel.calendar import day_in_words
from crm.kernel.eligibility import (
    Atlas,
    Facts,
    Finding,
    Outcome,
    Terms,
    Verdict,
    is_available,
    is_early,
    is_fresh,
    is_over,
    weigh,
)

FRESH_MONTHS = 12
"""How long a check holds good where no dated figure says otherwise, in months."""


class Offer(Protocol):
    """What a service must tell to be matched: a row of a file and a row of a table both do.

    The members are `Any` because the columns of a table are descriptors, whose values the type checker does not see
    through a protocol. They are, in order: str; words; `Terms`; str; str; three days or None.
    """

    @property
    def service_id(self) -> Any: ...
    @property
    def needs(self) -> Any: ...
    @property
    def terms(self) -> Any: ...
    @property
    def cost_type(self) -> Any: ...
    @property
    def status(self) -> Any: ...
    @property
    def opens_on(self) -> Any: ...
    @property
    def closes_on(self) -> Any: ...
    @property
    def checked_on(self) -> Any: ...


Service = TypeVar("Service", bound=Offer)


@dataclass(frozen=True, slots=True)
class Match(Generic[Service]):
    """One service for one business. ``rank`` counts from 1 and is None where ineligible.

    ``reasons`` say in words why it stands there; ``unavailable_because`` is "" where it is available.
    """

    service: Service
    finding: Finding
    available: bool
    unavailable_because: str
    fresh: bool
    needs_met: tuple[str, ...]
    rank: int | None
    reasons: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return self.finding.verdict

    @property
    def standing(self) -> str:
        """Whether it is on offer, in two or three words, wherever services are listed."""
        if self.available:
            return STATUSES["open"]
        if self.service.status != "open":
            return STATUSES.get(self.service.status, "Not open")
        return "Not open yet" if self.unavailable_because.startswith(OPENS_ON) else STATUSES["closed"]

    @property
    def because(self) -> str:
        """Why it can be used or not: a rule that is not met, why it is not on offer, what is not known, or what helps."""
        told = {each.outcome: each.words for each in reversed(self.finding.readings)}
        if Outcome.NOT_MET in told:
            return told[Outcome.NOT_MET]
        return self.unavailable_because or told.get(Outcome.UNKNOWN, self.reasons[0])


_FREE, _PART_FREE, _PAID, _SHARED = range(4)
_COSTS: Mapping[str, tuple[int, str]] = {
    "free": (_FREE, "free"),
    "grant": (_FREE, "money that you do not pay back"),
    "free + grant": (_FREE, "free, with a grant"),
    "grant + free": (_FREE, "a grant, with free help"),
    "tax relief": (_FREE, "lowers your tax"),
    "subsidised": (_PART_FREE, "you pay part of the cost"),
    "match grant": (_PART_FREE, "a grant that you add your own money to"),
    "mixed": (_PART_FREE, "some of it is free"),
    "free or paid": (_PART_FREE, "some of it is free"),
    "membership": (_PAID, "you pay for membership"),
    "premium": (_PAID, "you pay a premium"),
    "paid": (_PAID, "you pay for it"),
    "loan": (_SHARED, "paid back with interest"),
    "bank finance": (_SHARED, "paid back to a bank"),
    "equity": (_SHARED, "in return for a share of the business"),
    "grant alongside equity": (_SHARED, "a grant beside investment for a share of the business"),
}
COST_TYPES = tuple(_COSTS)
"""How a service can be paid for, as the directory's file says it."""

OPENS_ON = "This opens on"
_COST_NOT_TOLD = (_PAID, "the cost is not told")
_AREAS = (
    "for your postcode district",
    "for your council area",
    "for your part of the region",
    "for the whole region",
    "for the whole country",
)
_VERDICTS = {Verdict.ELIGIBLE: 0, Verdict.UNKNOWN: 1, Verdict.INELIGIBLE: 2}
_NEEDS_NAMED = 3

Order = tuple[bool, int, int, int, bool, int, str]


def match(
    services: Iterable[Service],
    facts: Facts,
    *,
    on: date,
    fresh_months: int = FRESH_MONTHS,
    atlas: Atlas | None = None,
) -> tuple[Match[Service], ...]:
    """Every service with its verdict: the eligible and unknown ranked from 1, then the ineligible.

    In order: needs met by severity, closeness of area, cost, freshness, verdict, service_id. Whether a service is
    available stands apart from its verdict and its rank.
    """
    found = [_matched(service, facts, on=on, fresh_months=fresh_months, atlas=atlas) for service in services]
    found.sort(key=lambda pair: pair[0])
    return tuple(
        matched if matched.verdict is Verdict.INELIGIBLE else replace(matched, rank=place)
        for place, (_order, matched) in enumerate(found, start=1)
    )


def _matched(
    service: Service, facts: Facts, *, on: date, fresh_months: int, atlas: Atlas | None
) -> tuple[Order, Match[Service]]:
    finding = weigh(service.terms, facts, atlas=atlas)
    available = is_available(service.status, opens_on=service.opens_on, closes_on=service.closes_on, on=on)
    fresh = is_fresh(service.checked_on, on=on, months=fresh_months)
    asked = facts.needs or {}
    met = tuple(sorted((need for need in service.needs if need in asked), key=lambda need: -asked[need]))
    area, cost = closeness(service.terms), _COSTS.get(service.cost_type.casefold(), _COST_NOT_TOLD)
    matched = Match(
        service=service,
        finding=finding,
        available=available,
        unavailable_because="" if available else _why_not(service, on=on),
        fresh=fresh,
        needs_met=met,
        rank=None,
        reasons=(
            *_about_needs(met, asked=len(asked)),
            _AREAS[area],
            cost[1],
            *_about_checking(service.checked_on, fresh=fresh),
        ),
    )
    weight = sum(asked[need] for need in met)
    is_out = finding.verdict is Verdict.INELIGIBLE
    verdict = _VERDICTS[finding.verdict]
    return (is_out, -weight, area, cost[0], not fresh, verdict, service.service_id), matched


def cost_in_words(cost_type: str) -> str:
    """What a service costs a business, in words; "" where it is not told."""
    return _COSTS[cost_type.casefold()][1] if cost_type.casefold() in _COSTS else ""


def closeness(terms: Terms) -> int:
    """How near home a service is meant: 0 some districts, 1 named councils, 2 one LEP area, 3 the region, 4 all."""
    if terms.outcodes:
        return 0
    if terms.lad_names:
        return 1
    if terms.wmca_only or len(terms.leps) == 1:
        return 2
    return 3 if terms.leps else 4


def _about_needs(met: tuple[str, ...], *, asked: int) -> Iterable[str]:
    if not asked:
        return
    if not met:
        yield "for something other than you asked for"
        return
    labels = [NEEDS.get(need, need) for need in met[:_NEEDS_NAMED]]
    shown = [label[:1].lower() + label[1:] for label in labels]
    more = f"; and {len(met) - len(shown)} more" if len(met) > len(shown) else ""
    yield f"helps with {'; '.join(shown)}{more}"


def _about_checking(checked_on: date | None, *, fresh: bool) -> Iterable[str]:
    if checked_on is None:
        yield "not known when this was last checked"
    else:
        yield f"{'checked' if fresh else 'last checked'} in {checked_on:%B %Y}"


def _why_not(service: Offer, *, on: date) -> str:
    """Why a service is not on offer on a day, in words."""
    if service.status != "open":
        return {
            "check": UNCONFIRMED,
            "closed": "This is closed",
            "historic": "This no longer runs; it is kept here for the record",
            "illustrative": "This is an invented example",
        }.get(service.status, "This is not open")
    if is_early(service.opens_on, on=on) and service.opens_on:
        return f"{OPENS_ON} {day_in_words(service.opens_on)}"
    if is_over(service.closes_on, on=on) and service.closes_on:
        return f"This closed on {day_in_words(service.closes_on)}"
    return ""
