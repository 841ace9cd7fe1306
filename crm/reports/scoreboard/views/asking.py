"""What the address of a report asks for, and the measures that there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from crm.accounts.queries import hub_names
from crm.db.counting import DATA, Measure
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.reports.scoreboard.forms import ScoreboardForm
from crm.reports.scoreboard.policy import is_outside
from crm.reports.scoreboard.queries.counting import is_authority_of_a_business
from crm.reports.scoreboard.rules.periods import FREE, Period, offered, years
from crm.reports.scoreboard.rules.showing import AREAS, NONE, NOT_RECORDED, SECTORS, SIZES, Wanted
from crm.web.filtering import NoSuchFilter, as_offered
from crm.web.identity import current_actor
from crm.web.navigation import features

ONLY_ENDED = (
    "people outside the programme see whole financial years that have ended. Open the report to choose one."
)


@dataclass(frozen=True)
class Asked:
    """A period and what its numbers are narrowed to, in the address and in words."""

    form: ScoreboardForm
    period: Period
    wanted: Wanted
    hubs: dict[str, str]

    @property
    def is_refused(self) -> bool:
        """Whether the dates that were typed cannot be taken: the first period is shown instead."""
        return bool(self.form.first.errors or self.form.last.errors)

    @property
    def filters(self) -> dict[str, str]:
        """As the address has it."""
        return dict_of(self.period) | self.wanted.filters

    @property
    def words(self) -> str:
        """What is shown, in words."""
        wanted = self.wanted
        hub = NOT_RECORDED["hub"] if wanted.hub == NONE else self.hubs.get(wanted.hub, "")
        place = NOT_RECORDED["authority"] if wanted.authority == NONE else wanted.authority
        sector = NOT_RECORDED["sector"] if wanted.sector == NONE else SECTORS.get(wanted.sector, "")
        size = NOT_RECORDED["size"] if wanted.size == NONE else SIZES.get(wanted.size, "").partition(":")[0]
        return ", ".join(each for each in (place, AREAS.get(wanted.area, ""), hub, sector, size) if each)


def dict_of(period: Period) -> dict[str, str]:
    """A period as the address has it."""
    if period.key != FREE:
        return {"period": period.key}
    days = {"first": period.first, "last": period.last}
    parts = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in days.items()
        for part in ("day", "month", "year")
    }
    return {"period": FREE, **parts}


def periods_for(actor: Actor) -> tuple[Period, ...]:
    """The periods that an actor can choose. People outside choose whole years that have ended: no two overlap, and none grows."""
    on = today()
    return tuple(each for each in years(on) if each.last < on) if is_outside(actor) else offered(on)


def asked() -> Asked:
    """What this address asks for. People outside choose nothing by which two numbers could be told apart."""
    actor = current_actor()
    periods, hubs = periods_for(actor), hub_names()
    given: Any = request.args
    outside = is_outside(actor)
    if outside:
        given = {"period": request.args["period"]} if "period" in request.args else {}
        _require_ended(given.get("period", ""), periods)
    form = ScoreboardForm(MultiDict(given))
    form.offer(periods, hubs, has_own_dates=not outside, is_recorded=is_authority_of_a_business)
    found = as_offered(form).chosen_period(periods)
    return Asked(form, found or periods[0], form.wanted(), hubs)


def _require_ended(key: str, periods: Collection[Period]) -> None:
    """Tell people outside why an address that somebody inside sent them shows nothing. Raises `NoSuchFilter`."""
    inside = {each.key: each.words for each in offered(today())} | {FREE: "Dates of your own"}
    if key in inside and key not in {each.key for each in periods}:
        raise NoSuchFilter(f"{inside[key]}: {ONLY_ENDED}")


def measures() -> dict[str, Measure]:
    """Every measure that the rooms bring, by key."""
    return {each.key: each for room in features() for each in room.measures}


def counted_lines() -> tuple[Measure, ...]:
    """The measures of the lines of Action 6."""
    return tuple(each for each in measures().values() if each.line != DATA)


def measure(measure_key: str) -> Measure | None:
    """The measure of this key, if there is one."""
    return measures().get(measure_key)
