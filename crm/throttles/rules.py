"""How many tries of what are allowed in which time."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime

IPV6_PREFIX = 64
"""What one household or office is given: its devices choose any address within it (RFC 4291, section 2.5.4)."""


@dataclass(frozen=True)
class Source:
    """Where a request came from: a network address, and the secret by which it is counted."""

    address: str
    secret: str


def network_of(address: str) -> str:
    """The network that is counted as one: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is None:
            return str(ipaddress.ip_network((read, IPV6_PREFIX), strict=False))
        return str(read.ipv4_mapped)
    return str(read)


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` within each window of ``seconds``, counted under the name of the limit.

    With ``by_network`` the subject is a network address, and a whole IPv6 /64 counts as one.
    """

    name: str
    tries: int
    seconds: int
    by_network: bool = False

    def window(self, moment: datetime) -> datetime:
        """The start of the window that ``moment`` lies in."""
        stamp = int(moment.timestamp())
        return datetime.fromtimestamp(stamp - stamp % self.seconds, UTC)

    def key(self, subject: str, *, secret: str) -> str:
        """The counter's key for one subject: a keyed digest, so that the table holds no addresses."""
        counted = network_of(subject) if self.by_network else subject
        message = f"{self.name}\n{counted.casefold()}".encode()
        return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


SIGN_IN_FROM_NETWORK = Limit("sign-in by account and network", tries=10, seconds=900)
SIGN_IN_IN_A_DAY = Limit("sign-in by account and network in a day", tries=50, seconds=86_400)
SIGN_IN_BY_STRANGERS = Limit("sign-in by account", tries=200, seconds=3600)
"""All networks together: many who guess at one account from many places. Browsers that its owner uses are counted apart."""
SIGN_IN_BY_DEVICE = Limit("sign-in by device", tries=10, seconds=900)
SIGN_IN_BY_ADDRESS = Limit("sign-in by address", tries=50, seconds=900, by_network=True)
SIGN_IN_LETTERS = Limit("sign-in letters", tries=5, seconds=1800)
"""As long as a link lives: whoever used these up for somebody else left them links that work."""
SIGN_IN_LETTERS_BY_DEVICE = Limit("sign-in letters by device", tries=5, seconds=1800)
CONTACT_BY_ADDRESS = Limit("contact by address", tries=10, seconds=3600, by_network=True)
REPORTS_BY_ADDRESS = Limit("service reports by address", tries=10, seconds=3600, by_network=True)
COMPLAINTS_BY_ADDRESS = Limit("complaints by address", tries=10, seconds=3600, by_network=True)
COMPANIES_HOUSE = Limit("companies house", tries=500, seconds=300)
RIGHTS_REGISTER = Limit("register of rights", tries=300, seconds=300)
ENQUIRIES_BY_ADDRESS = Limit("enquiries by address", tries=10, seconds=3600, by_network=True)
SIGN_UPS_BY_ADDRESS = Limit("sign-ups by address", tries=20, seconds=3600, by_network=True)
ANGELS_BY_ADDRESS = Limit("angels by address", tries=10, seconds=3600, by_network=True)
HOURS_ASKED = Limit("hours asked by business", tries=3, seconds=3600)
INTRODUCTIONS_ASKED = Limit("introductions asked by investor and pitch", tries=2, seconds=86_400)
LETTERS_BY_NETWORK = Limit("letters by network", tries=20, seconds=3600, by_network=True)
LETTERS_BY_RECEIVER = Limit("letters by receiver", tries=5, seconds=3600)
LETTERS_BY_ACCOUNT = Limit("letters by account", tries=20, seconds=86_400)
"""Letters that people can have sent to an address that they type, through whichever route."""
