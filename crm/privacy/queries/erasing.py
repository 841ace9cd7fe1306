"""Reads for erasing a person: who has a name or address, what is held about them room by room, and what hinders erasing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, or_, select, true

from crm.accounts.queries import account, account_of, grants_of
from crm.audit.models import AuditEntry
from crm.db.base import Base
from crm.db.erasing import Erasure, Hindrance, Traces, count_about, rooms, rows_saying, whole_tables
from crm.db.personal import Personal, Subject, is_about, subject_of
from crm.db.session import session
from crm.db.types import has_words
from crm.kernel.clock import today
from crm.kernel.roles import Role, Scope
from crm.privacy.models import DataRequest
from crm.privacy.queries.requests import others_open
from crm.privacy.rules import Asker, Found, Part, Preview, summed

NAMES, PHONES, BY_LOG = ("person_name", "name"), ("phone",), "audit_"
WHERE = {
    "account": "account",
    "person": "person at a business",
    "angel": "investor",
    "claim": "asked for access to a business",
    "complaint": "complained",
    "enquiry": "enquiry",
    "night_guest": "guest of a pitch night",
    "service_report": "reported a fault in the directory",
    "workshop_place": "place at a workshop",
}
"""The tables in which a person is searched, and as what somebody is there."""
AT_ONCE = 20
DID = "What they did, in the audit log"
WHY_DID = "the log shows what was changed and decided. Their name in it becomes the pseudonym"


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _name_of(table: Table) -> Any:
    return next(table.c[each] for each in NAMES if each in table.c)


def find_people(words: str) -> list[Found]:
    """Everybody whose name or address has these words: each once, by their account or address."""
    found: dict[object, Found] = {}
    for name, what in WHERE.items():
        table = _table(name)
        where = has_words(words, _name_of(table), table.c.email)
        for row in session().execute(_people_in(table).where(where).limit(AT_ONCE)):
            found.setdefault(row.email or row.id, Found(name, row.id, row.name, row.email or "", what))
    return list(found.values())[:AT_ONCE]


def _people_in(table: Table) -> Any:
    name = _name_of(table)
    return select(table.c.id, name.label("name"), table.c.email).order_by(name, table.c.id)


def subject_at(name: str, row_id: UUID) -> Subject | None:
    """The person whom a row is about, in every place where they are known by its account or address."""
    table = _table(name) if name in WHERE else None
    row = (
        session().execute(select(table).where(table.c.id == row_id)).mappings().first()
        if table is not None
        else None
    )
    if table is None or row is None:
        return None
    email = row["email"] or ""
    account_id = row_id if name == "account" else row.get("account_id") or _account_with(email)
    holder = account(account_id) if account_id else None
    first = subject_of(
        account_id or row_id, (holder.email if holder else email) or f"{row_id}@nowhere.invalid"
    )
    people = set(first.person_ids) | ({row_id} if name == "person" else set())
    angels = set(first.angel_ids) | ({row_id} if name == "angel" else set())
    called = holder.name if holder else row[_name_of(table).name]
    told = Subject(
        account_id, holder.email if holder else email, people, angels, called, further_emails={email} - {""}
    )
    return _known_further(told)


def _account_with(email: str) -> UUID | None:
    found = account_of(email) if email else None
    return found.id if found else None


def _known_further(about: Subject) -> Subject:
    """The same person with the addresses and numbers under which they stand in other rows."""
    emails, phones = set(about.emails), set()
    for name in WHERE:
        table = _table(name)
        where = is_about(table, (each.personal for each in rooms()), about=about)
        columns = [table.c[each] for each in ("email", *PHONES) if each in table.c]
        for row in session().execute(select(*columns).where(where)).mappings():
            emails.add(row["email"] or "")
            phones.add(row.get("phone") or "")
    held = grants_of(about.account_id) if about.account_id else ()
    acting = [each for each in held if each.role is Role.FOUNDER and each.scope is Scope.BUSINESS]
    businesses = {UUID(str(each.scope_id)) for each in acting if not each.is_over(on=today())}
    return Subject(
        about.account_id,
        about.email,
        about.person_ids,
        about.angel_ids,
        about.name,
        phones=sorted(phones - {""}),
        further_emails=sorted(emails - {""}),
        business_ids=businesses,
    )


def namesakes(about: Subject) -> int:
    """How many entries have the same name and may be somebody else's."""
    count = 0
    for name in WHERE:
        table = _table(name)
        where = is_about(table, (each.personal for each in rooms()), about=about)
        same = func.lower(_name_of(table)) == about.name.lower()
        query = select(func.count()).select_from(table).where(same, where.is_not(true()))
        count += session().scalar(query) or 0
    return count


