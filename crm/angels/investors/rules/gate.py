"""The gate: whether a person may be shown promotions at a moment, and on which statement that rests.

One rule for page, file, list, count, search, letter and extract. Financial Services and Markets Act 2000 s.21;
Financial Promotion Order 2005 articles 48, 50 and 50A: a communication is lawful while the day in London is before the
anniversary of the day on which the statement was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from crm.kernel.calendar import add_months
from crm.kernel.clock import has_come


class Closed(StrEnum):
    """Why a person may not see promotions."""

    NO_ANGEL = "no_angel"
    SUSPENDED = "suspended"
    NOT_CERTIFIED = "not_certified"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNCONFIRMED = "unconfirmed"
    NOT_PAID = "not_paid"
    ON_ITS_WAY = "on_its_way"
    NETWORK = "network"
    KIND = "kind"


ONE_DAY = timedelta(days=1)
MONTHS_OF_A_STATEMENT = 12
"""Financial Promotion Order 2005, articles 48(2)(a), 50(1)(b) and 50A(1): signed within twelve months. The words of the
statements rest on it, so it changes with the order and the code, and is no dated figure."""
MONTHS_OF_A_CERTIFICATE = 36
"""Article 50(1)(a): an authorised person signed the certificate within three years."""


def anniversary(signed_on: date) -> date:
    """The first day on which a statement is no longer valid: 29 February has its anniversary on the 28th."""
    return add_months(signed_on, MONTHS_OF_A_STATEMENT)


@dataclass(frozen=True)
class Statement:
    """A signed statement, as the gate reads it. It is valid from ``signed_on`` on, and not on ``until``.

    ``kinds`` are the only instruments that a certificate is for; None is any. ``rests_on_membership`` is True where
    being a member of this network is its only ground.
    """

    id: UUID
    signed_on: date
    until: date
    is_revoked: bool = False
    is_confirmed: bool = True
    rests_on_membership: bool = False
    kinds: frozenset[str] | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.until - ONE_DAY


@dataclass(frozen=True)
class Admission:
    """All that the gate turns on, of one person. ``is_lawful`` is that the network has a basis that holds.

    ``paid_since`` is the first day of the unbroken membership that holds; ``paid_until`` and ``lawful_until`` are the last days
    of the membership and of the basis, where they have one. ``pays_soon`` is that a payment was made and has not arrived.
    """

    is_accepted: bool
    is_suspended: bool = False
    is_paid: bool = False
    is_lawful: bool = False
    paid_since: date | None = None
    statements: tuple[Statement, ...] = ()
    paid_until: date | None = None
    lawful_until: date | None = None
    pays_soon: bool = False

    def valid(self, *, on: date) -> tuple[Statement, ...]:
        """The statements that hold on a London day, the one that holds longest first."""
        holding = [each for each in self.statements if _holds(each, self, on)]
        return tuple(sorted(holding, key=lambda each: (each.until, str(each.id)), reverse=True))


class Standing(StrEnum):
    """How a statement stands on a day: it opens pitches only while it holds."""

    HOLDS = "holds"
    REVOKED = "revoked"
    ENDED = "ended"
    UNCONFIRMED = "unconfirmed"
    UNPAID = "unpaid"


def standing(statement: Statement, admission: Admission, *, on: date) -> Standing:
    """How a statement stands on a London day: what the gate asks, and what every page says.

    One that rests on membership alone ends with the membership it was signed in: after a break its ground is six months away.
    """
    if statement.is_revoked:
        return Standing.REVOKED
    if not has_come(statement.signed_on, on=on) or has_come(statement.until, on=on):
        return Standing.ENDED
    if not statement.is_confirmed:
        return Standing.UNCONFIRMED
    if not statement.rests_on_membership:
        return Standing.HOLDS
    is_new = admission.paid_since is not None and admission.paid_since > statement.signed_on
    if admission.is_paid and is_new:
        return Standing.ENDED
    return Standing.HOLDS if admission.is_paid else Standing.UNPAID


def _holds(statement: Statement, admission: Admission, on: date) -> bool:
    return standing(statement, admission, on=on) is Standing.HOLDS


class Ends(StrEnum):
    """What closes the gate first, as things are now."""

    STATEMENT = "statement"
    MEMBERSHIP = "membership"
    NETWORK = "network"


def open_until(admission: Admission, *, on: date) -> tuple[date, Ends] | None:
    """The last day on which pitches stay open as things are now, and what ends then; None where they are closed."""
    if why_closed(admission, on=on) is not None:
        return None
    ends = [(admission.valid(on=on)[0].last_day, Ends.STATEMENT)]
    if admission.paid_until is not None:
        ends.append((admission.paid_until, Ends.MEMBERSHIP))
    if admission.lawful_until is not None:
        ends.append((admission.lawful_until, Ends.NETWORK))
    return min(ends, key=lambda each: each[0])


NOBODY = Admission(is_accepted=False)


def why_closed(admission: Admission, *, on: date) -> Closed | None:
    """The first thing that keeps a person from promotions on a London day; None where nothing does."""
    if admission.is_suspended:
        return Closed.SUSPENDED
    if not admission.is_accepted:
        return Closed.NO_ANGEL
    if not admission.valid(on=on):
        return _why_uncertified(admission, on)
    if not admission.is_paid:
        return _why_unpaid(admission)
    return None if admission.is_lawful else Closed.NETWORK


def _why_unpaid(admission: Admission) -> Closed:
    return Closed.ON_ITS_WAY if admission.pays_soon else Closed.NOT_PAID


def _why_uncertified(admission: Admission, on: date) -> Closed:
    """What is nearest to a statement that holds: one to confirm, one that rests on a lapsed membership, one that ended."""
    every = list(admission.statements)
    live = [each for each in every if not (each.is_revoked or has_come(each.until, on=on))]
    if any(not each.is_confirmed for each in live):
        return Closed.UNCONFIRMED
    if not admission.is_paid and any(each.rests_on_membership for each in live):
        return _why_unpaid(admission)
    if not every:
        return Closed.NOT_CERTIFIED
    newest = max(every, key=lambda each: each.signed_on)
    return Closed.REVOKED if newest.is_revoked else Closed.EXPIRED


def may_see_promotions(admission: Admission, *, on: date) -> bool:
    """Whether promotions may be shown to a person on a London day."""
    return why_closed(admission, on=on) is None


def why_not_shown(admission: Admission, instrument: str, *, on: date) -> Closed | None:
    """What keeps a person from pitches of this instrument on a London day: as `why_closed`, or a statement for other kinds."""
    if statement_for(admission, instrument, on=on) is not None:
        return None
    return why_closed(admission, on=on) or Closed.KIND


def statement_for(admission: Admission, instrument: str, *, on: date) -> Statement | None:
    """The statement on which it is lawful to show a pitch of this instrument; None where it is not."""
    if not may_see_promotions(admission, on=on):
        return None
    fitting = (each for each in admission.valid(on=on) if each.kinds is None or instrument in each.kinds)
    return next(fitting, None)


def kinds_open(admission: Admission, *, on: date) -> frozenset[str] | None:
    """The instruments that a person may be shown on a day; None is every one, an empty set is none."""
    if not may_see_promotions(admission, on=on):
        return frozenset()
    valid = admission.valid(on=on)
    if any(each.kinds is None for each in valid):
        return None
    return frozenset(kind for each in valid for kind in each.kinds or ())
