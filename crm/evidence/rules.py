"""The words of asks, outputs and shut-outs, how amounts are read, and which rules shut a business out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.kernel.eligibility import Facts, Outcome, Reading, Terms, weigh
from crm.kernel.errors import BadInput
from crm.kernel.measures import in_hundredths
from crm.kernel.money import Money

FTE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
LEAST_MONTHS = 12
"""How long a job has to be expected to last (UKSPF outcome definitions)."""
COUNTED_BY_ITSELF = frozenset({"business_supported", "referral_helped"})
"""What the product counts from what it has seen, and nobody by hand."""
PROGRAMMES = {"growth_hub": "Growth Hub support"}
UNITS = {"business": "businesses", "fte": "full-time equivalents", "count": "a number"}
OUTPUT_STATUSES = {"kept": "Recorded", "claimed": "Counted", "withdrawn": "Removed"}
OUTPUT_COLOURS = {"kept": "yellow", "claimed": "green", "withdrawn": "grey"}

INSTRUMENTS = {
    "grant": "a grant",
    "loan": "a loan",
    "equity": "investment for a share of the business",
    "other": "something else",
    "not_sure": "not sure which kind",
}
MEDIA = {
    "screen": "film, television or games: work for screens",
    "mixed_media": "mixed media: several forms at once",
    "other": "something else",
}
UNMET_REASONS = {
    "nothing_exists": "There is no such finance",
    "not_eligible": "There is, but not for this business",
    "turned_down": "It applied and was turned down",
    "too_small": "The sum is too small for those who offer it",
    "too_large": "The sum is too large for those who offer it",
    "too_early": "It is too early for those who offer it",
    "terms_not_acceptable": "The terms were not acceptable",
    "commercial_focus": "It does not show yet how it will earn money",
    "investor_understanding": "Investors do not know this kind of business well enough",
    "collateral": "There is little to secure the money with",
    "key_person": "It rests on one person",
    "other": "Another reason",
}
STANDINGS = {"open": "Sought", "met": "Found", "unmet": "Not found", "dropped": "No longer sought"}
SAID = STANDINGS | {"part": "Partly found"}
"""The standing of an ask on a page: also of one that is not met, of which a part was found."""
COLOURS = {"open": "blue", "met": "green", "unmet": "red", "dropped": "grey", "part": "yellow"}


@dataclass(frozen=True)
class JobFacts:
    """What is told of jobs: how many people there are now, and whether the new work lasts."""

    now_hundredths: int
    is_permanent: bool
    months: int


def read_fte(text: str, *, asked: str = "full-time equivalents") -> int:
    """Full-time equivalents in hundredths: "0.5" is 50. Raises `BadInput` that names what was ``asked``."""
    if not FTE.fullmatch(text):
        raise BadInput(f"Enter {asked}, like 2 or 0.5, with at most 2 decimal places")
    return int(Decimal(text) * 100)


def fte_in_words(hundredths: int) -> str:
    """Hundredths as they are written: 50 is "0.5"."""
    return f"{(Decimal(hundredths) / 100).normalize():f}"


def jobs_created(facts: JobFacts, *, baseline_hundredths: int) -> int:
    """The jobs that count, in hundredths: the increase over the baseline, if the work lasts. Raises `BadInput`."""
    if not facts.is_permanent:
        raise BadInput("Only permanent work counts")
    if facts.months < LEAST_MONTHS:
        raise BadInput(f"Only work expected to last {LEAST_MONTHS} months or more counts")
    increase = facts.now_hundredths - baseline_hundredths
    if increase <= 0:
        raise BadInput("There are no more people than before the help: nothing to count")
    return increase


def amount_said(amount: object) -> str:
    """An amount counted in hundredths as it is said; any other amount, such as a sum of money, as it stands."""
    return in_hundredths(amount) if isinstance(amount, int) else str(amount)


OCCASIONS = {
    "cover": "Check of an export contract",
    "enquiry": "Enquiry",
    "plan": "Action plan",
    "referral": "Referral",
    "round": "Eligibility check of a round",
}
CAUSES = {"business": "The business has changed", "rule": "The rule has changed"}
CROSSING_STATUSES = {"waiting": "To follow up", "followed_up": "Followed up"}
SHUT_OUT_RULES = {
    "min_turnover_gbp": "smallest turnover",
    "max_turnover_gbp": "largest turnover",
    "min_employees": "fewest people",
    "max_employees": "most people",
    "min_trading_months": "shortest time trading",
    "max_trading_months": "longest time trading",
    "min_export_share_pct": "smallest share of exports",
    "legal_forms": "legal form",
    "stages": "stage",
    "dcms_groups": "creative sector",
    "leps": "area",
    "lad_names": "council area",
    "outcodes": "postcode district",
    "wmca_only": "metropolitan district",
    "max_owed_gbp": "most that a buyer owes",
    "min_sum_gbp": "smallest sum",
    "max_sum_gbp": "largest sum",
}
"""What each rule that can shut a business out is about."""
ABOUT_PLACES = frozenset({"leps", "lad_names", "outcodes", "wmca_only"})
"""A service for another area is not one that shuts a business out: the map of coverage tells where there is none."""


@dataclass(frozen=True)
class Excluded:
    """One rule that excludes a business from one offer: what it asks today, what the business has, what was wanted.

    What is not known excludes nobody: such a rule is never one of these.
    """

    offer: str
    offer_name: str
    rule: str
    needed: str
    actual: str
    wanted: str
    threshold: Money | None = None
    figure: Money | None = None


@dataclass(frozen=True)
class Offered:
    """What was asked for: its key ("service:" or "round:" and an id), its name, its terms, and the need it was wanted for."""

    key: str
    name: str
    terms: Terms
    wanted: str = ""


def key_of_service(service: Any) -> str:
    """How a shut-out names a service of the directory."""
    return f"service:{service.id}"


def excluded_from(offer: Offered, facts: Facts) -> list[Excluded]:
    """Each rule of an offer that is not met, with the threshold and the figure of turnover where it is about that."""
    return [_excluded(offer, facts, each) for each in _not_met(offer.terms, facts)]


def _not_met(terms: Terms, facts: Facts) -> list[Reading]:
    return [each for each in weigh(terms, facts).readings if each.outcome is Outcome.NOT_MET]


def _excluded(offer: Offered, facts: Facts, read: Reading) -> Excluded:
    limits = {"min_turnover_gbp": offer.terms.min_turnover, "max_turnover_gbp": offer.terms.max_turnover}
    said: dict[str, Any] = {"needed": read.needed[:200], "actual": (read.actual or "")[:200]}
    if read.rule in limits:
        said |= {"threshold": limits[read.rule], "figure": facts.turnover}
    return Excluded(offer.key, offer.name, read.rule, wanted=offer.wanted, **said)


def excluded_from_services(services: Iterable[Any], facts: Facts, *, on: date) -> list[Excluded]:
    """Each rule that shuts a business out of a service that is available, meets a need of its, and is for its area."""
    found: list[Excluded] = []
    for each in services:
        needs = facts.needs or {}
        wanted = max((need for need in each.needs if need in needs), key=lambda need: needs[need], default="")
        if wanted and each.is_available(on=on):
            rules = excluded_from(Offered(key_of_service(each), each.name, each.terms, wanted), facts)
            found += rules if not {rule.rule for rule in rules} & ABOUT_PLACES else []
    return found
