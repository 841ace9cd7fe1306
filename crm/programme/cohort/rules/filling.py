"""How far the money goes by rank, and where it stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from crm.funding.envelopes.rules import LINES
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.text import series
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.money import Purse, fits, in_full, less, parts_of
from crm.programme.cohort.rules.sharing import NOTHING_LIMITED, Left


@dataclass(frozen=True)
class Filled:
    """How far money goes by rank: who is chosen, what stays free of each line, and where it stops.

    ``stopped`` are the one, or those that tie, whose whole sum no longer fits; ``fitting`` is the next after them that would.
    ``limited`` are those of them that can be given no more than ``room`` of subsidies, where that is what stops it.
    """

    chosen: tuple[Candidate, ...]
    free: Purse
    stopped: tuple[Candidate, ...] = ()
    fitting: Candidate | None = None
    limited: tuple[Candidate, ...] = ()
    room: Money = NO_MONEY

    @property
    def tied(self) -> tuple[Candidate, ...]:
        """Those that tie where the money ends."""
        return self.stopped if len(self.stopped) > 1 else ()

    @property
    def short(self) -> Purse:
        """What is missing in each line for those at whom it stops."""
        wanted = parts_of(*_sums(self.stopped), lines=self.free)
        return {line: part - self.free[line] for line, part in wanted.items() if part > self.free[line]}


def _sums(group: Iterable[Candidate]) -> tuple[Money, Money]:
    """What some ask for together, and how much of it is capital."""
    rows = tuple(group)
    return Money(sum(each.sum.pence for each in rows)), Money(sum(each.capital.pence for each in rows))


def filled_by_rank(candidates: Sequence[Candidate], *, free: Purse, left: Left = NOTHING_LIMITED) -> Filled:
    """Choose from the top for as long as the whole sum of the next fits: each part of it into its own line of the money, and all of it
    into what its enterprise can still be given of subsidies, which is ``left``.

    Those that tie are chosen together or not at all.

    Neither the time of submitting nor an id ever decides between them.
    """
    ranked = [each for each in candidates if each.can_be_chosen and each.sum]
    chosen: list[Candidate] = []
    for _, equal in groupby(ranked, key=lambda each: each.rank):
        group = tuple(equal)
        wanted = parts_of(*_sums(group), lines=free)
        short = left.first_short(group)
        if short or not fits(wanted, free):
            later = (each for each in ranked[len(chosen) + len(group) :] if _fits(each, free, left))
            limited, room = short if short and fits(wanted, free) else ((), NO_MONEY)
            return Filled(tuple(chosen), free, group, next(later, None), tuple(limited), room)
        chosen += group
        free, left = less(free, wanted), left.without((each.business_id, each.sum) for each in group)
    return Filled(tuple(chosen), free)


def _fits(one: Candidate, free: Purse, left: Left) -> bool:
    return fits(parts_of(one.sum, one.capital, lines=free), free) and not left.first_short([one])


def where_it_stops(filled: Filled) -> str:
    """Why the next by rank is not added, and who would fit after them; empty where everyone was added."""
    if not filled.stopped:
        return ""
    next_one = f" {_further(filled.fitting)}" if filled.fitting else ""
    if filled.limited:
        return f"{_limited(filled)}{next_one}"
    return f"{_named(filled.stopped)} {_short(filled)} than is free.{next_one}"


def _limited(filled: Filled) -> str:
    """Who can be given less of subsidies than they ask for, and what to do: "Rank 3, A, asks for £50,000.00, and £35,000.00 …"."""
    rows, tied = filled.limited, filled.tied
    names = series([each.name for each in rows])
    who = f"{names}, at rank {rows[0].rank}," if tied else f"Rank {rows[0].rank}, {names},"
    ask = "ask for" if len(rows) > 1 else "asks for"
    asked = Money(sum(each.sum.pence for each in rows))
    room = f"{in_full(filled.room)} of subsidies can still be given"
    less_ = "Award less, with a reason." if filled.room else "It cannot be awarded anything today."
    return f"{who} {ask} {in_full(asked)}, and {room}. {less_}"


def _named(stopped: Sequence[Candidate]) -> str:
    names = series([each.name for each in stopped])
    if len(stopped) == 1:
        return f"Rank {stopped[0].rank}, {names}, needs"
    return f"{names} share rank {stopped[0].rank} and together need"


def _short(filled: Filled) -> str:
    """What is missing: "£10,000.00 more revenue", or without its line where there is one."""
    if len(filled.free) == 1:
        return f"{series([in_full(each) for each in filled.short.values()])} more"
    return series([f"{in_full(part)} more {LINES[line].lower()}" for line, part in filled.short.items()])


def _further(fitting: Candidate) -> str:
    return f"The next that fits is rank {fitting.rank}, {fitting.name}: add it with a reason."
