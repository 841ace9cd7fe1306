"""Reads for erasing a person: who has a name or address, what is held about them room by room, and what hinders erasing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, not_, or_, select, true

from crm.accounts.queries import account, account_of, grants_of
from crm.audit.models import AuditEntry
from crm.businesses.queries.leaving import open_about
from crm.db.base import Base
from crm.db.ending import NO_MAIL, Emptied
from crm.db.erasing import (
    Erasure,
    Hindrance,
    Traces,
    count_about,
    ids_about,
    rooms,
    rows_saying,
    whole_tables,
)
from crm.db.personal import Personal, Subject, is_about, subject_of
from crm.db.session import session
from crm.db.types import has_words
from crm.documents.models import Document
from crm.documents.queries import documents_from
from crm.kernel.clock import today
from crm.kernel.folding import plain_words
from crm.kernel.roles import Role, Scope
from crm.privacy.models import DataRequest
from crm.privacy.queries.requests import others_open
from crm.privacy.rules import (
    PSEUDONYMS,
    SAME_NAME,
    WHY_SAME_NAME,
    Asker,
    Chosen,
    Found,
    Part,
    Preview,
    is_looked_for,
    summed,
)

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
WHY_DID = "the log shows what was changed and decided. The name in it becomes the pseudonym"


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _name_of(table: Table) -> Any:
    return next(table.c[each] for each in NAMES if each in table.c)


def find_people(words: str) -> list[Found]:
    """Everybody whose name or address has these words: each once, by their account or address. Who was erased is not found."""
    found: dict[object, Found] = {}
    for name, what in WHERE.items():
        table = _table(name)
        where = (has_words(words, _name_of(table), table.c.email), not_(_was_erased(table)))
        for row in session().execute(_people_in(table).where(*where).limit(AT_ONCE)):
            found.setdefault(row.email or row.id, Found(name, row.id, row.name, row.email or "", what))
    return list(found.values())[:AT_ONCE]


def _was_erased(table: Table) -> Any:
    """That the person of a row was erased: it has a pseudonym, or what a room puts in the place of a name or address."""
    name, email = _name_of(table), func.coalesce(table.c.email, "")
    emptied = [room.erasure[table.name].then for room in rooms() if table.name in room.erasure]
    instead = [each.values.get(name.name) for each in emptied if isinstance(each, Emptied)]
    known_as = [name.startswith(each) for each in PSEUDONYMS]
    return or_(*known_as, email.endswith(f"@{NO_MAIL}"), name.in_([e for e in instead if isinstance(e, str)]))


def _people_in(table: Table) -> Any:
    name = _name_of(table)
    return select(table.c.id, name.label("name"), table.c.email).order_by(name, table.c.id)


def subject_at(name: str, row_id: UUID) -> Subject | None:
    """The person whom a row is about, in every place where they are known by its account or address; None once erased."""
    table = _table(name) if name in WHERE else None
    row = (
        session()
        .execute(select(table).where(table.c.id == row_id, not_(_was_erased(table))))
        .mappings()
        .first()
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
    return Asker(request.name, request.email or "", request.contact, about.name, emails, _other_names(about))


def _other_names(about: Subject) -> list[str]:
    """Other names in the entries that count as the person's: the address of one may be that of several."""
    own, found = sorted(plain_words(about.name)), set()
    for name in WHERE:
        table = _table(name)
        where = is_about(table, (each.personal for each in rooms()), about=about)
        query = select(_name_of(table)).where(where, not_(_was_erased(table))).distinct().limit(AT_ONCE)
        found |= {each for each in session().scalars(query) if each and sorted(plain_words(each)) != own}
    return sorted(found)


def chosen_for(request: DataRequest, about: Subject) -> Chosen:
    """A person chosen for a request, beside who asked."""
    return Chosen(name=about.name, asker=asker_of(request, about), namesakes=namesakes(about))


def preview_of(about: Subject, *, request: DataRequest) -> Preview:
    """What erasing a person for a request would do now. It changes nothing."""
    same, asker = namesakes(about), asker_of(request, about)
    held = list(_held(about))
    gone = summed(Part(each.what, count) for each, count in held if each.is_deleted)
    unnamed = summed(Part(each.what, count, each.why) for each, count in held if not each.is_deleted)
    did = Part(DID, _count_done(about), WHY_DID)
    hindrances = hindrances_of(about, request_id=request.id)
    whole = summed([*_whole(about), *(_with_name(about) if same else ())])
    unnamed += summed([did])
    parts: dict[str, Any] = {"gone": gone, "unnamed": unnamed, "whole": whole, "hindrances": hindrances}
    return Preview(
        name=about.name,
        asker=asker,
        namesakes=same,
        has_account=bool(about.account_id),
        files=_files(about),
        **parts,
    )


def _files(about: Subject) -> Sequence[Document]:
    """The files that they handed in: what these say is not changed."""
    return documents_from(about.account_id) if about.account_id else ()


def _held(about: Subject) -> Iterator[tuple[Erasure, int]]:
    """What becomes of the rows about a person, and how many there are, room by room."""
    for room in rooms():
        for table, each in room.erasure.items():
            if not each.is_whole:
                yield each, count_about(table, about, address=each.address)


def _with_name(about: Subject) -> Iterator[Part]:
    """Texts of others in which the name stays, as somebody else has it too. What a person is called by there is no such text."""
    traces = Traces(about.name if is_looked_for(about.name) else "", (), ())
    for table in Base.metadata.sorted_tables:
        if table.name not in {*whole_tables(), *WHERE} and not table.name.startswith(BY_LOG):
            own = set(ids_about(table.name, about))
            said = sum(1 for row in rows_saying(table, traces) if row.get("id") not in own)
            yield Part(SAME_NAME, said, WHY_SAME_NAME)


def own_rows(about: Subject) -> dict[str, set[UUID]]:
    """By table, the rows about a person which stay, though not word for word: in these a name is theirs, whoever else has it."""
    kept = [name for room in rooms() for name, each in room.erasure.items() if not each.is_whole]
    return {name: set(ids_about(name, about)) for name in kept}


def _whole(about: Subject) -> Iterator[Part]:
    """Rows that stay word for word: those about the person, and where no column names one, those that say their name."""
    traces = traces_of(about, known_as="", with_name=is_looked_for(about.name))
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
    found = open_about(about)
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
