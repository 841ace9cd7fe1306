"""Keeping, removing and sweeping files. Whether somebody may is asked by the room that a file is about."""

# A sweep trusts its own view of the world in nothing. It looks at the shelf of its own database alone, and there at
# names that the product gives. It refuses where the shelf's marker does not fit the database, which may be a copy or an
# old dump, and where more files without a row would go than undone acts leave behind.

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

from crm.db.changes import fields_of
from crm.db.session import session
from crm.documents import queries
from crm.documents.models import Document, FileShelf
from crm.documents.rules import (
    INSTEAD,
    MARKER,
    TURNED,
    clean_name,
    id_of,
    key_of,
    read,
    thrown_away,
    too_many,
    trash_key,
)
from crm.figures.queries import figure_on
from crm.gateways.files import Files, FilesUnavailable
from crm.gateways.pictures import NoPicture, to_jpeg
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor

MOST_ABOUT_ONE = 20
TOO_MANY = f"There are {MOST_ABOUT_ONE} files here already. Remove one first"
FORGOTTEN_AFTER = timedelta(days=1)
AT_ONCE = 500
NOT_OURS = (
    "The file store belongs to another database, or this database is a copy or an old dump of the one that it belongs "
    "to. No file was deleted. If this database is the right one, run `flask --app wsgi files bind`."
)
log = logging.getLogger("crm.files")


@dataclass(frozen=True)
class Upload:
    """A file as it arrives: what it is called, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Subject:
    """What a file is about: a kind of thing, as its table is called, and its id."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Stored:
    """A file whose bytes lie in the store and of which no row speaks yet. ``size`` is in bytes; ``sha256`` is in hex."""

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    shelf: str


def stored(upload: Upload, *, files: Files, shelf: str = "") -> Stored:
    """Put the bytes of a file into the store: before the act, so that a row never speaks of a file that is not there.

    The store may be slow, so a request holds no transaction meanwhile (`crm.documents.papers.stored_first`): then it says on
    which ``shelf``. Raises `BadInput` for what is not taken. What is never kept is swept away after a day.
    """
    kind, data = _as_kept(upload)
    found = hashlib.sha256(data).hexdigest(), shelf or queries.shelf().name
    made = Stored(uuid4(), clean_name(upload.name, kind), kind, len(data), *found)
    _put(key_of(made.id, made.shelf), data, files)
    return made


def keep(file: Stored, about: Subject, *, by: Actor) -> Document:
    """Keep a file about a thing: the row that speaks of the bytes in the store."""
    if queries.count_about(about.kind, about.id) >= MOST_ABOUT_ONE:
        raise Invalid(TOO_MANY, field="file")
    made = Document(about_kind=about.kind, about_id=about.id, **fields_of(file))
    made.kept_at, made.kept_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    return made


def _as_kept(upload: Upload) -> tuple[str, bytes]:
    """The kind and the bytes of a file: without what stood around them, and of some pictures the JPEG."""
    found = read(upload.name, upload.data)
    if found.kind not in TURNED:
        return found.kind, found.data
    try:
        return "jpeg", to_jpeg(found.data)
    except NoPicture as fault:
        raise Invalid(
            f"This {found.kind.upper()} picture cannot be opened. {INSTEAD}", field="file"
        ) from fault


def _put(key: str, data: bytes, files: Files) -> None:
    try:
        files.put(key, data)
    except FilesUnavailable as fault:
        raise Invalid(
            "The file could not be saved just now. Try again in a few minutes", field="file"
        ) from fault


def remove(document: Document) -> None:
    """Remove a file. Its bytes go to the trash at the next sweep, and are deleted some days later."""
    document.removed_at = now()
    session().flush()


@dataclass
class Swept:
    """What a sweep did: how many files it found, threw away, put back and deleted, or why it did nothing."""

    found: int = 0
    thrown_away: int = 0
    put_back: int = 0
    deleted: int = 0
    fault: str = ""


@dataclass
class _Unwanted:
    """What lies on a shelf and is not wanted: files that were removed, and strays that no row speaks of."""

    found: int = 0
    removed: list[tuple[str, UUID]] = field(default_factory=list)
    strays: list[tuple[str, UUID]] = field(default_factory=list)


def bind(files: Files, *, place: str) -> None:
    """Say that the shelf belongs to this database, which lies at this place: sweeps work from the next one on."""
    shelf = queries.shelf()
    shelf.place, shelf.mark, shelf.next_mark, shelf.fault = place, _mark(), _mark(), ""
    files.put(f"{shelf.name}/{MARKER}", shelf.mark.encode())
    session().flush()


def _mark() -> str:
    return secrets.token_hex(16)


def looked_through(files: Files, *, place: str, with_many: bool = False) -> Swept:
    """What a sweep would do now, or why it would do nothing. Nothing is moved, deleted or noted."""
    shelf = queries.shelf()
    done = Swept(fault=_binding_fault(shelf, files, place))
    if done.fault or not shelf.mark:
        return done
    unwanted = _require_few(_unwanted(shelf, files), done, with_many=with_many)
    if unwanted is not None:
        again, over = _in_trash(shelf, files)
        older = len(queries.removed_beside_the_shelf())
        done.thrown_away = len(unwanted.removed) + len(unwanted.strays) + older
        done.put_back, done.deleted = len(again), len(over)
    return done


