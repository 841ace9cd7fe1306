"""How passwords are judged and kept, and how an e-mail address is read."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from crm.kernel.errors import BadInput

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
WEAKEST_SCORE = 3  # of 4: "safely unguessable", at least a hundred million guesses
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1
ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def read_email(text: str) -> str:
    """An e-mail address in lower case; raises `BadInput`."""
    address = text.strip().lower()
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise BadInput("Enter an email address in the correct format, like name@example.com")
    return address


@cache
def hasher(cost: str) -> PasswordHasher:
    """Argon2id. "full" is the library's own profile (RFC 9106, low memory); "cheap" is for tests alone."""
    return PasswordHasher() if cost == "full" else PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def hash_of_nobody(cost: str) -> str:
    """A hash to check against where there is no account, so that both answers take equally long."""
    return hasher(cost).hash(secrets.token_hex(16))


def is_password(password: str, kept: str | None, *, cost: str) -> bool:
    """Whether this password is the one kept."""
    try:
        return hasher(cost).verify(kept or hash_of_nobody(cost), password[:LONGEST_PASSWORD]) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def require_strong(password: str, *, personal: Iterable[str] = ()) -> None:
    """Refuse a password that is short, among those breached most often, or easily guessed; raises `BadInput`.

    zxcvbn judges it against lists of breached passwords, names and words, and against ``personal``.
    """
    from zxcvbn import zxcvbn  # its word lists are large: loaded only where a password is set

    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"Your password must be at least {SHORTEST_PASSWORD} characters long")
    if len(password) > LONGEST_PASSWORD:
        raise BadInput(f"Your password must be {LONGEST_PASSWORD} characters or fewer")
    found = zxcvbn(password[:72], user_inputs=list(personal))
    if found["score"] < WEAKEST_SCORE:
        raise BadInput("This password is too easy to guess. Try three or four words that do not belong together.")


def hash_of_token(token: str) -> str:
    """What is kept of a session's secret. It is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_session_token() -> str:
    """A session's secret: 256 random bits."""
    return secrets.token_urlsafe(32)


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))


def device_of(agent: str) -> str:
    """A browser and a system that its owner would recognise, and no more than that."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "Linux" if "Linux" in agent else "a device")
    return f"{browser} on {system}"
