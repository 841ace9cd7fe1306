"""The places of a delegation as a file."""

from __future__ import annotations

from typing import Any

from crm.exporting.delegations import rules
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.rules import Told
from crm.exporting.delegations.workflow import IN_HAND, DelegationStatus, PlaceStatus
from crm.kernel.clock import day_of

HEAD = (
    *("Business", "Who goes", "State", "Waiting number", "Marks", "Suitable", "Reason"),
    *("Applied on", "Answer by", "Business pays", "We pay", "Meetings", "Leads", "Sales"),
)
NOT_GIVEN = "Nothing is given: the papers were cancelled"


def places_head(found: Delegation) -> tuple[str, ...]:
    """The heading of the places of a delegation: the marks for each of its criteria stand behind the rest."""
    return (*HEAD, *(f"Marks: {each}" for each in found.criteria))


def place_cells(
    found: DelegationPlace, told: Told | None, *, number: int | None, is_void: bool
) -> tuple[Any, ...]:
    """A place, as a row. What is not known yet is empty; money is that of a place that is taken, unless its papers were cancelled."""
    where = found.delegation
    named = (found.business.name, found.person.name, state_of(found), number)
    judged = (found.points if found.marks else None, found.is_suitable, found.reason)
    days = (day_of(found.applied_at), found.answer_by if found.seat else None)
    is_taken = found.status in (PlaceStatus.ACCEPTED, PlaceStatus.WENT)
    money = (where.share, NOT_GIVEN if is_void else where.subsidy) if is_taken else (None, None)
    came = (told.meetings, told.leads, told.sales) if told else (None, None, None)
    marks = found.marks or [None] * len(where.criteria)
    return (*named, *judged, *days, *money, *came, *marks)


def state_of(found: DelegationPlace) -> str:
    """The state of a place in words; where its delegation was cancelled, no offer or waiting is left."""
    if found.delegation.status is DelegationStatus.CANCELLED and found.status in IN_HAND:
        return rules.DELEGATION_OFF
    return rules.PLACE_STATUSES[found.status]


def told_by(entry: Any) -> str:
    """Who at the business told one of our staff what an entry of the history recorded; empty where nobody was named."""
    told = entry.values.changes.get("told") if entry is not None and entry.values else None
    return str(told[1] or "") if told else ""
