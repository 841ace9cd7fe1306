"""Which kinds of investment the network may show at all: the gate is open for these alone."""

from __future__ import annotations

CLEARED = frozenset({"equity", "loan_note", "convertible"})
"""Shares and debentures of an unlisted company (article 48(8)). All others are held until the network took advice."""
HELD = (
    "We can only show shares, loan notes and convertible loan notes to investors. Other rules may apply to a plain loan, a "
    "share of revenue or an interest in one production, so it is held until the network has taken advice on it. "
    "Choose another type of investment, or ask the network before you submit."
)


def is_cleared(instrument: str) -> bool:
    """Whether a pitch of this instrument can be shown at all."""
    return instrument in CLEARED
