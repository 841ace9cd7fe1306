"""Browsers that have signed in before, by a cookie of their own: each account's mark, newest first."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeSerializer

LASTS = 365 * 24 * 3600  # seconds
MOST = 5
"""Accounts that one browser is known for: a desk that people share."""


def device_known_for(subject: str) -> str:
    """The mark by which this browser is known for an account, or nothing where it never signed in to it."""
    return _marks().get(_name_of(subject), "")


def remember_device(subject: str) -> None:
    """Know this browser for an account from now on, under a new mark: an older copy of the cookie counts for itself."""
    name = _name_of(subject)
    others = [pair for pair in _marks().items() if pair[0] != name]
    kept = [(name, secrets.token_urlsafe(16)), *others][:MOST]

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            current_app.config["DEVICE_COOKIE_NAME"],
            _signer().dumps(kept),
            max_age=LASTS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _marks() -> dict[str, str]:
    try:
        sent = request.cookies.get(current_app.config["DEVICE_COOKIE_NAME"], "")
        return dict(_signer().loads(sent))
    except (BadData, TypeError, ValueError):
        return {}


def _name_of(subject: str) -> str:
    """An account in a cookie: a keyed digest, so that the cookie names nobody."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"device\n" + subject.encode(), hashlib.sha256).hexdigest()[:32]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="crm.web.devices")
