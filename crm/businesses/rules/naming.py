"""Names: how they are sorted, when two are taken to be the same, and the domain of a website."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

LEGAL_ENDINGS = re.compile(
    r"\b(?:ltd|limited|llp|plc|cic|c i c|l l p|lp|cio|community interest company|public limited company)$"
)
LEADING = re.compile(r"^[\W_]+|^the\s+(?=\w)", re.UNICODE)
NOT_WORDS = re.compile(r"[^\w]+", re.UNICODE)
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
LONGEST = 200


def folded(text: str) -> str:
    """Small letters without accents: "Café" is "cafe"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def sort_name(name: str) -> str:
    """What a list is sorted by: marks and "The" before a name do not count, unless nothing else is left."""
    plain = folded(name).strip()
    return (LEADING.sub("", plain).strip() or plain)[:LONGEST]


def match_name(name: str) -> str:
    """What two names are compared by: "Acme Ltd" and "ACME LIMITED" are one. Without its legal ending and marks."""
    words = NOT_WORDS.sub(" ", folded(name).replace("&", " and ").replace("'", "").replace("’", "")).strip()
    words = re.sub(r"^the (?=\w)", "", words)
    without = LEGAL_ENDINGS.sub("", words).strip()
    return (without or words or folded(name).strip())[:LONGEST]


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
