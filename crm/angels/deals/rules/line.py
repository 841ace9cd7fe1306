"""The line for a raise: who waits is offered what there is in time order, and nobody who comes later passes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from crm.kernel.money import NO_MONEY, Money

Key = TypeVar("Key")


@dataclass(frozen=True)
class Waiter(Generic[Key]):
    """A pledge on the waiting list whose investor may be offered a place now."""

    key: Key
    account_id: UUID
    amount: Money


@dataclass(frozen=True)
class Shares(Generic[Key]):
    """How much of which pledge is offered, what is left for one who pledges next, and whether the room waits for its first.

    ``is_stuck`` is that there is room, and the first in the line cannot take it: it is less than the minimum.
    """

    offers: Mapping[Key, Money]
    left: Money
    is_stuck: bool = False


def shared_out(
    line: Iterable[Waiter[Key]], *, room: Money, least: Money, held: Mapping[UUID, Money]
) -> Shares[Key]:
    """Share out the room of a raise in time order.

    Each is offered what they pledged, or what there is of it, but never less than brings them to the least that one investor
    can put in. Where there is less, it waits for them. One who could not come to the least with all they pledged is left out.
    """
    offers, has = dict[Key, Money](), dict(held)
    for each in line:
        own = has.get(each.account_id, NO_MONEY)
        if each.amount + own < least:
            continue
        part = min(each.amount, room)
        if not part or part + own < least:
            return Shares(offers, NO_MONEY, is_stuck=bool(part))
        offers[each.key], room = part, room - part
        has[each.account_id] = own + part
        if part < each.amount:
            return Shares(offers, NO_MONEY)
    return Shares(offers, room)


@dataclass(frozen=True)
class Place:
    """What becomes of a new pledge: how much of it has a place at once, the least it can be, and why the rest would wait."""

    at_once: Money
    least: Money
    why: str = ""


def place_for(shares: Shares[Key], *, room: Money, least: Money, held: Money, standing: Money) -> Place:
    """The place of one who pledges now, and has ``held`` with a place and ``standing`` with what they have waiting."""
    wanted = max(least - standing, NO_MONEY)
    if not shares.left:
        return Place(NO_MONEY, wanted, "behind" if room else "full")
    if shares.left + held < least:
        return Place(NO_MONEY, wanted, "small")
    return Place(shares.left, wanted)
