"""How people refer to a thing on the telephone."""

from __future__ import annotations

import secrets

LETTERS = "23456789BCDFGHJKMNPQRTVWX"
"""No letter that could be taken for a figure, and no vowel: a reference never spells anything."""


def new_reference(prefix: str) -> str:
    """A reference that tells nothing of how many there are: "E-7KQ4M2"."""
    return f"{prefix}-" + "".join(secrets.choice(LETTERS) for _ in range(6))
