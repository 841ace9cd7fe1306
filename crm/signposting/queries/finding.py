"""The support that matches a visitor's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.accounts.models import Hub
from crm.accounts.queries import hubs_serving
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.rules.matching import Match, match
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.places.queries import atlas, authorities, locate
from crm.places.rules import Location
from crm.signposting.rules.finding import Answers, facts_of


@dataclass(frozen=True)
class Results:
    """Where the business is, who its hubs are, and every service with its verdict, best first."""

    location: Location | None
    hubs: Sequence[Hub]
    matches: tuple[Match[Service], ...]


def results_for(answers: Answers) -> Results:
    """Weigh every service in the directory: three queries, however many services there are."""
    location = locate(answers.postcode) if answers.postcode else None
    found = match(
        all_services(),
        facts_of(answers, location),
        on=today(),
        fresh_months=int(figure_on("directory.fresh_months", on=today())),
        atlas=atlas(),
    )
    return Results(location, _hubs(location), found)


def _hubs(location: Location | None) -> Sequence[Hub]:
    """The hubs of the authority that the postcode lies in; with a straddling postcode, of the likeliest one."""
    if location is None or location.authority is None:
        return ()
    code = next((each.code for each in authorities() if each.name == location.authority), None)
    return hubs_serving(code, on=today()) if code else ()
