"""How passwords are judged and kept, and how an e-mail address is read."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.kernel.errors import BadInput
from crm.kernel.roles import STAFF, Grant, Role, Scope

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
LEAST_BESIDE_A_NAME = 8
WEAKEST_SCORE = 3  # of 4: "safely unguessable", at least a hundred million guesses


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
        hasher(cost).verify(kept or hash_of_nobody(cost), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def require_strong(password: str, *, personal: Iterable[str] = ()) -> None:
    """Refuse a password that is short, among those breached most often, or easily guessed; raises `BadInput`.

    zxcvbn judges it against lists of breached passwords, names and words, and against the words of ``personal``.
    """
    from zxcvbn import zxcvbn  # its word lists are large: loaded only where a password is set

    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"Your password must be at least {SHORTEST_PASSWORD} characters long")
    if len(password) > LONGEST_PASSWORD:
        raise BadInput(f"Your password must be {LONGEST_PASSWORD} characters or fewer")
    words = [word for each in personal for word in (each, *re.findall(r"\w{3,}", each))]
    found = zxcvbn(password[:72], user_inputs=words)
    if found["score"] < WEAKEST_SCORE or len(_without(words, password)) < LEAST_BESIDE_A_NAME:
        raise BadInput(
            "This password is too easy to guess. Try three or four words that do not belong together."
        )


@dataclass(frozen=True)
class NewPassword:
    """A new password as it was typed, and hashed. Made while no transaction is open, since hashing is slow on purpose."""

    words: str
    hashed: str

    @classmethod
    def of(cls, words: str, *, cost: str) -> NewPassword:
        """Hash what was typed, at most so many characters of it."""
        return cls(words, hasher(cost).hash(words[:LONGEST_PASSWORD]))


def _without(words: Iterable[str], password: str) -> str:
    """What is left of a password once these words are taken out of it."""
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    return rest


def hash_of_token(token: str) -> str:
    """What is kept of a session's secret. It is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_session_token() -> str:
    """A session's secret: 256 random bits."""
    return secrets.token_urlsafe(32)


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
)


def device_of(agent: str) -> str:
    """A browser and a system that its owner would recognise, and no more than that."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "Unknown browser")
    system = next(
        (name for mark, name in SYSTEMS if mark in agent),
        "Linux" if "Linux" in agent else "an unknown device",
    )
    return f"{browser} on {system}"


DEMO_PASSWORD = "demo pass for invented people"  # noqa: S105 shown on the demo's sign-in page, nowhere else


@dataclass(frozen=True)
class DemoPerson:
    """An invented person, the role they hold and, for some, the hub's code."""

    name: str
    email: str
    role: Role
    hub: str | None = None

    @property
    def password(self) -> str | None:
        """The demo's password for staff; the others sign in by email."""
        return DEMO_PASSWORD if self.role in STAFF else None


DEMO_PEOPLE = (
    DemoPerson("Ada Demo-Admin", "admin@demo.example", Role.ADMINISTRATOR),
    DemoPerson("Bela Demo-Admin", "second.admin@demo.example", Role.ADMINISTRATOR),
    DemoPerson("Cyrus Demo-Auditor", "auditor@demo.example", Role.AUDITOR),
    DemoPerson("Dina Demo-Funder", "funder@demo.example", Role.FUNDER),
    DemoPerson(
        "Emeka Demo-Manager", "hub.manager@demo.example", Role.HUB_MANAGER, "business-growth-west-midlands"
    ),
    DemoPerson("Farah Demo-Adviser", "adviser@demo.example", Role.ADVISER, "business-growth-west-midlands"),
    DemoPerson("Gwen Demo-Adviser", "adviser.cw@demo.example", Role.ADVISER, "coventry-warwickshire"),
    DemoPerson("Hari Demo-Adviser", "adviser.worcs@demo.example", Role.ADVISER, "worcestershire"),
    DemoPerson("Iona Demo-Adviser", "adviser.staffs@demo.example", Role.ADVISER, "stoke-staffordshire"),
    DemoPerson(
        "Jun Demo-Export", "export@demo.example", Role.EXPORT_ADVISER, "business-growth-west-midlands"
    ),
    DemoPerson("Kofi Demo-Testbed", "testbed@demo.example", Role.TEST_BED_MANAGER),
    DemoPerson("Lena Demo-Programme", "programme@demo.example", Role.PROGRAMME_MANAGER),
    DemoPerson("Mina Demo-Lead", "lead.assessor@demo.example", Role.LEAD_ASSESSOR),
    DemoPerson("Noor Demo-Assessor", "assessor@demo.example", Role.ASSESSOR),
    DemoPerson("Otis Demo-Approver", "approver@demo.example", Role.APPROVER),
    DemoPerson("Priya Demo-Finance", "finance@demo.example", Role.FINANCE_OFFICER),
    DemoPerson("Quin Demo-Network", "network@demo.example", Role.NETWORK_MANAGER),
    DemoPerson("Rosa Demo-Angel", "angel@demo.example", Role.ANGEL),
    DemoPerson("Sami Demo-Founder", "founder@demo.example", Role.FOUNDER),
    DemoPerson("Tess Demo-Provider", "provider@demo.example", Role.PROVIDER),
    DemoPerson(
        "Umar Demo-Adviser", "adviser.two@demo.example", Role.ADVISER, "business-growth-west-midlands"
    ),
    DemoPerson(
        "Vera Demo-Adviser", "adviser.three@demo.example", Role.ADVISER, "business-growth-west-midlands"
    ),
    DemoPerson("Will Demo-Manager", "hub.manager.cw@demo.example", Role.HUB_MANAGER, "coventry-warwickshire"),
    DemoPerson("Xena Demo-Manager", "hub.manager.worcs@demo.example", Role.HUB_MANAGER, "worcestershire"),
    DemoPerson(
        "Yusuf Demo-Manager", "hub.manager.staffs@demo.example", Role.HUB_MANAGER, "stoke-staffordshire"
    ),
    DemoPerson("Zoe Demo-Provider", "provider.two@demo.example", Role.PROVIDER),
    DemoPerson("Abel Demo-Provider", "provider.three@demo.example", Role.PROVIDER),
    DemoPerson("Cleo Demo-Assessor", "assessor.two@demo.example", Role.ASSESSOR),
    DemoPerson("Dov Demo-Assessor", "assessor.three@demo.example", Role.ASSESSOR),
    DemoPerson("Esme Demo-Finance", "finance.two@demo.example", Role.FINANCE_OFFICER),
    DemoPerson("Femi Demo-Founder", "founder.two@demo.example", Role.FOUNDER),
    DemoPerson("Bryn Demo-Export", "export.cw@demo.example", Role.EXPORT_ADVISER, "coventry-warwickshire"),
)


def has_left(grants: Iterable[Grant], hubs: frozenset[str], *, roles: tuple[Role, ...], on: date) -> bool:
    """Whether a person with these grants can no longer work on what these hubs look after: no such role holds now,
    or theirs for one of the hubs has ended. A colleague of another hub who was asked to help has not left.
    """
    held = [each for each in grants if each.role in (*roles, Role.ADMINISTRATOR)]
    live = [each for each in held if each.holds_on(on)]
    if any(each.scope is Scope.EVERYWHERE for each in live):
        return False
    here = {each.scope_id for each in live}
    ended = {each.scope_id for each in held if each.is_over(on=on)}
    return not live or (bool(hubs & (ended - here)) and not hubs & here)
