"""Knocking at a door, and what it answered; whatever one knock keeps is gone for the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from crm.kernel.permissions import Actor
from crm.web import permit
from crm.web.permit import Door, require
from tests.cast import Member
from tests.client import ConformingClient
from tests.rules.samples import Case
from tests.rules.ways import Ways


def address(app: Flask, case: Case) -> str:
    return app.url_map.bind("localhost").build(case.rule.endpoint, dict(case.values))


@contextmanager
def undone(db: Session) -> Iterator[None]:
    """Whatever one request keeps is gone for the next."""
    point = db.connection().begin_nested()
    try:
        yield
    finally:
        point.rollback()
        db.expunge_all()


def knock(client: ConformingClient, case: Case) -> Any:
    where = address(client.application, case)
    return client.get(where) if case.method == "GET" else client.post(where)


def is_to_sign_in(response: Any) -> bool:
    target = urlsplit(response.headers.get("Location", ""))
    return response.status_code == 303 and target.path == "/sign-in" and target.query.startswith("next=")


def happened(response: Any) -> str:
    if is_to_sign_in(response):
        return "sign in"
    return {403: "refused", 404: "nothing"}.get(response.status_code, "in")


def at_the_permit(ways: Ways, db: Session, case: Case, member: Member) -> str:
    """What the permit answers: nobody who is let in is shown a page, and an error page is looked at by other tests."""
    client = ways.of(member)
    typed = {"csrf_token": client.token()} if case.method == "POST" else {}
    with undone(db), pytest.MonkeyPatch.context() as patched:
        patched.setattr(permit, "require", let_in_and_stop)
        where = address(client.application, case)
        return happened(FlaskClient.open(client, where, method=case.method, data=typed))


def let_in_and_stop(door: Door, actor: Actor, *, thing: Any = None) -> None:
    """Require what the permit requires, and end there. Raises an answer without a page."""
    require(door, actor, thing=thing)
    raise HTTPException(response=Response(status=204))
