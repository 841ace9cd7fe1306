"""The nightly visit of a stranger: every door to a pitch is tried without an account, and public pages are read for leaks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from crm.angels.investors.models import GateVisit
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import PitchStatus
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.permissions import Audience
from crm.web.permit import door_of

MOST = 50
"""So many pitches, the newest, are tried each night."""


def look() -> tuple[int, list[str]]:
    """The visit itself, to this application."""
    return visit(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def note(seen: tuple[int, list[str]]) -> None:
    """Keep how the visit went, for the network's manager to see."""
    tried, faults = seen
    session().add(GateVisit(visited_at=now(), tried=tried, faults=faults[:MOST]))
    session().flush()


def visit(app: Flask) -> tuple[int, list[str]]:
    """How many addresses were tried, and what was wrong with which: an address alone, never what it showed."""
    query = select(Pitch.id, Pitch.headline).where(Pitch.__table__.c.status == PitchStatus.PUBLISHED)
    shown = session().execute(query.order_by(Pitch.published_at.desc()).limit(MOST)).all()
    client, faults, tried = app.test_client(use_cookies=False), [], 0
    for rule in _doors(app, to_pitches=True):
        nothing = _answer(client, rule.rule, str(uuid4()))
        for pitch_id, _ in shown:
            tried += 1
            if _answer(client, rule.rule, str(pitch_id)) != nothing:
                faults.append(f"{rule.rule} tells that a pitch is there")
                break
    for rule in _doors(app, to_pitches=False):
        tried += 1
        text = client.get(rule.rule).get_data(as_text=True)
        if any(str(key) in text or headline in text for key, headline in shown):
            faults.append(f"{rule.rule} names a pitch")
    return tried, faults


def _doors(app: Flask, *, to_pitches: bool) -> Iterator[Rule]:
    """Every address that a stranger can ask for and that names a pitch; or every one that names nothing."""
    for rule in app.url_map.iter_rules():
        door = door_of(app, rule.endpoint)
        if door is None or "GET" not in (rule.methods or ()):
            continue
        names_pitch = "pitch_id" in rule.arguments and door.audience is Audience.PROMOTION
        if names_pitch if to_pitches else not rule.arguments:
            yield rule


def _answer(client: FlaskClient, rule: str, pitch_id: str) -> tuple[int, bytes]:
    """What a stranger gets, all of it that does not depend on what was asked for."""
    where = rule.replace("<uuid:pitch_id>", pitch_id).replace("<uuid:document_id>", str(uuid4()))
    response = client.get(where)
    return response.status_code, response.get_data().replace(pitch_id.encode(), b"")
