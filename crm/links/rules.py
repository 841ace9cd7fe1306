"""What one-time links are for, how long each lives, and how a secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

TOKEN_BYTES = 32


class Purpose(StrEnum):
    """What the holder of a link may do with it, once."""

    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"  # noqa: S105 a purpose, no password


LIFETIME = {Purpose.SIGN_IN: timedelta(minutes=30), Purpose.SET_PASSWORD: timedelta(days=3)}


def new_token() -> str:
    """A secret of 256 bits, as text that fits an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. The token is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
