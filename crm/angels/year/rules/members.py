"""Members of the network on a day: when they renew, whether they are silent, whether they were checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from crm.angels.investors.models import MONTHS_OF_A_CHECK
from crm.angels.investors.rules.gate import Admission, Closed, why_closed
from crm.angels.investors.workflow import CheckOutcome
from crm.billing.rules import GoneBack, Membership
from crm.kernel.calendar import add_months
from crm.kernel.folding import begins_word, is_address, plain, search_terms

MONTHS_AHEAD = 13
SOON, OVER = "soon", "over"
"""What stands for a month: what ends within the days of the reminder, and what has ended."""
TO_ASK = "to_ask"
"""What stands for a gate: pitches are kept by nothing but the payment, and nobody asked for it within the days of quiet."""


class Show(StrEnum):
    """The lists of members."""

    ALL = "all"
    RENEWALS = "renewals"
    SILENT = "silent"
    CHECKS = "checks"


@dataclass(frozen=True)
class Days:
    """The figures that the lists go by, in days."""

    remind: int
    silent: int
    stall: int
    ending: int
    quiet: int


@dataclass(frozen=True)
class Member:
    """One member on a day. ``seen_on`` is when they last looked at a pitch, asked or answered something of their own accord."""

    angel_id: UUID
    account_id: UUID
    name: str
    email: str
    is_suspended: bool
    gate: Admission
    membership: Membership
    renews: bool
    check: CheckOutcome
    checked_on: date | None
    joined_on: date
    seen_on: date | None
    takes_emails: bool = True
    gone_back: GoneBack | None = None
    """What became of their last payment by card, where it went back or is disputed."""
    asked_on: date | None = None
    """When they were last asked to renew, pay or certify."""

    def closed(self, on: date) -> Closed | None:
        """Why pitches are closed to them; None where they are open."""
        return why_closed(self.gate, on=on)

    @property
    def is_disputed(self) -> bool:
        """Whether their bank decides about the payment that their membership would rest on."""
        return self.paid_until is None and self.gone_back is GoneBack.DISPUTED

    @property
    def paid_until(self) -> date | None:
        """The last day that they paid for, if they ever did."""
        return self.membership.until

    def certified_until(self, on: date) -> date | None:
        """The last day of the statement that holds longest, or of the one that ended last; a withdrawn one counts for nothing."""
        valid = self.gate.valid(on=on)
        known = valid or tuple(each for each in self.gate.statements if not each.is_revoked)
        return max((each.last_day for each in known), default=None)

    def ends(self, on: date) -> tuple[date, ...]:
        """The last days of what they paid for and signed."""
        return tuple(each for each in (self.paid_until, self.certified_until(on)) if each is not None)

    def quiet_since(self) -> date:
        """Since when nothing was heard of them."""
        return max(self.joined_on, self.seen_on) if self.seen_on else self.joined_on

    def is_silent(self, on: date, days: Days) -> bool:
        """Whether they did nothing for so many days. Who is suspended could do nothing."""
        return not self.is_suspended and self.quiet_since() + timedelta(days=days.silent) < on

    def is_to_ask(self, on: date, days: Days) -> bool:
        """Whether they can be asked to pay: that alone is missing, and they were not asked within the days of quiet."""
        was_asked = self.asked_on is not None and self.asked_on + timedelta(days=days.quiet) >= on
        return self.closed(on) is Closed.NOT_PAID and not self.is_disputed and not was_asked

    def is_unchecked(self, on: date) -> bool:
        """Whether no identity check of theirs counts on a day."""
        if self.check is not CheckOutcome.PASSED or self.checked_on is None:
            return True
        return on >= add_months(self.checked_on, MONTHS_OF_A_CHECK)


def months_ahead(on: date) -> list[str]:
    """This month and the year after it, as "2026-11"."""
    return [f"{add_months(on.replace(day=1), number):%Y-%m}" for number in range(MONTHS_AHEAD)]


def ends_in(member: Member, month: str, *, on: date, days: Days) -> bool:
    """Whether something of theirs ends in a month, soon, or has ended; without a month, in the coming year or before."""
    ends = member.ends(on)
    if month == OVER:
        return any(each < on for each in ends)
    if month == SOON:
        return any(on <= each <= on + timedelta(days=days.remind) for each in ends)
    if month:
        return any(f"{each:%Y-%m}" == month for each in ends)
    return any(f"{each:%Y-%m}" <= months_ahead(on)[-1] for each in ends)


@dataclass(frozen=True)
class Wanted:
    """Which members a list shows, and in which order."""

    show: Show = Show.ALL
    month: str = ""
    gate: str = ""
    order: str = "name"
    q: str = ""


def _by_day(of: Callable[[Member], date | None]) -> Callable[[Member], tuple[bool, date, str]]:
    """Sorted by a day, the earliest first and what has none at the end."""
    return lambda each: (of(each) is None, of(each) or date.min, each.name)


def chosen_of(members: Iterable[Member], wanted: Wanted, *, on: date, days: Days) -> list[Member]:
    """Those of some members that a list shows, in its order."""
    tests: Mapping[Show, Callable[[Member], bool]] = {
        Show.ALL: lambda _: True,
        Show.RENEWALS: lambda each: ends_in(each, wanted.month, on=on, days=days),
        Show.SILENT: lambda each: each.is_silent(on, days),
        Show.CHECKS: lambda each: each.is_unchecked(on),
    }
    found = [each for each in members if tests[wanted.show](each) and _is_of(each, wanted.gate, on, days)]
    found = [each for each in found if _is_called(each, search_terms(wanted.q))]
    return sorted(found, key=_orders(on)[wanted.order])


def _is_called(member: Member, terms: Sequence[str]) -> bool:
    """Whether each term of a search stands in their name or email."""
    written = plain(f"{member.name} {member.email}")
    return all(begins_word(each, written) if is_address(each) else each in written for each in terms)


def _is_of(member: Member, gate: str, on: date, days: Days) -> bool:
    if gate == TO_ASK:
        return member.is_to_ask(on, days)
    return not gate or gate == (member.closed(on) or "open")


def _orders(on: date) -> Mapping[str, Callable[[Member], tuple[bool, date, str]]]:
    return {
        "name": lambda each: (False, date.min, each.name.casefold()),
        "ends": _by_day(lambda each: min(each.ends(on), default=None)),
        "checked": _by_day(lambda each: each.checked_on),
        "seen": _by_day(lambda each: each.quiet_since()),
    }


ORDERS = ("name", "ends", "checked", "seen")


def months_of(members: Sequence[Member], *, on: date, days: Days) -> list[tuple[str, int, int, int]]:
    """For each month ahead, and for what has ended: how many memberships and statements end, and of how many members."""
    return [
        (
            month,
            sum(_falls(each.paid_until, month, on) for each in members),
            sum(_falls(each.certified_until(on), month, on) for each in members),
            sum(ends_in(each, month, on=on, days=days) for each in members),
        )
        for month in (OVER, *months_ahead(on))
    ]


def _falls(day: date | None, month: str, on: date) -> bool:
    if day is None:
        return False
    return day < on if month == OVER else f"{day:%Y-%m}" == month
