"""Who gets an email that is sent to several at once, and why somebody is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from crm.angels.investors.rules.labels import CLOSED_TO_THEM
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.rules.members import Days, Member
from crm.angels.year.rules.raises import Raise
from crm.kernel.calendar import day_in_words

OF_MEMBERS, OF_RAISES = (Kind.RENEW, Kind.WAKE, Kind.CHECK), (Kind.UPDATE, Kind.CLOSE)
T = TypeVar("T")
GONE = "No longer a member of the network"
NOT_OPEN = "The raise is no longer published"


@dataclass(frozen=True)
class LeftOut:
    """Somebody who was ticked and gets no email: who or what it is, in words, and why."""

    id: UUID
    name: str
    why: str


@dataclass(frozen=True)
class Weighed(Generic[T]):
    """Who gets an email, and who does not and why."""

    to: tuple[T, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Standing:
    """What a rule needs to know: the day, the figures, when each was asked before, and who is asking."""

    on: date
    days: Days
    asked: dict[UUID, date]
    asker: UUID | None

    def asked_lately(self, thing_id: UUID) -> str | None:
        """That somebody was asked the same within the days of quiet."""
        day = self.asked.get(thing_id)
        if day is None or day + timedelta(days=self.days.quiet) < self.on:
            return None
        return f"Already asked on {day_in_words(day)}"


@dataclass(frozen=True)
class Needs:
    """What somebody has to renew now: the last days of membership and statement that end, or that there is none at all."""

    paid: date | None = None
    signed: date | None = None
    is_unpaid: bool = False
    is_unsigned: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return self != Needs()


def needs(member: Member, *, on: date, days: Days) -> Needs:
    """What somebody has to pay for or to sign now. A card that renews by itself needs nothing, unless its payment failed."""
    edge = on + timedelta(days=days.remind)
    paid, signed = member.paid_until, member.certified_until(on)
    is_theirs = not member.renews or (paid is not None and paid < on)
    return Needs(
        paid=paid if is_theirs and paid is not None and paid <= edge else None,
        signed=signed if signed is not None and signed <= edge else None,
        is_unpaid=is_theirs and paid is None and not (member.is_disputed or member.gate.pays_soon),
        is_unsigned=signed is None,
    )


def _why_not_renew(member: Member, on: date, days: Days) -> str | None:
    if needs(member, on=on, days=days).any:
        return None
    if member.renews and member.paid_until is not None:
        return f"Renews by card on {day_in_words(member.paid_until + timedelta(days=1))}"
    if member.is_disputed:
        return "Their payment is disputed at the bank, which has not decided yet"
    if member.gate.pays_soon:
        return "Their payment is on its way"
    if member.renews:
        return "Pays by card, and no payment has been made yet"
    return f"Nothing ends within {days.remind} days"


def _why_not_wake(member: Member, on: date, days: Days) -> str | None:
    closed = member.closed(on)
    if not member.is_silent(on, days):
        did = "Active" if member.seen_on else "Joined"
        return f"{did} within the last {days.silent} days"
    if closed is not None:
        return f"Cannot see pitches: {CLOSED_TO_THEM[closed]}"
    return None if member.takes_emails else "Has stopped the network’s emails"


def _why_not_check(member: Member, on: date, _days: Days) -> str | None:
    if member.is_unchecked(on) or member.checked_on is None:
        return None
    return f"Checked on {day_in_words(member.checked_on)}"


MEMBER_RULES = {Kind.RENEW: _why_not_renew, Kind.WAKE: _why_not_wake, Kind.CHECK: _why_not_check}


def why_not_member(kind: Kind, member: Member, *, known: Standing) -> str | None:
    """Why a member gets no email of a kind; None where they get it."""
    if member.account_id == known.asker:
        return "This is you"
    if member.is_suspended:
        return "Suspended"
    return MEMBER_RULES[kind](member, known.on, known.days) or known.asked_lately(member.angel_id)


def weigh_members(
    kind: Kind, ids: Iterable[UUID], *, members: Iterable[Member], known: Standing
) -> Weighed[Member]:
    """Who of those that were ticked gets an email, in the order of the list."""
    by_id = {each.angel_id: each for each in members}
    to, left_out = [], []
    for each in dict.fromkeys(ids):
        member = by_id.get(each)
        why = why_not_member(kind, member, known=known) if member else GONE
        if member and not why:
            to.append(member)
        else:
            left_out.append(LeftOut(each, member.name if member else "A former member", why or GONE))
    return Weighed(tuple(to), tuple(left_out))


def weigh_raises(
    ids: Iterable[UUID], raises: Iterable[Raise], *, owners: dict[UUID, list[UUID]], known: Standing
) -> Weighed[Raise]:
    """The founders of which raises get an email."""
    by_id = {each.pitch_id: each for each in raises}
    to, left_out = [], []
    for each in dict.fromkeys(ids):
        found = by_id.get(each)
        why = _why_not_raise(found, owners, known)
        if found and not why:
            to.append(found)
        else:
            name = f"{found.business}, {found.reference}" if found else "A raise that has ended"
            left_out.append(LeftOut(each, name, why or NOT_OPEN))
    return Weighed(tuple(to), tuple(left_out))


def _why_not_raise(found: Raise | None, owners: dict[UUID, list[UUID]], known: Standing) -> str | None:
    if found is None:
        return NOT_OPEN
    if not owners.get(found.business_id):
        return "No owner of the business can sign in"
    return known.asked_lately(found.pitch_id)
