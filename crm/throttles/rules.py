"""How many tries of what are allowed in which time."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` within each window of ``seconds``, counted under the name of the limit."""

    name: str
    tries: int
    seconds: int

    def window(self, moment: datetime) -> datetime:
        """The start of the window that ``moment`` lies in."""
        stamp = int(moment.timestamp())
        return datetime.fromtimestamp(stamp - stamp % self.seconds, UTC)

    def key(self, subject: str, *, secret: str) -> str:
        """The counter's key for one subject: a keyed digest, so that the table holds no addresses."""
        message = f"{self.name}\n{subject.casefold()}".encode()
        return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


SIGN_IN_BY_ACCOUNT = Limit("sign-in by account", tries=10, seconds=900)
SIGN_IN_BY_ADDRESS = Limit("sign-in by address", tries=50, seconds=900)
SIGN_IN_LETTERS = Limit("sign-in letters", tries=5, seconds=900)
CONTACT_BY_ADDRESS = Limit("contact by address", tries=10, seconds=3600)
COMPANIES_HOUSE = Limit("companies house", tries=500, seconds=300)
ENQUIRIES_BY_ADDRESS = Limit("enquiries by address", tries=10, seconds=3600)
SIGN_UPS_BY_ADDRESS = Limit("sign-ups by address", tries=20, seconds=3600)
ANGELS_BY_ADDRESS = Limit("angels by address", tries=10, seconds=3600)
