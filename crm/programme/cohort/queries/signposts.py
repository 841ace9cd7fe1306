"""Where else to turn: services of the directory for a business whose application was not successful."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import places_of
from crm.db.session import session
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.rules.matching import match
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.places.queries import atlas

LEAST, MOST = 2, 3
ALWAYS = (
    {
        "name": "Find other support",
        "why": "a few questions show what fits your business",
        "path": "/find-support",
    },
    {"name": "Ask an adviser of your Growth Hub", "why": "advice is free", "path": "/enquire"},
)
"""What is named where the directory has fewer than two services for a business."""


def signposts_for(business_ids: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Two or three services for each business that it can use today, the best first. At least two, always."""
    query = select(Business).where(Business.id.in_(business_ids)).options(selectinload(Business.figures))
    services, on = all_services(), today()
    fresh = int(figure_on("directory.fresh_months", on=on))
    found: dict[UUID, list[dict[str, Any]]] = {}
    for each in session().scalars(query):
        facts = facts_of(each, each.figures, places=places_of(each), needs={}, on=on)
        matches = match(services, facts, on=on, fresh_months=fresh, atlas=atlas())
        fitting = [one.service for one in matches if one.rank is not None and one.available]
        found[each.id] = named(fitting[:MOST])
    return found


def named(services: Sequence[Service]) -> list[dict[str, Any]]:
    """Services as a letter names them, filled up to two by what is open to every business."""
    own = [
        {
            "name": each.name,
            "why": f"from {each.provider.name}",
            "path": f"/directory/services/{each.service_id}",
        }
        for each in services
    ]
    return own + list(ALWAYS[: max(0, LEAST - len(own))])
