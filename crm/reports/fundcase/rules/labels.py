"""The words of the fund case: its headings, its lines and what became of an ask in a fund."""

from __future__ import annotations

from collections.abc import Mapping

from crm.evidence.rules import UNMET_REASONS
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.reports.fundcase.rules.places import NAMES
from crm.reports.fundcase.rules.simulating import Fate
from crm.reports.fundcase.rules.sought import BANDS, NOT_KNOWN, Standing

MEDIA = {"screen": "Screen-based", "mixed_media": "Mixed media", "other": "Other creative work"}
INSTRUMENTS = {
    "grant": "Grant",
    "loan": "Loan",
    "equity": "Equity",
    "other": "Another kind of finance",
    "not_sure": "Not sure which kind",
}
STANDINGS = {
    Standing.MET: "Found",
    Standing.PART: "Partly found",
    Standing.UNMET: "Not found",
    Standing.OPEN: "Still sought",
    Standing.DROPPED: "No longer sought",
}
BARRIERS = ("commercial_focus", "investor_understanding", "collateral", "key_person")
"""The four barriers that the evaluation of the Create Growth Programme names."""
REASONS = {
    key: UNMET_REASONS[key] for key in (*BARRIERS, *(each for each in UNMET_REASONS if each not in BARRIERS))
}
LINES: Mapping[str, Mapping[str, str]] = {
    "medium": MEDIA,
    "instrument": INSTRUMENTS,
    "size": {**{key: words for key, words, _ in BANDS}, NOT_KNOWN: "Amount not known"},
    "stage": {**STAGES, NOT_KNOWN: "Stage not recorded"},
    "sector": {**DCMS_GROUPS, NOT_KNOWN: "No sub-sector recorded"},
    "area": {**LEPS, NOT_KNOWN: "Elsewhere, or not known"},
    "place": NAMES,
    "reason": REASONS,
}
"""The lines of each table, in the order of the page."""
HEADINGS = {
    "medium": "Screen-based and mixed media",
    "instrument": "Kind of finance",
    "size": "Amount sought",
    "stage": "Stage of the business",
    "sector": "Sub-sector",
    "area": "Area",
    "place": "Local authority",
    "reason": "Why the money was not found",
}
FATES = {
    Fate.FUNDED: "The fund would have met it",
    Fate.OTHER_MEDIUM: "Another kind of work",
    Fate.OTHER_INSTRUMENT: "Another kind of finance",
    Fate.NO_AMOUNT: "No amount on record",
    Fate.TOO_SMALL: "Below the smallest ticket",
    Fate.TOO_LARGE: "Above the largest ticket",
    Fate.NO_MONEY: "The fund had too little left on that day",
}
"""What a fund would have made of an ask."""
