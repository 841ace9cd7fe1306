"""What the help says of the tables, and what ``ready`` means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.kernel.clock import is_past
from crm.kernel.drawing import permission_rows
from crm.kernel.eligibility import LEPS
from crm.kernel.workflow import Machine, spoken
from crm.places.rules import Authority
from crm.web.feature import Feature, Hit, Todo

PLAN_AREAS = ("BCLEP", "GBSLEP", "CWLEP")
"""The areas that the sector plan reports by, in the order in which the home page shows them."""
MOST_WORDS, WEEK = 100, timedelta(days=7)
SLOWEST_OUTBOX = timedelta(minutes=15)
TITLES = {
    "audit": "Audit log",
    "figures": "Dated figures",
    "notices": "Emails",
    "accounts": "Accounts, roles and hubs",
    "businesses": "Businesses",
    "directory": "Support directory",
    "diagnostics": "Diagnoses and readiness",
    "actions": "What readiness leads to",
    "evidence": "Outcomes, and finance sought",
    "referrals": "Passing a business on",
    "casework": "Conversations and hours of help",
    "meetings": "Appointments and workshops",
    "signposting": "Finding support, enquiries and action plans",
    "desk": "Public pages and desk",
}


@dataclass(frozen=True)
class RoomTables:
    """The tables of one room, in words."""

    title: str
    permissions: list[tuple[str, str, str]]
    moves: list[tuple[str, list[tuple[str, str, str]]]]

    @property
    def anchor(self) -> str:
        """The title as an address can end in it."""
        return re.sub(r"[^a-z]+", "-", self.title.casefold())


def tables_of(rooms: Iterable[Feature]) -> list[RoomTables]:
    """Every room's policy and machines as the help shows them."""
    return [
        RoomTables(
            title=TITLES.get(room.name, room.name),
            permissions=permission_rows(room.policy),
            moves=[(machine.name, _moves(machine)) for machine in room.machines],
        )
        for room in rooms
        if room.policy is not None
    ]


def _moves(machine: Machine[Any]) -> list[tuple[str, str, str]]:
    return [
        (
            spoken(each.act),
            " or ".join(sorted(spoken(source) for source in each.sources)),
            spoken(each.target),
        )
        for each in machine.moves
    ]


@dataclass(frozen=True)
class Area:
    """One of the plan's three areas, with the councils in it."""

    name: str
    councils: list[str]


def areas_of(councils: Iterable[Authority]) -> list[Area]:
    """The plan's three areas. A council that belonged to two of them stands in both."""
    known = tuple(councils)
    return [
        Area(LEPS[lep].removeprefix("the "), [each.name for each in known if lep in each.leps])
        for lep in PLAN_AREAS
    ]


def is_late(oldest: datetime | None, *, at: datetime) -> bool:
    """Whether the outbox has been waiting for longer than it should."""
    return oldest is not None and at - oldest > SLOWEST_OUTBOX


def by_urgency(todos: Iterable[Todo], *, on: date) -> list[tuple[str, list[Todo]]]:
    """What waits, in the order in which to do it: what holds up money or an offer, overdue, today, this week, and the rest.

    A group of none is left out. In each comes first what has a last day, the earliest first, then what waits longest.
    """
    groups: dict[str, list[Todo]] = {"First": [], "Overdue": [], "Today": [], "This week": [], "Waiting": []}
    for each in todos:
        groups[_urgency(each, on)].append(each)
    for of_group in groups.values():
        of_group.sort(key=_place)
    return [(title, of_group) for title, of_group in groups.items() if of_group]


def _place(todo: Todo) -> tuple[bool, date]:
    return todo.due is None, todo.due or todo.since or date.max


def _urgency(todo: Todo, on: date) -> str:
    if todo.is_first:
        return "First"
    if todo.is_overdue or (todo.due is not None and is_past(todo.due, on=on)):
        return "Overdue"
    if todo.due is None or todo.due > on + WEEK:
        return "Waiting"
    return "Today" if todo.due == on else "This week"


def by_kind(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """What a search found, by the kind of thing, in the order of the rooms."""
    groups: dict[str, list[Hit]] = {}
    for each in hits:
        groups.setdefault(each.kind, []).append(each)
    return groups
