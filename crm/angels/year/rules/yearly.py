"""The letter about a year: which figures it has, and who gets it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from crm.angels.year.rules.facts import Facts, Period, whole_years
from crm.angels.year.rules.mailing import LeftOut, Weighed
from crm.angels.year.rules.measures import BY_KEY, figure_of
from crm.angels.year.rules.members import Member
from crm.angels.year.rules.showing import NOTHING, told
from crm.kernel.money import Money

HAD_IT = "Has had it"
IN_THE_LETTER = (
    *("certified", "investors", "first_time", "deals", "equity", "loan", "convertible"),
    *("presented", "funding", "meeting"),
)


def year_of(on: date) -> Period:
    """The year that a letter is about: the last that has ended."""
    return whole_years(on)[0]


def figures_for(facts: Facts, period: Period) -> list[list[str]]:
    """The figures of the letter, each with what it is called; small ones are held back, as members are people outside."""
    return [
        [BY_KEY[key].words, told(figure_of(BY_KEY[key], facts, period=period), is_outside=True)]
        for key in IN_THE_LETTER
    ]


def is_empty(figures: Iterable[Iterable[str]]) -> bool:
    """Whether nothing happened in a year."""
    return all(value in {"0", str(Money(0)), NOTHING} for _, value in figures)


def weigh_copies(members: Iterable[Member], had: Collection[object]) -> Weighed[Member]:
    """Who gets the letter: every member who takes such emails and has not had it."""
    to, left_out = [], []
    for each in members:
        why = HAD_IT if each.account_id in had else _why_not(each)
        if why:
            left_out.append(LeftOut(each.angel_id, each.name, why))
        else:
            to.append(each)
    return Weighed(tuple(to), tuple(left_out))


def _why_not(member: Member) -> str | None:
    if member.is_suspended:
        return "Suspended"
    return None if member.takes_emails else "Has stopped the network’s emails"
