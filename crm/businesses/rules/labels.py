"""What the words of this room are called on pages, and the wordings that businesses consent to."""

from __future__ import annotations

from datetime import date

AMBITIONS = {
    "steady": "Stay about the same size",
    "grow": "Grow steadily",
    "scale": "Grow fast: by a fifth or more each year",
}
CONNECTIONS = {
    "director": "director",
    "adviser": "adviser",
    "investor": "investor",
    "assessor_interest": "an assessor's declared interest",
}
MEASURES = {
    "headcount": "people",
    "full_time_equivalent": "full-time equivalent",
}
NAME_KINDS = {"trading": "Trades as", "previous": "Earlier name"}
PURPOSES = {
    "keep_in_touch": "Staying in touch",
    "share_with_providers": "Referring you to others",
    "evaluation": "Learning what works",
    "news": "News and events",
}
WORDINGS: dict[str, dict[str, str]] = {
    "keep_in_touch": {
        "2026-11": "You may contact me from time to time to ask how the business is getting on.",
    },
    "share_with_providers": {
        "2026-11": "You may pass what I told you to organisations that can help me. "
        "You tell me which one before you do.",
    },
    "evaluation": {
        "2026-11": "You may use what I told you, and match my company number with official statistics, "
        "to find out whether this support works.",
    },
    "news": {"2026-11": "You may send me news and events for creative businesses by email."},
}
"""Every wording that anybody was ever shown, by purpose and version. A version never changes: a new one is added."""


def version_in_words(version: str) -> str:
    """A version of a wording as it is said: "2026-11" is "November 2026"."""
    year, _, month = version.partition("-")
    return f"{date(int(year), int(month), 1):%B %Y}"


def current_version(purpose: str) -> str:
    """The version of the wording that is shown today."""
    return max(WORDINGS[purpose])


def wording(purpose: str, version: str) -> str:
    """What somebody agreed to, word for word."""
    return WORDINGS[purpose][version]
