"""Finding a thing by the reference that people say on the telephone, whatever room it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import String, literal, select, union_all
from sqlalchemy.exc import InvalidRequestError

from crm.db.base import Base
from crm.db.session import session
from crm.kernel.permissions import Actor, Audience
from crm.kernel.references import LETTERS
from crm.web.feature import Hit
from crm.web.landmarks import address_of_row
from crm.web.navigation import features
from crm.web.permit import door_of

SHAPE = re.compile(rf"[A-Z]{{1,4}}-[{LETTERS}]{{6}}")


def hits_of(text: str, actor: Actor) -> list[Hit]:
    """The thing that has this reference, where its page is one that this actor may see; no query for other words."""
    written = text.strip().upper()
    if not SHAPE.fullmatch(written):
        return []
    found = (_opened(table, thing_id, actor) for table, thing_id in _rows(written))
    return [_hit(written, each) for each in found if each is not None]


def _kinds() -> dict[str, type[Any]]:
    """The mapped classes whose rows have a reference of their own and a page."""
    shown = current_app.extensions["pages"]
    mapped = {each.class_.__tablename__: each.class_ for each in Base.registry.mappers}
    return {table: kind for table, kind in mapped.items() if table in shown and _has_reference(kind)}


def _has_reference(kind: type[Any]) -> bool:
    column = kind.__table__.c.get("reference")
    return column is not None and bool(column.unique)


def _rows(written: str) -> Sequence[Any]:
    asked = union_all(
        *(
            select(literal(table, String(60)), kind.id).where(kind.reference == written)
            for table, kind in _kinds().items()
        )
    )
    return session().execute(asked).all()


def _opened(table: str, thing_id: UUID, actor: Actor) -> Any:
    """The thing as its own page loads it, if the actor may open that page.

    A promotion is found by nobody: to be shown one is an act of its own, behind a gate and with a record.
    """
    endpoint, name = current_app.extensions["pages"][table]
    door = door_of(current_app, endpoint)
    if door is None or door.load is None or door.audience is Audience.PROMOTION:
        return None
    thing = door.load(**{name: thing_id})
    return thing if thing is not None and door.policy.allows(actor, door.act, thing) else None


def _hit(written: str, thing: Any) -> Hit:
    table = thing.__tablename__
    said = (room.words.get(table) for room in features())
    words = next((each for each in said if isinstance(each, str)), table.replace("_", " "))
    return Hit(written, words[0].upper() + words[1:], address_of_row(table, thing.id), _business_of(thing))


def _business_of(thing: Any) -> str:
    """The name of the business that a thing is about, where its page loads it."""
    try:
        found = thing.business
    except (AttributeError, InvalidRequestError):
        return ""
    return str(found.name) if found is not None else ""
