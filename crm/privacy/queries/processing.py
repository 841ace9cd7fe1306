"""Reads for the records of processing (UK GDPR, Article 30): each activity, from what the rooms say of their personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import Column, Table

from crm.db.base import Base
from crm.db.ending import Ends, Retention, tables_of
from crm.db.erasing import Erasures
from crm.db.personal import Manifest, Personal
from crm.db.processing import Processing
from crm.kernel.permissions import Policy
from crm.kernel.roles import Role
from crm.kernel.text import capital, series
from crm.privacy.queries.retention import periods_of
from crm.privacy.rules import Activity, kinds_in, kinds_of_data

THEIR_OWN = "each person what is their own"
NO_PERIOD = "no period is set"


class Room(Protocol):
    """What a room says of the personal data in its tables."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def policy(self) -> Policy | None:
        """Who may do what with its rows."""

    @property
    def processing(self) -> Processing | None:
        """What it uses personal data for."""

    @property
    def personal(self) -> Manifest:
        """Which columns name a person."""

    @property
    def retention(self) -> Retention:
        """How long its rows are kept."""

    @property
    def erasure(self) -> Erasures:
        """What becomes of the rows about a person who is erased."""


def activities_of(rooms: Sequence[Room]) -> list[Activity]:
    """Every activity of the rooms, by name, with the periods of today. It changes nothing."""
    ending = {table for room in rooms for each in room.retention for table in tables_of(each)}
    return sorted(
        (_activity(room, ending) for room in rooms if room.processing is not None),
        key=lambda each: each.told.activity,
    )


def _activity(room: Room, ending: set[str]) -> Activity:
    assert room.processing is not None
    columns: Iterable[Column[object]] = (column for table in _tables(room) for column in table.c)
    return Activity(
        room.name,
        room.processing,
        kinds_of_data(columns),
        capital(room.processing.readers or _readers(room.policy)),
        tuple(_kept(room, ending)) or (capital(NO_PERIOD),),
    )


def _tables(room: Room) -> list[Table]:
    """The tables of a room that its manifests speak of."""
    named = {key.partition(".")[0] for key, held in room.personal.items() if isinstance(held, Personal)}
    named |= {*room.erasure, *(table for each in room.retention for table in tables_of(each))}
    named |= set(room.processing.tables if room.processing else ())
    return [Base.metadata.tables[each] for each in sorted(named)]


def _readers(policy: Policy | None) -> str:
    """The roles that see the things of a room, as its policy says."""
    rules = policy.rules if policy else ()
    seeing = [each.act for each in rules if "view" in str(each.act) and Role.SIGNED_IN not in each.roles]
    wanted = policy.view if policy and policy.view in seeing else next(iter(seeing), None)
    roles = {role for each in rules if each.act == wanted for role in each.roles} - {Role.ANYONE}
    return series([each.label for each in Role if each in roles]) or THEIR_OWN


def _kept(room: Room, ending: set[str]) -> Iterable[str]:
    """How long each kind of row of a room is kept; what no room gives a period says why it stays."""
    periods = periods_of(kinds_in([room.retention]))
    for each in room.retention:
        if isinstance(each, Ends):
            left = f"; then deleted, except {each.stays}" if each.stays else "; then deleted"
            yield f"{each.what}: {periods[each.name]} {each.since}{left}"
        else:
            yield f"{each.what}: {each.how_long}"
    without = {one.what: one.why for name, one in room.erasure.items() if name not in ending}
    for what, why in without.items():
        yield f"{what}: {NO_PERIOD}{f'; kept because {why}' if why else ''}"