def traces_of(about: Subject, *, known_as: str, with_name: bool) -> Traces:
    """The strings by which a person is looked for in texts."""
    return Traces(about.name if with_name else "", about.emails, sorted(about.phones), known_as)


def asker_of(request: DataRequest, about: Subject) -> Asker:
    """Who asked, beside the person chosen. Their own address comes first: the letter goes there."""
    known = sorted(set(about.emails) - {about.email})
    emails = [about.email, *known] if about.email else known
    return Asker(request.name, request.email or "", request.contact, about.name, emails)


def preview_of(about: Subject, *, request: DataRequest) -> Preview:
    """What erasing a person for a request would do now. It changes nothing."""
    same, asker = namesakes(about), asker_of(request, about)
    bare = Preview(about.name, asker, (), (), (), (), same)
    traces = traces_of(about, known_as="", with_name=bare.looks_for_name)
    held = list(_held(about))
    gone = summed(Part(each.what, count) for each, count in held if each.is_deleted)
    unnamed = summed(Part(each.what, count, each.why) for each, count in held if not each.is_deleted)
    did = Part(DID, _count_done(about), WHY_DID)
    hindrances = hindrances_of(about, request_id=request.id)
    whole = summed(_whole(about, traces))
    return Preview(about.name, asker, gone, [*unnamed, *summed([did])], whole, hindrances, same)


def _held(about: Subject) -> Iterator[tuple[Erasure, int]]:
    """What becomes of the rows about a person, and how many there are, room by room."""
    for room in rooms():
        for table, each in room.erasure.items():
            if not each.is_whole:
                yield each, count_about(table, about, address=each.address)


def _whole(about: Subject, traces: Traces) -> Iterator[Part]:
    """Rows that stay word for word: those about the person, and where no column names one, those that say their name."""
    personal = {
        key.partition(".")[0]
        for room in rooms()
        for key, held in room.personal.items()
        if isinstance(held, Personal)
    }
    for name, each in whole_tables().items():
        if not name.startswith(BY_LOG):
            found = (
                count_about(name, about)
                if name in personal
                else sum(1 for _ in rows_saying(_table(name), traces))
            )
            yield Part(each.what, found, each.why)


def _count_done(about: Subject) -> int:
    entry = AuditEntry.__table__.c
    if about.account_id is None:
        return 0
    return (
        session().scalar(
            select(func.count()).select_from(AuditEntry).where(entry.actor_id == about.account_id)
        )
        or 0
    )


def hindrances_of(about: Subject, *, request_id: UUID) -> list[Hindrance]:
    """What stands against erasing a person now, room by room."""
    found = [each for room in rooms() for find in room.hinders for each in find(about)]
    others = others_open(about.emails, but=request_id)
    words = "Another request of theirs about personal data is not answered. Answer it first."
    return [*found, *(Hindrance(words, "data_request", each.id) for each in others)]


def same_person(about: Subject, table: Table) -> Any:
    """That a proposal is to erase this person, by whichever row they were found."""
    ids: Sequence[UUID] = [
        *about.person_ids,
        *about.angel_ids,
        *([about.account_id] if about.account_id else []),
    ]
    return or_(table.c.subject_id.in_(ids))
