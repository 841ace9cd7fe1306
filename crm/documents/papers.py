"""Handing a file out: to be saved, never to be run."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from flask import Response, current_app

from crm.documents.models import Document
from crm.gateways.files import Files, FilesUnavailable
from crm.kernel.errors import Unavailable


def store() -> Files:
    """The store of the running application."""
    found: Files = current_app.extensions["files"]
    return found


def file_answer(document: Document) -> Response:
    """The file as it was handed in. Raises `Unavailable` where the store has it not, or has something else."""
    try:
        data = store().get(document.key)
    except FilesUnavailable as fault:
        raise Unavailable(str(fault)) from fault
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise Unavailable(
            "The file in the store is not the one that was handed in. Tell us, so that we look into it."
        )
    answer = Response(data, mimetype=document.media_type)
    plain = document.name.encode("ascii", "replace").decode().replace('"', "").replace("?", "_")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name)}"
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
