"""What is wrong with a delegation as it was written: all of it at once, also while some of it is not known yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.queries import seeing
from crm.exporting.delegations.rules import MOST_CRITERIA, doubt_in_days, faults_in_days, twice
from crm.exporting.plans.queries import edition
from crm.funding.subsidy.rules import GOODS
from crm.kernel.clock import require_ahead
from crm.kernel.errors import Invalid, Refusal, refused_by, says_something

DAYS = ("edition_id", "departs_on", "returns_on")
"""What is weighed against the days of the market; as it was saved before, it is not asked about again."""
Said = Mapping[str, Any]
"""What was written, by the names of `leading.DelegationDetails`; None is what is not known."""


class Doubt(Invalid):
    """Days that hardly fit those of the market, until it is said that they are right."""


def faults_of(said: Said, *, kept: Delegation | None) -> Iterator[Refusal]:
    """Everything that no delegation can have, each at its field; ``kept`` is the delegation as it was saved before."""
    for check in _ahead(said, kept):
        yield from refused_by(check)
    yield from _in_days(said, kept)
    yield from _in_terms(said)
    fault = _in_criteria(said["criteria"])
    if fault:
        yield Invalid(fault, field="criteria")
    taken = seeing.seats_taken([kept.id])[kept.id] if kept else 0
    if said["seats"] is not None and said["seats"] < taken:
        yield Invalid(f"{taken} places are offered or taken already", field="seats")


def _ahead(said: Said, kept: Delegation | None) -> Sequence[Callable[[], object]]:
    """Businesses can still apply, and it has not left yet; days that were kept before may stay."""
    last, leaves = (kept.closes_on, kept.departs_on) if kept else (None, None)
    return (
        lambda: require_ahead(
            said["departs_on"], field="departs_on", kept=leaves, named="The day of departure"
        ),
        lambda: require_ahead(said["closes_on"], field="closes_on", kept=last, named="The last day to apply"),
    )


def _in_days(said: Said, kept: Delegation | None) -> Iterator[Invalid]:
    """What the days say of each other; those that a day of departure which is over would spoil are not said beside it."""
    departure = None if any(refused_by(_ahead(said, kept)[0])) else said["departs_on"]
    days = {"departs_on": departure, "returns_on": said["returns_on"]}
    found = list(faults_in_days(said["closes_on"], **days))
    yield from (Invalid(words, field=field) for field, words in found)
    if not found and None not in days.values():
        yield from _in_doubt(said, kept)


def _in_doubt(said: Said, kept: Delegation | None) -> Iterator[Invalid]:
    is_kept = kept is not None and not kept.review and all(getattr(kept, name) == said[name] for name in DAYS)
    chosen = edition(said["edition_id"]) if said["edition_id"] else None
    if chosen is None or is_kept or said["are_days_right"]:
        return
    market = {"starts_on": chosen.starts_on, "ends_on": chosen.ends_on}
    doubt = doubt_in_days(said["departs_on"], said["returns_on"], market=chosen.name, **market)
    if doubt:
        yield Doubt(doubt, field="departs_on")


def _in_terms(said: Said) -> Iterator[Invalid]:
    cost, share = said["cost"], said["share"]
    if cost is None or share is None:
        return
    if share > cost:
        yield Invalid("A business cannot pay more than the place costs", field="share")
    if said["depends_on_exporting_goods"] and cost > share:
        yield Invalid(GOODS, field="depends_on_exporting_goods")


def _in_criteria(criteria: Sequence[str]) -> str:
    """Why places cannot be given by some criteria; empty where they can."""
    unsaid = next((each for each in criteria if not says_something(each)), None)
    if unsaid:
        return f"“{unsaid}” is too short to be a criterion. Say what you look for"
    double = twice(criteria)
    if double:
        return f"“{double}” is there twice, so it would count double. Enter it once"
    if len(criteria) > MOST_CRITERIA:
        return f"Enter {MOST_CRITERIA} criteria or fewer"
    return "" if criteria else "Enter at least one criterion, one a line"
