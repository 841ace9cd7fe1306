"""Addresses that programs of others read: any web page may fetch them, and what goes wrong there is said as JSON.

A room names them in its manifest (``open_paths``). Everything else stays to our own pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, json, request

from crm.web.feature import Feature

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Accept",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FRESH_FOR = "public, max-age=300"
"""How long a copy may be used without asking again: a directory changes a few times a day."""


def install(app: Flask, rooms: tuple[Feature, ...]) -> None:
    """Know which addresses are open."""
    app.extensions["open_paths"] = tuple(path for room in rooms for path in room.open_paths)


def is_open() -> bool:
    """Whether this request is for an address that programs of others read."""
    paths: tuple[str, ...] = current_app.extensions["open_paths"]
    return any(request.path == path or request.path.startswith(f"{path}/") for path in paths)


def json_response(told: Any, *, status: int = 200) -> Response:
    """An answer to a program; asked for again by its mark, it is 304 and empty where nothing has changed."""
    made = Response(json.dumps(told, ensure_ascii=False), status, mimetype="application/json")
    return marked(made) if status == 200 else made


def marked(made: Response) -> Response:
    """The answer with the mark of its contents, or 304 to a program that has these already."""
    made.add_etag()
    made.make_conditional(request)
    return made


def fault(status: int, message: str) -> Response:
    """What went wrong, for a program and whoever reads its log."""
    return json_response({"error": {"status": status, "message": message}}, status=status)


def headers_of(response: Response) -> Mapping[str, str]:
    """What an answer at an open address carries besides."""
    is_kept = response.status_code in (200, 304)
    kind = {"Content-Type": "text/plain"} if request.method == "OPTIONS" else {}
    return {**HEADERS, **kind, "Cache-Control": FRESH_FOR if is_kept else "no-store"}
