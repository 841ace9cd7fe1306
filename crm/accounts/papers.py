"""The copy of what is held about one person: an archive with a page to read, the same for programs, and their files."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import current_app, has_request_context

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.audit.queries import done_by
from crm.audit.rules import told
from crm.db.changes import plain
from crm.db.personal import Copied, NotCopied, Subject, business_names, copied, subject_of
from crm.documents.papers import store
from crm.documents.queries import documents_about
from crm.gateways.files import FilesUnavailable
from crm.kernel.clock import moment_in_words, now
from crm.kernel.money import Money
from crm.kernel.roles import Scope
from crm.kernel.text import capital
from crm.kernel.workflow import spoken
from crm.web.filters import day, moment
from crm.web.navigation import scope_names, settings
from crm.web.transaction import hold_nothing

PAGE, DATA = "your-data.html", "your-data.json"
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
"""A stored code, which somebody reads as words."""
LATEST = 200
"""So many of the newest acts stand on the page to be read; the file for programs has all."""


@dataclass(frozen=True)
class File:
    """A file in a copy: how it is called there, and where its bytes lie in the store."""

    name: str
    key: str


@dataclass(frozen=True)
class Done:
    """Something that somebody did: when, what, to which kind of thing, and of which business it is, if of one."""

    at: datetime
    act: str
    kind: str
    business: str = ""


@dataclass(frozen=True)
class Copy:
    """What is held about somebody, heading by heading; what they did; their files; and what is not in it, with what to do."""

    name: str
    email: str
    made_at: datetime
    held: Sequence[Copied]
    did: Sequence[Done]
    files: Sequence[File]
    left_out: Sequence[str]


def copy_of(found: Account) -> Copy:
    """Everything that the manifests of the rooms call theirs, of somebody with an account."""
    return copy_about(replace(subject_of(found.id, found.email), name=found.name))


def copy_about(about: Subject) -> Copy:
    """Everything that the manifests of the rooms call theirs, of somebody with an account or without."""
    manifests = [room.personal for room in current_app.extensions["features"]]
    manifests.sort(key=lambda each: "account.id" not in each)  # who they are comes first
    held = _with_scopes(copied(manifests, about))
    left_out = [
        each.told for room in manifests for each in room.values() if isinstance(each, NotCopied) and each.told
    ]
    did = _done(done_by(about.account_id)) if about.account_id else []
    return Copy(about.name, about.email, now(), held, did, _files_of(held), left_out)


def _with_scopes(held: Sequence[Copied]) -> Sequence[Copied]:
    """Roles say by name what they are held for."""
    scoped = [row for each in held for row in each.rows if "scope_id" in row]
    ids = {row["scope_id"] for row in scoped if row["scope"] is Scope.BUSINESS}
    names = scope_names() | business_names("business", ids)
    for row in scoped:
        row["for"] = names.get(row.pop("scope_id") or "", "")
    return held


def _done(entries: Sequence[AuditEntry]) -> list[Done]:
    """The acts of somebody, each with the business of its thing."""
    ids: dict[str, set[str]] = {}
    for each in entries:
        ids.setdefault(each.thing_kind, set()).add(each.thing_id)
    names = {kind: business_names(kind, those) for kind, those in ids.items()}
    return [
        Done(each.at, each.act, each.thing_kind, names[each.thing_kind].get(each.thing_id, ""))
        for each in entries
    ]


def _files_of(held: Iterable[Copied]) -> list[File]:
    kept = [one for each in held for kind, row_id in each.files for one in documents_about(kind, row_id)]
    return [File(f"files/{number:02}-{each.name}", each.key) for number, each in enumerate(kept, start=1)]


def archive_of(copy: Copy) -> bytes:
    """The archive, made whole. A file that the store does not have now is named in it, with what to do."""
    page, data, made = _page(copy), _data(copy), io.BytesIO()
    if has_request_context():
        hold_nothing()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, page)
        archive.writestr(DATA, data)
        for each in copy.files:
            archive.writestr(*_named_bytes(each))
    return made.getvalue()


def _named_bytes(file: File) -> tuple[str, bytes]:
    try:
        return file.name, store().get(file.key)
    except FilesUnavailable:
        return (
            f"{file.name}.missing.txt",
            b"This file could not be read just now. Ask for your copy again, or write to us.\n",
        )


def _data(copy: Copy) -> str:
    held: dict[str, list[Any]] = {}
    for each in copy.held:
        held.setdefault(each.title, []).extend(
            {name: plain(value) for name, value in row.items()} for row in each.rows
        )
    did = [
        {"at": plain(each.at), "act": each.act, "about": each.kind, "business": each.business}
        for each in copy.did
    ]
    whole = {"name": copy.name, "email": copy.email, "made_at": plain(copy.made_at), "held": held, "did": did}
    whole |= {"files": [each.name for each in copy.files], "not_in_this_copy": list(copy.left_out)}
    return json.dumps(whole, ensure_ascii=False, indent=1, default=str)


def _page(copy: Copy) -> str:
    """The page to be read, by itself: it needs nothing of ours to be shown."""
    parts: dict[str, list[list[tuple[str, str]]]] = {}
    for each in copy.held:
        parts.setdefault(each.title, []).extend(_row(row) for row in each.rows)
    did = [
        (moment(each.at), capital(told(each.act)), each.kind.replace("_", " "), each.business)
        for each in copy.did[:LATEST]
    ]
    shown = {"copy": copy, "parts": parts, "did": did, "made": moment_in_words(copy.made_at)}
    return current_app.jinja_env.get_template("accounts/_copy.html").render(known=settings(), **shown)


def _row(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What a row says, each under its name in words; what is empty is left out."""
    said = ((capital(name.replace("_", " ")), in_words(value)) for name, value in row.items())
    return [(name, words) for name, words in said if words]


def in_words(value: Any) -> str:
    """A stored value as somebody reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Money):
        return value.in_full()
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Enum):
        return capital(spoken(value.value))
    if isinstance(value, dict):
        return "; ".join(
            f"{name.replace('_', ' ')}: {in_words(each)}" for name, each in value.items() if in_words(each)
        )
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(in_words(each) for each in value)
    return capital(value.replace("_", " ")) if CODE.fullmatch(str(value)) else str(value)
