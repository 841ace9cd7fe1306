"""Tries to sign in: counted before they are judged, so that of many at once none slips by, and so that no stranger's
tries shut an owner out.

A browser that signed in to an account before is counted by itself; all others by account and network, with a wider
limit for each network and for each account. The way is that of OWASP's device cookies
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.accounts import queries
from crm.accounts.models import Account
from crm.accounts.policy import POLICY
from crm.accounts.rules import LONGEST_PASSWORD, hasher, is_password
from crm.accounts.workflow import Act
from crm.kernel.errors import NotFound
from crm.kernel.permissions import Actor
from crm.throttles import service as throttles
from crm.throttles.rules import (
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_DEVICE,
    SIGN_IN_BY_STRANGERS,
    SIGN_IN_FROM_NETWORK,
    SIGN_IN_IN_A_DAY,
    SIGN_IN_LETTERS,
    SIGN_IN_LETTERS_BY_DEVICE,
    Limit,
    network_of,
)

TRIES = "There were too many tries. Wait {minutes} and try again, or ask for a sign-in link by email."
LETTERS = "We have already sent several sign-in links. Use the newest one, or wait {minutes} and ask again."


@dataclass(frozen=True)
class Door:
    """From where somebody signs in, and what signing in needs of the settings. Lifetime is in seconds.

    ``device`` is the mark of a browser that has signed in to the same account before, or nothing.
    """

    address: str
    agent: str
    secret: str
    lifetime: int
    password_cost: str
    device: str = ""


@dataclass(frozen=True)
class Credentials:
    """What was typed: the address in lower case, and the password."""

    email: str
    password: str


@dataclass(frozen=True)
class Judged:
    """What came of a try: ``proved`` is the account whose password it was, ``about`` the one that was meant."""

    email: str
    proved: UUID | None
    kept: str | None
    refreshed: str | None
    about: UUID | None


@dataclass(frozen=True)
class Tried:
    """A try that is counted and not judged yet: what was typed, and what is stored of the account that it is for."""

    given: Credentials
    account_id: UUID | None
    kept: str | None

    def judged(self, door: Door) -> Judged:
        """Compare the password with the stored one. Slow on purpose: done while no transaction is open."""
        is_right = is_password(self.given.password, self.kept, cost=door.password_cost)
        fresh = self._refreshed(door) if is_right else None
        return Judged(
            self.given.email, self.account_id if is_right else None, self.kept, fresh, self.account_id
        )

    def _refreshed(self, door: Door) -> str | None:
        """The password hashed anew where the cost was raised since, else None."""
        if self.kept is None or not hasher(door.password_cost).check_needs_rehash(self.kept):
            return None
        return hasher(door.password_cost).hash(self.given.password[:LONGEST_PASSWORD])


def count_try(given: Credentials, door: Door, *, by: Actor) -> Tried:
    """Count a try to sign in; raises `TooMany`. Commit it before it is judged: it counts whatever comes of it."""
    POLICY.require(by, Act.SIGN_IN)
    return _count(given, door, queries.account_of(given.email))


def count_own_try(password: str, door: Door, *, by: Actor) -> Tried:
    """Count a try to prove with one's own password who one is; raises `TooMany`."""
    POLICY.require(by, Act.CHANGE_OWN_PASSWORD)
    found = queries.account(by.account_id) if by.account_id else None
    if found is None:
        raise NotFound("There is no such account.")
    return _count(Credentials(found.email, password), door, found)


def _count(given: Credentials, door: Door, found: Account | None) -> Tried:
    for limit, subject in _limits(given.email, door):
        throttles.take(limit, subject, secret=door.secret, words=TRIES)
    return Tried(given, found.id if found else None, found.password_hash if found else None)


def give_back(email: str, door: Door) -> None:
    """A try that was right counts for nothing."""
    for limit, subject in _limits(email, door):
        throttles.give_back(limit, subject, secret=door.secret)


def _limits(email: str, door: Door) -> tuple[tuple[Limit, str], ...]:
    if door.device:
        return ((SIGN_IN_BY_DEVICE, door.device),)
    pair = f"{email}\n{network_of(door.address)}"
    return (
        (SIGN_IN_FROM_NETWORK, pair),
        (SIGN_IN_IN_A_DAY, pair),
        (SIGN_IN_BY_STRANGERS, email),
        (SIGN_IN_BY_ADDRESS, door.address),
    )


def count_letter(email: str, door: Door) -> None:
    """Count a letter with a sign-in link, whether or not there is such an account; raises `TooMany`."""
    by_device = ((SIGN_IN_LETTERS_BY_DEVICE, door.device),)
    by_place = ((SIGN_IN_LETTERS, email), (SIGN_IN_BY_ADDRESS, door.address))
    for limit, subject in by_device if door.device else by_place:
        throttles.take(limit, subject, secret=door.secret, words=LETTERS)
