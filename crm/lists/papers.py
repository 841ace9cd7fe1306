"""A row of the list as a line of a file: days as days, hours and turnover as numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from crm.directory.rules.labels import NEEDS
from crm.kernel.eligibility import DCMS_GROUPS, STAGES
from crm.lists.queries.rows import Whole

HEAD = (
    *(
        "Business",
        "Lead adviser",
        "Lead adviser has left",
        "Last contact",
        "Days since contact",
        "Next step",
        "Due",
    ),
    *("Stage", "Needs", "Tags", "Sectors", "Council area", "District", "Hub"),
    *(
        "Contact",
        "Contact email",
        "Contact telephone",
        "Hours of support",
        "Turnover",
        "Turnover of the year to",
    ),
)


def cells_of(whole: Whole, *, on: date) -> tuple[Any, ...]:
    """One line of the file, in the order of its head."""
    row, person, figures = whole.row, whole.person, whole.figures
    found, step = row.business, row.step
    return (
        found.name,
        row.lead.name if row.lead else None,
        not row.led.is_led if row.lead else None,
        row.last_on,
        (on - row.last_on).days if row.last_on else None,
        step.title if step else None,
        step.due_on if step else None,
        STAGES.get(found.stage or ""),
        tuple(NEEDS.get(each, each) for each in row.needs),
        row.tags,
        tuple(DCMS_GROUPS[each] for each in found.dcms_groups),
        found.authority,
        found.trading_outcode,
        found.hub.name if found.hub else None,
        person.name if person else None,
        person.email if person else None,
        person.phone if person else None,
        Decimal(whole.quarters) / 4,
        figures.turnover if figures else None,
        figures.year_end if figures else None,
    )
