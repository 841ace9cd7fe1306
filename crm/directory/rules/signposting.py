"""Signposting without a database: a file of services and the facts of one business, answered row by row."""

from __future__ import annotations

from datetime import date

from crm.directory.rules.facts import read_facts
from crm.directory.rules.matching import FRESH_MONTHS, Match, match
from crm.directory.rules.reading import read_services
from crm.directory.rules.rows import ServiceRow
from crm.places.queries import atlas


def signpost(
    services: bytes, facts: bytes | str, *, on: date, fresh_months: int = FRESH_MONTHS
) -> list[dict[str, object]]:
    """One answer a service, by rank and then the ineligible. Raises ServicesRefused and FactsRefused."""
    known = read_facts(facts)
    offered = read_services(services)
    return [
        _answer(found) for found in match(offered, known, on=on, fresh_months=fresh_months, atlas=atlas())
    ]


def _answer(found: Match[ServiceRow]) -> dict[str, object]:
    return {
        "service_id": found.service.service_id,
        "verdict": str(found.verdict),
        "available": found.available,
        "fresh": found.fresh,
        "rank": found.rank,
        "rules": [
            {
                "rule": reading.rule,
                "outcome": str(reading.outcome),
                "needed": reading.needed,
                "actual": reading.actual,
                "words": reading.words,
            }
            for reading in found.finding.readings
        ],
        "would_change": list(found.finding.would_change),
    }
