"""What the pages of envelopes draw: the money bar, the months so far, and what an entry is about."""

from __future__ import annotations

from collections.abc import Iterable
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
    by_table: dict[str, set[UUID]] = {}
    for each in subjects:
        by_table.setdefault(each.table, set()).add(each.id)
    found: dict[Subject, About] = {}
    for table, ids in by_table.items():
        names = names_of(table, map(str, ids))
        found |= {
            Subject(table, each): _about(envelope_id, Subject(table, each), names.get(str(each)))
            for each in ids
        }
    return found


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
