"""The register of rights as a file."""

from __future__ import annotations

from typing import Any

from crm.rights.models import Right
from crm.rights.rules.labels import KINDS, STATUSES

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
        STATUSES[found.status],
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
