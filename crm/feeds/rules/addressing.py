"""Where the services of a feed are asked for, and what a service that it brought is called here."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from crm.directory.rules.cells import web_address
from crm.feeds.rules.reading import key_of
from crm.kernel.errors import BadInput
from crm.kernel.folding import plain_words

LONGEST_ADDRESS, LONGEST_SLUG, TELLING = 500, 50, 8
NO_FEED = "Enter the web address of the feed, like https://directory.example/oruk/v3"


def services_address(typed: str) -> str:
    """The address of a feed's list of services, from its own address or that of the list. Raises `BadInput`."""
    address = web_address(typed.strip()).rstrip("/")
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise BadInput(NO_FEED)
    found = address if parts.path.endswith("/services") else f"{address}/services"
    if len(found) > LONGEST_ADDRESS:
        raise BadInput(f"This address is longer than {LONGEST_ADDRESS} characters")
    return found


def mark_of_key(provider: str, name: str) -> str:
    """What tells one service from another, in 64 characters: names that are written alike can be of any length."""
    return hashlib.sha256(key_of(provider, name).encode()).hexdigest()


def short_name_of(address: str, external_id: str, *, name: str) -> str:
    """The short name in our directory of a service that a feed brought, in at most 64 characters."""
    slug = "-".join(plain_words(name))[:LONGEST_SLUG].strip("-") or "service"
    return f"{slug}-{hashlib.sha256(f'{address} {external_id}'.encode()).hexdigest()[:TELLING]}"
