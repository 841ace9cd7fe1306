"""What the pages of envelopes draw: the money bar, the months so far, and what an entry is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from crm.audit.queries import Named, names_of
from crm.funding.envelopes.models import Envelope, EnvelopeLine, LedgerEntry
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import WIDTH, Month, Picture, Subject, month_ends, pictured
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.kernel.clock import end_of, start_of, today
from crm.kernel.money import Money
from crm.web.identity import current_actor
from crm.web.navigation import kind_of
from crm.web.permit import open_address

PARTS = (
    ("paid", "Paid"),
    ("claimed", "Claimed, not yet paid"),
    ("recovered", "Recovered, not yet released"),
    ("committed", "Committed, not yet claimed"),
    ("reserved", "Reserved"),
    ("free", "Free"),
)


@dataclass(frozen=True)
class Part:
    """One part of the money bar: an account, what lies in it, and where it is drawn."""

    account: A
    label: str
    amount: Money
    x: int
    width: int


def bar(row: Envelope | EnvelopeLine) -> list[Part]:
    """The parts of an envelope's money, from paid to free, drawn to scale over 1,000 units."""
    found, at, limit = [], 0, row.limited_to.pence
    for name, label in PARTS:
        amount = row.unclaimed if name == "committed" else getattr(row, name)
        until = (at + amount.pence) * WIDTH // limit if limit else 0
        x = at * WIDTH // limit if limit else 0
        found.append(Part(A(name), label, amount, x, until - x))
        at += amount.pence
    return found


def picture(found: Envelope, forecast: list[tuple[date, Money]]) -> Picture:
    """An envelope over time: its limit, what was committed, claimed and paid by each month's end, and what is forecast."""
    days = month_ends(found.starts_on, min(today(), found.ends_on))
    held = queries.balances_by(found.id, days)
    return pictured([Month(day, each) for day, each in zip(days, held, strict=True)], forecast)


def opening_of(found: Envelope) -> bool:
    """Whether the envelope's first day has come: before it there is nothing to draw."""
    return start_of(found.starts_on) < end_of(today())


@dataclass(frozen=True)
class About:
    """What an entry is about in words, where its page is for those who may open it, and where its other entries are."""

    words: str
    href: str
    entries: str


def about(envelope_id: UUID, entries: Iterable[LedgerEntry]) -> dict[Subject, About]:
    """What each of some entries is about, by subject: one query for each kind of thing."""
    return about_subjects(envelope_id, (each.subject for each in entries))


def about_subjects(envelope_id: UUID, subjects: Iterable[Subject]) -> dict[Subject, About]:
    """What some subjects of an envelope are: one query for each kind of thing."""
    return about_of({envelope_id: list(subjects)})[envelope_id]


def about_of(subjects: Mapping[UUID, Collection[Subject]]) -> dict[UUID, dict[Subject, About]]:
    """What some subjects of each of some envelopes are: one query for each kind of thing, however many envelopes there are."""
    names = named(one for each in subjects.values() for one in each)
    return {
        envelope_id: {each: _about(envelope_id, each, names.get(each)) for each in set(found)}
        for envelope_id, found in subjects.items()
    }


def named(subjects: Iterable[Subject]) -> dict[Subject, Named]:
    """What each of some things is called: one query for each kind."""
    ids: dict[str, set[str]] = {}
    for each in subjects:
        ids.setdefault(each.table, set()).add(str(each.id))
    return {
        Subject(table, UUID(row_id)): found
        for table, wanted in ids.items()
        for row_id, found in names_of(table, wanted).items()
    }


def _about(envelope_id: UUID, subject: Subject, name: Named | None) -> About:
    only = f"{subject.table}:{subject.id}"
    entries = url_for("envelope_ledger.ledger", envelope_id=envelope_id, about=only)
    href = open_address(subject.table, subject.id, to=current_actor())
    return About(words_of(subject.table, name), href, entries)


def words_of(table: str, name: Named | None) -> str:
    """What a subject is called: by its own name, or by its kind and what it belongs to."""
    own, of = (name.own, name.of) if name else ("", ())
    words = own or ", ".join((kind_of(table), *of))
    return words[:1].upper() + words[1:]
