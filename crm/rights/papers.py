"""The register of rights as a file, and a renewal for a calendar."""

from __future__ import annotations

from typing import Any

from crm.kernel.clock import start_of
from crm.kernel.events import Event
from crm.rights.models import Right
from crm.rights.rules.labels import KINDS, said_status

HEAD = (
    "Business",
    "Type",
    "Title",
    "Owner",
    "Territory",
    "Status",
    "Number",
    "Classes",
    "Filed",
    "Registered",
    "Renewal due",
    "Cost a year",
    "Income it protects",
    "Licences",
    "What is missing",
)


def cells(found: Right) -> list[Any]:
    """One right as a row."""
    return [
        found.business.name,
        KINDS[found.kind],
        found.title,
        found.owner,
        found.territory,
        said_status(found.kind, found.status),
        found.number,
        found.classes,
        found.filed_on,
        found.registered_on,
        found.renews_on,
        found.yearly_cost,
        found.protects,
        len(found.licences),
        list(found.gaps),
    ]


def renewal_event(found: Right) -> Event:
    """The renewal of a right as a whole day, which a later file moves. A right without one has no such file."""
    assert found.renews_on is not None
    at = start_of(found.renews_on)
    return Event(
        uid=f"{found.id}@rights.crm",
        sequence=found.version,
        starts_at=at,
        ends_at=at,
        title=f"Renew {found.title}",
        where="",
        text=f"{KINDS[found.kind]} {found.number}".strip(),
        is_whole_day=True,
    )
