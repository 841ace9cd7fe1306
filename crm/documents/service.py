"""Keeping and removing files. Whether somebody may is asked, and the trail written, by the room they are about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID, uuid4

from crm.db.session import session
from crm.documents import queries
from crm.documents.models import Document
from crm.documents.rules import clean_name, kind_of
from crm.gateways.files import Files, FilesUnavailable
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor

MOST_ABOUT_ONE = 20
TOO_MANY = f"There are {MOST_ABOUT_ONE} files here already. Remove one first"
FORGOTTEN_AFTER = timedelta(days=1)
AT_ONCE = 500


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


def keep(upload: Upload, about: Subject, *, files: Files, by: Actor) -> Document:
    """Keep a file about a thing. Its bytes are stored first: a row never speaks of a file that is not there.

    Raises `BadInput` for what is not taken. What is stored for an act that is undone is swept away later.
    """
    if queries.count_about(about.kind, about.id) >= MOST_ABOUT_ONE:
        raise Invalid(TOO_MANY, field="file")
    kind = kind_of(upload.name, upload.data)
    made = Document(id=uuid4(), about_kind=about.kind, about_id=about.id, kind=kind, size=len(upload.data))
    made.name, made.sha256 = clean_name(upload.name, kind), hashlib.sha256(upload.data).hexdigest()
    made.kept_at, made.kept_by_id = now(), by.account_id
    _put(made, upload, files)
    session().add(made)
    session().flush()
    return made


def _put(document: Document, upload: Upload, files: Files) -> None:
    try:
        files.put(document.key, upload.data)
    except FilesUnavailable as fault:
        raise Invalid("The file could not be kept just now. Try again in a while", field="file") from fault


def remove(document: Document) -> None:
    """Take a file away. Its bytes are swept away once this is certain."""
    document.removed_at = now()
    session().flush()


def sweep(files: Files) -> int:
    """Delete the bytes that no row speaks of, or whose file was removed, a day after they came; return how many."""
    before = now() - FORGOTTEN_AFTER
    old = (key for key, put_at in files.listed() if put_at < before)
    swept = 0
    while some := list(islice(old, AT_ONCE)):
        ids = dict(_ids(some))
        kept = queries.those_kept(ids.values())
        for key in some:
            if ids.get(key) not in kept:
                files.delete(key)
                swept += 1
    return swept


def _ids(keys: list[str]) -> Iterator[tuple[str, UUID]]:
    for key in keys:
        name = key.rsplit("/", 1)[-1]
        if len(name) == 32 and all(sign in "0123456789abcdef" for sign in name):
            yield key, UUID(name)
