"""Hubs and the authorities each serves, from day to day."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select

from crm.accounts import queries
from crm.accounts.models import Hub, HubArea
from crm.accounts.policy import POLICY
from crm.accounts.workflow import Act
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Actor


@dataclass(frozen=True)
class HubDetails:
    """What is known of a hub."""

    name: str
    opened_on: date
    source: str
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class AreaWanted:
    """An authority for a hub to serve, from a first day to a last day, if one is known."""

    authority_code: str
    valid_from: date
    source: str
    valid_to: date | None = None


def add_hub(code: str, details: HubDetails, *, by: Actor) -> Hub:
    """Add a hub, known by a short code that never changes."""
    POLICY.require(by, Act.ADD_HUB)
    if session().scalar(select(Hub.id).where(Hub.code == code)):
        raise Invalid("There is a hub with this code already", field="code")
    _require_order(details.opened_on, details.closed_on, field="closed_on")
    hub = Hub(code=code, **asdict(details))
    session().add(hub)
    session().flush()
    audit.record(Act.ADD_HUB, hub, created(code=code, **asdict(details)), by=by)
    return hub


def correct_hub(hub: Hub, details: HubDetails, *, by: Actor) -> Changes:
    """Correct what is known of a hub."""
    POLICY.require(by, Act.CORRECT_HUB, hub)
    _require_order(details.opened_on, details.closed_on, field="closed_on")
    changes = amend(hub, **asdict(details))
    audit.record(Act.CORRECT_HUB, hub, changes, by=by)
    return changes


def add_area(hub: Hub, wanted: AreaWanted, *, by: Actor) -> HubArea:
    """Let a hub serve an authority. Two hubs may serve one; one hub serves it once at a time."""
    POLICY.require(by, Act.ADD_AREA, hub)
    _require_order(wanted.valid_from, wanted.valid_to, field="valid_to")
    _require_free(hub, wanted)
    area = HubArea(hub_id=hub.id, **asdict(wanted))
    session().add(area)
    session().flush()
    audit.record(Act.ADD_AREA, hub, created(**asdict(wanted)), by=by)
    return area


def end_area(area: HubArea, last_day: date, *, by: Actor) -> None:
    """Let a hub's service of an authority end; ``last_day`` is the last one it is served."""
    POLICY.require(by, Act.END_AREA, area)
    _require_order(area.valid_from, last_day, field="last_day")
    _require_before_the_next(area, last_day)
    hub = queries.hub(area.hub_id)
    assert hub is not None
    changes = amend(area, valid_to=last_day)
    audit.record(Act.END_AREA, hub, {"authority_code": (area.authority_code, None), **changes}, by=by)


def _require_order(first: date, last: date | None, *, field: str) -> None:
    if last is not None and last < first:
        raise Invalid("The last day must not be before the first", field=field)


def _require_before_the_next(area: HubArea, last_day: date) -> None:
    """An area may be prolonged too, but not into one that begins later."""
    later = session().scalar(
        select(func.min(HubArea.valid_from)).where(
            HubArea.hub_id == area.hub_id,
            HubArea.authority_code == area.authority_code,
            HubArea.valid_from > area.valid_from,
        )
    )
    if later is not None and later <= last_day:
        raise Invalid("The hub serves this authority anew before that day", field="last_day")


def _require_free(hub: Hub, wanted: AreaWanted) -> None:
    for each in queries.areas_of(hub.id):
        begins_before_its_end = each.valid_to is None or wanted.valid_from <= each.valid_to
        ends_after_its_start = wanted.valid_to is None or wanted.valid_to >= each.valid_from
        if each.authority_code == wanted.authority_code and begins_before_its_end and ends_after_its_start:
            raise Invalid("The hub serves this authority at that time already", field="authority_code")


def load_reference_hubs() -> dict[str, int]:
    """Add the hubs and areas that come with the product, where the hub is missing; what people changed stays."""
    known = set(session().scalars(select(Hub.code)))
    areas = _rows("hub_areas.csv")
    added = 0
    for row in _rows("hubs.csv"):
        if row["code"] in known:
            continue
        added += 1
        _load(row, [each for each in areas if each["hub"] == row["code"]])
    return {"hubs": added}


def _load(row: dict[str, Any], areas: list[dict[str, Any]]) -> None:
    details = HubDetails(
        name=row["name"],
        opened_on=date.fromisoformat(row["opened_on"]),
        source=row["source"],
        email=row["email"] or None,
        phone=row["phone"] or None,
        website=row["website"] or None,
    )
    hub = add_hub(row["code"], details, by=SYSTEM)
    for each in areas:
        wanted = asdict(
            AreaWanted(each["authority_code"], date.fromisoformat(each["valid_from"]), each["source"])
        )
        session().add(HubArea(hub_id=hub.id, **wanted))
        audit.record(Act.ADD_AREA, hub, created(**wanted), by=SYSTEM)


def _rows(name: str) -> list[dict[str, Any]]:
    text = files("crm.accounts").joinpath(f"reference/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
