"""Files that come in and go out, while the request holds nothing: what goes out is to be saved, never to be run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from urllib.parse import quote
from uuid import UUID

from flask import Response, current_app, has_request_context

from crm.documents import queries
from crm.documents.models import Document
from crm.documents.service import Stored, Upload, stored
from crm.gateways.files import Files, FilesUnavailable
from crm.kernel.errors import BadInput, Conflict, Invalid, Unavailable
from crm.web.beforehand import Beforehand
from crm.web.transaction import hold_nothing, is_reading


def store() -> Files:
    """The store of the running application."""
    found: Files = current_app.extensions["files"]
    return found


def stored_first(uploads: Callable[[], Sequence[Upload]]) -> Beforehand[list[Stored]]:
    """The bytes of what was handed in, put into the store before the act, and while the request holds nothing.

    ``uploads`` is asked once the form is found to be sound. Refuses at the field where one is not taken or the store is away.
    """
    return Beforehand(lambda: _stored(uploads()))


def _stored(uploads: Sequence[Upload]) -> list[Stored]:
    if not uploads:
        return []
    shelf = queries.shelf().name
    hold_nothing()
    try:
        return [stored(each, files=store(), shelf=shelf) for each in uploads]
    except BadInput as fault:
        raise Invalid(str(fault), field="file") from fault


def copied_first(documents: Callable[[], Sequence[Document]]) -> Beforehand[dict[UUID, Stored]]:
    """A copy of each of some files in the store, by the id of the file, made before the act and while the request holds nothing."""
    return Beforehand(lambda: _copied([(each.id, each.key, each.name) for each in documents()]))


def _copied(wanted: Sequence[tuple[UUID, str, str]]) -> dict[UUID, Stored]:
    if not wanted:
        return {}
    shelf = queries.shelf().name
    hold_nothing()
    return {each: stored(Upload(name, _read(key)), files=store(), shelf=shelf) for each, key, name in wanted}


def _read(key: str) -> bytes:
    try:
        return store().get(key)
    except FilesUnavailable as fault:
        raise Conflict("The files could not be read just now. Try again in a few minutes.") from fault


def file_answer(document: Document) -> Response:
    """The file as it was handed in. Raises `Unavailable` where the store has it not, or has something else."""
    key, name, kind, sha256 = document.key, document.name, document.media_type, document.sha256
    if has_request_context() and is_reading():
        hold_nothing()
    try:
        data = store().get(key)
    except FilesUnavailable as fault:
        raise Unavailable(str(fault)) from fault
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unavailable(
            "The file in the store is not the one that was handed in. Tell us, so that we look into it."
        )
    answer = Response(data, mimetype=kind)
    plain = name.encode("ascii", "replace").decode().replace('"', "").replace("?", "_")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
