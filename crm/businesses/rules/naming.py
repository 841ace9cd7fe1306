"""Names: how they are sorted, when two are taken to be the same, and the domain of a website."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crm.kernel.folding import folded, same_name

LEADING = re.compile(r"^[\W_]+|^the\s+(?=\w)", re.UNICODE)
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
LONGEST = 200


def sort_name(name: str) -> str:
    """What a list is sorted by: marks and "The" before a name do not count, unless nothing else is left."""
    plain = folded(name).strip()
    return (LEADING.sub("", plain).strip() or plain)[:LONGEST]


def match_name(name: str) -> str:
    """What two names are compared by: "Acme Ltd" and "ACME CYFYNGEDIG" are one."""
    return same_name(name)[:LONGEST]


def website_domain(address: str | None) -> str | None:
    """The domain of a web address without "www."; None where there is none that can be read."""
    if not address:
        return None
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return None
    host = host.lower().removeprefix("www.")
    return host if len(host) <= 253 and DOMAIN.fullmatch(host) else None
