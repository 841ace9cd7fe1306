"""What every answer carries: a strict content security policy, no framing, no sniffing, a request id."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from uuid import uuid4

from flask import Flask, Response, g, request

from crm.kernel.permissions import Audience
from crm.web import openly

_SOURCES = (
    "default-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)
CONTENT_SECURITY_POLICY = "; ".join(_SOURCES)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=63072000; includeSubDomains"
FOR_EVER = "public, max-age=31536000, immutable"
log = logging.getLogger("crm.requests")


def install(app: Flask, *, is_https: bool, forms_lead_to: Iterable[str] = ()) -> None:
    """Set the headers of every answer and write one log line for it, without personal data.

    ``forms_lead_to`` are the origins of others to which a form of ours may lead in the end: pages to pay on.
    """
    always = ALWAYS | {"Content-Security-Policy": " ".join([CONTENT_SECURITY_POLICY, *forms_lead_to])}

    @app.before_request
    def _start() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else uuid4().hex
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        policy = response.headers.get("Content-Security-Policy")
        response.headers.update(always)
        if policy is not None:  # a file that people handed in brings a stricter one
            response.headers["Content-Security-Policy"] = policy
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if is_https:
            response.headers["Strict-Transport-Security"] = HSTS
        response.headers["Cache-Control"] = _caching()
        if not _is_public():
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if openly.is_open():
            response.headers.update(openly.headers_of(response))
        _log(response)
        return response


def _caching() -> str:
    """Pages are never kept by anybody between; a static file that is asked for by another name than its own is asked again."""
    if request.endpoint == "static":
        return "no-cache"
    door = g.get("door")
    return "no-cache, private" if door and door.audience is Audience.PUBLIC else "no-store"


def _is_public() -> bool:
    """Whether a search engine may know of this page: of none that a door guards for somebody."""
    door = g.get("door")
    return door is None or door.audience is Audience.PUBLIC


def _log(response: Response) -> None:
    """The rule of the address rather than the address: that could name somebody or hold a link's secret."""
    where = request.url_rule.rule if request.url_rule else "(no such page)"
    taken = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info(
        "%s %s %s %d %.1fms", g.get("request_id", ""), request.method, where, response.status_code, taken
    )
