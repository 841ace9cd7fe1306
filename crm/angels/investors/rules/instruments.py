"""Which kinds of investment the network may show at all: the gate is open for these alone."""

from __future__ import annotations

CLEARED = frozenset({"equity", "loan_note", "convertible"})
"""Shares and debentures of an unlisted company (article 48(8)). All others are held until the network took advice."""
HELD = (
    "Only shares, loan notes and convertible loan notes can be shown to investors. A plain loan, a share of revenue or "
    "an interest in one production may fall under other rules: it is held until the network has taken advice on it. "
    "Choose another form of raise, or ask the network before you submit."
)


def is_cleared(instrument: str) -> bool:
    """Whether a pitch of this instrument can be shown at all."""
    return instrument in CLEARED
