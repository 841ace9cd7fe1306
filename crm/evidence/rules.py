"""The words of asks and outputs, and how amounts are read: full-time equivalents in hundredths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from crm.kernel.errors import BadInput
from crm.kernel.measures import in_hundredths

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
