"""What one-time links are for, how long each lives, and how a secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

TOKEN_BYTES = 32


class Purpose(StrEnum):
    """What the holder of a link may do with it: once, or for those that open one thing, as often as they come back."""

    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"  # noqa: S105 a purpose, no password
    ENQUIRY_DRAFT = "enquiry_draft"
    ENQUIRY = "enquiry"
    PLAN = "plan"
    HOURS = "hours"
    REPLY = "reply"
    HELPED = "helped"
    TOLD = "told"
    SERVICES = "services"
    WORKSHOP = "workshop"
    INVITATION = "invitation"


LIFETIME = {
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.SET_PASSWORD: timedelta(days=3),
    Purpose.ENQUIRY_DRAFT: timedelta(days=14),
    Purpose.ENQUIRY: timedelta(days=180),
    Purpose.PLAN: timedelta(days=365),
    Purpose.HOURS: timedelta(days=30),
    Purpose.REPLY: timedelta(days=30),
    Purpose.HELPED: timedelta(days=60),
    Purpose.TOLD: timedelta(days=60),
    Purpose.SERVICES: timedelta(days=30),
    Purpose.WORKSHOP: timedelta(days=365),
    Purpose.INVITATION: timedelta(days=14),
}
LASTING = frozenset({Purpose.ENQUIRY_DRAFT, Purpose.ENQUIRY, Purpose.PLAN, Purpose.WORKSHOP})
"""Links that open one thing, on the press of a button, as often as its reader comes back to it."""


def path_of(purpose: Purpose, token: str) -> str:
    """Where a link leads, within the product's own address."""
    where = "" if purpose is Purpose.REPLY else "/links"
    return f"{where}/{purpose.value.replace('_', '-')}/{token}"


def new_token() -> str:
    """A secret of 256 bits, as text that fits an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. The token is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
