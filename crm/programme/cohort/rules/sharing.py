"""Who shares one limit of subsidies, and what a draft awards them beside what they can still be given (P38, P41)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from crm.funding.subsidy.rules import Room
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.text import series
from crm.programme.cohort.rules.choosing import Candidate

Enterprise = frozenset[UUID]
"""The ids of the businesses that are counted together."""


Rooms = Mapping[UUID, Room]
"""What leaves its room to the enterprise of each business, by the id of the business; empty where nothing is given, as in a dry run."""


@dataclass(frozen=True)
class Left:
    """What each enterprise can still be given beside what is chosen. Where no enterprise is known, nothing is limited."""

    enterprises: Mapping[UUID, Enterprise] = field(default_factory=dict)
    sums: Mapping[Enterprise, Money] = field(default_factory=dict)

    def without(self, sums: Iterable[tuple[UUID, Money]]) -> Left:
        """What is left once these sums are chosen too, each by the id of its business."""
        left = dict(self.sums)
        for business_id, amount in sums:
            if business_id in self.enterprises:
                left[self.enterprises[business_id]] -= amount
        return Left(self.enterprises, left)

    def room_of(self, business_id: UUID) -> Money | None:
        """What one business can still be given, at most; None where nothing limits it."""
        return self.sums[self.enterprises[business_id]] if business_id in self.enterprises else None

    def first_short(self, rows: Sequence[Candidate]) -> tuple[list[Candidate], Money] | None:
        """Of some applications those of the first enterprise for which their whole sums are too much, with what it can be given."""
        after: dict[Enterprise, Money] = {}
        for each in rows:
            if enterprise := self.enterprises.get(each.business_id):
                after[enterprise] = after.get(enterprise, self.sums[enterprise]) - each.sum
        enterprise = next((each for each, left in after.items() if left < NO_MONEY), None)
        if enterprise is None:
            return None
        theirs = [each for each in rows if self.enterprises.get(each.business_id) == enterprise]
        return theirs, max(NO_MONEY, self.sums[enterprise])


NOTHING_LIMITED = Left()


def left_beside(rows: Sequence[Candidate], rooms: Rooms, *, chosen: Mapping[UUID, Money]) -> Left:
    """What each enterprise of some ranked applications can still be given beside what is ``chosen`` of them."""
    if not rooms:
        return NOTHING_LIMITED
    whole = Left(
        {each.business_id: rooms[each.business_id].members for each in rows},
        {rooms[each.business_id].members: rooms[each.business_id].fits for each in rows},
    )
    return whole.without((each.business_id, chosen.get(each.id, NO_MONEY)) for each in rows)


@dataclass(frozen=True)
class Sharing:
    """The applicants of one enterprise: what a draft awards them together, and what they can still be given of subsidies."""

    members: tuple[Candidate, ...]
    chosen: Money
    known: Room

    @property
    def room(self) -> Money:
        """What they can still be given together."""
        return self.known.fits

    @property
    def is_at_limit(self) -> bool:
        """Whether the draft awards them all that they can be given, to the penny: somebody may have been cut for it."""
        return self.chosen == self.room and bool(self.chosen)

    @property
    def is_linked(self) -> bool:
        """Whether it is more than one applicant, so that an award to one leaves less for the others."""
        return len(self.members) > 1

    @property
    def is_over(self) -> bool:
        """Whether the draft awards them more than they can be given, by a penny or more."""
        return self.chosen > self.room

    @property
    def words(self) -> str:
        """Both sums in a sentence: "A and B share a limit of subsidies: £60,000.00 chosen, £35,000.00 can be given"."""
        names = series([each.name for each in self.members])
        sums = f"{self.chosen.in_full()} chosen, {self.room.in_full()} can be given"
        return f"{names} share a limit of subsidies: {sums}" if self.is_linked else f"{names}: {sums}"

    def beside(self, one: Candidate) -> str:
        """The names of those that share the limit with one of them."""
        return series([each.name for each in self.members if each.id != one.id])


def shared(
    rows: Sequence[Candidate],
    *,
    rooms: Rooms,
    chosen: Mapping[UUID, Money],
) -> list[Sharing]:
    """Those of the ranked applications that share a limit, and each that is chosen for all that it can be given or more.

    ``chosen`` is by the id of the application.
    """
    return notable(every_limit(rows, rooms=rooms, chosen=chosen))


def notable(found: Iterable[Sharing]) -> list[Sharing]:
    """The limits that are worth a word: shared by several, or reached or passed by what is chosen."""
    return [each for each in found if each.is_linked or each.is_over or each.is_at_limit]


def every_limit(rows: Sequence[Candidate], *, rooms: Rooms, chosen: Mapping[UUID, Money]) -> list[Sharing]:
    """The limit of each enterprise of the ranked applications, with what is chosen of these."""
    members: dict[Enterprise, list[Candidate]] = {}
    for each in rows if rooms else ():
        members.setdefault(rooms[each.business_id].members, []).append(each)
    return [_sharing(each, rooms, chosen) for each in members.values()]


def _sharing(members: Sequence[Candidate], rooms: Rooms, chosen: Mapping[UUID, Money]) -> Sharing:
    sums = (chosen.get(each.id, NO_MONEY) for each in members)
    return Sharing(tuple(members), sum(sums, start=NO_MONEY), rooms[members[0].business_id])


def linked_names(found: Sequence[Sharing]) -> dict[UUID, str]:
    """By each application that shares its limit, the names of the applicants that it shares it with."""
    return {one.id: each.beside(one) for each in found if each.is_linked for one in each.members}
