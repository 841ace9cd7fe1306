"""What is erased with an investor."""

from __future__ import annotations

GONE = "Erased with the investor"
"""Stands where words of an investor stood that a row cannot be without."""
TO_INVESTORS = ("angel_", "member_", "membership_", "network_", "pledge_", "statement_")
"""How the kinds of letters begin that only investors get: of who has another role here, no others are erased."""
OF_THE_NETWORK = (
    *TO_INVESTORS,
    *("diligence_", "introduction_", "investment_", "lead_", "night_", "pitch_", "syndicate_", "terms_"),
)
"""How the kinds of letters begin that can name an investor to somebody else."""


def gone(words: str) -> str:
    """What takes the place of some words: nothing where there were none."""
    return GONE if words else ""