def sweep(files: Files, *, place: str, with_many: bool = False) -> Swept:
    """Throw away what is not wanted, put back what is wanted again, and delete what was in the trash for long enough.

    The first sweep of a new database only binds its shelf. ``with_many`` throws away strays however many there are.
    """
    shelf = queries.shelf()
    done = Swept(fault=_binding_fault(shelf, files, place))
    if not done.fault and shelf.mark:
        _sweep(shelf, files, done, with_many=with_many)
    if done.fault:
        log.error("the file store was not swept: %s", done.fault)
    else:
        _sign(shelf, files, place)
        counts = (done.found, done.thrown_away, done.put_back, done.deleted)
        log.info("files: %s found, %s thrown away, %s put back, %s deleted for good", *counts)
    shelf.fault, shelf.swept_at = done.fault, shelf.swept_at if done.fault else now()
    session().flush()
    return done


def _binding_fault(shelf: FileShelf, files: Files, place: str) -> str:
    """Why this shelf may be another database's; nothing where it is surely ours, or was never anybody's."""
    found = _marker(shelf, files)
    if not shelf.mark and found is None:
        return ""
    is_ours = shelf.place == place and found in (shelf.mark, shelf.next_mark)
    return "" if is_ours else NOT_OURS


def _marker(shelf: FileShelf, files: Files) -> str | None:
    try:
        return files.get(f"{shelf.name}/{MARKER}").decode(errors="replace")
    except FilesUnavailable:
        return None


def _sign(shelf: FileShelf, files: Files, place: str) -> None:
    """Write the next mark. It is known to the database from the sweep before: an undone sweep leaves one that fits."""
    if not shelf.mark:
        bind(files, place=place)
        return
    files.put(f"{shelf.name}/{MARKER}", shelf.next_mark.encode())
    shelf.mark, shelf.next_mark = shelf.next_mark, _mark()


def _sweep(shelf: FileShelf, files: Files, done: Swept, *, with_many: bool) -> None:
    unwanted = _require_few(_unwanted(shelf, files), done, with_many=with_many)
    if unwanted is None:
        return
    _empty_trash(shelf, files, done)
    for key, file_id in (*unwanted.removed, *unwanted.strays):
        files.move(key, trash_key(shelf.name, file_id, on=today()))
    done.thrown_away = len(unwanted.removed) + len(unwanted.strays) + _throw_away_older(shelf, files)


def _require_few(unwanted: _Unwanted, done: Swept, *, with_many: bool) -> _Unwanted | None:
    """What is not wanted; None, and why in ``done``, where it is more than the product itself leaves behind."""
    done.found = unwanted.found
    if too_many(len(unwanted.strays), of=unwanted.found) and not with_many:
        done.fault = (
            f"{len(unwanted.strays)} of {unwanted.found} files have no row in this database, which is more than acts "
            "that failed leave behind. No file was deleted. If this is right, run `flask --app wsgi files sweep --many`."
        )
        return None
    return unwanted


def _unwanted(shelf: FileShelf, files: Files) -> _Unwanted:
    found = _Unwanted()
    before = now() - FORGOTTEN_AFTER
    for some in _pages(shelf, files):
        known = queries.those_known(file_id for _, file_id, _ in some)
        found.found += len(some)
        for key, file_id, put_at in some:
            row = known.get(file_id)
            if row is None and put_at < before:
                found.strays.append((key, file_id))
            elif row is not None and row.removed_at is not None and row.removed_at < before:
                found.removed.append((key, file_id))
    return found


def _pages(shelf: FileShelf, files: Files) -> Iterator[Sequence[tuple[str, UUID, datetime]]]:
    """The files on a shelf that are called as the product calls them, some at a time."""
    ours = (
        (key, file_id, put_at)
        for key, put_at in files.listed(shelf.name)
        if (file_id := id_of(key, shelf.name))
    )
    while some := list(islice(ours, AT_ONCE)):
        yield some


def _empty_trash(shelf: FileShelf, files: Files, done: Swept) -> None:
    """Put back what a row speaks of again, such as after a restore, and delete what lay there for long enough."""
    again, over = _in_trash(shelf, files)
    for key, row in again:
        files.move(key, row.key)
    for key in over:
        files.delete(key)
    done.put_back, done.deleted = len(again), len(over)


def _in_trash(shelf: FileShelf, files: Files) -> tuple[list[tuple[str, Document]], list[str]]:
    """What lies in the trash and is wanted again, with its row; and what lay there for long enough."""
    again: list[tuple[str, Document]] = []
    over: list[str] = []
    days = timedelta(days=int(figure_on("files.trash_days", on=today())))
    thrown = [
        (key, *found)
        for key, _ in files.listed(f"{shelf.name}/trash")
        if (found := thrown_away(key, shelf.name))
    ]
    for key, file_id, day in thrown:
        row = queries.those_known([file_id]).get(file_id)
        if row is not None and row.removed_at is None:
            again.append((key, row))
        elif is_past(day + days, on=today()):
            over.append(key)
    return again, over


def _throw_away_older(shelf: FileShelf, files: Files) -> int:
    """Removed files from before there were shelves lie under names that only their rows know."""
    older = queries.removed_beside_the_shelf()
    return sum(_throw_away(each, shelf, files) for each in older)


def _throw_away(document: Document, shelf: FileShelf, files: Files) -> bool:
    key, document.shelf = document.key, shelf.name
    try:
        files.move(key, trash_key(shelf.name, document.id, on=today()))
    except FilesUnavailable:
        return False  # its bytes were swept away already
    return True
