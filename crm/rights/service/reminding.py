"""Letters before a right must be renewed."""

from __future__ import annotations

from typing import Any

from crm.audit import service as audit
from crm.businesses.service.writing import readers_at
from crm.db.changes import amend
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.notices.service import Extras, queue
from crm.rights import queries
from crm.rights.models import Right
from crm.rights.rules.labels import KINDS
from crm.rights.rules.registering import UK_OFFICE, where_to_renew
from crm.rights.rules.reminding import is_to_be_told, left_in_words, stage_on
from crm.rights.workflow import Act


def remind() -> None:
    """Daily: one letter to each reader at the business when a figure before the renewal is reached, and once it has passed.

    What was told is marked in the same transaction. After days on which nothing ran, only the newest reminder is sent.
    """
    if not queries.has_renewals():
        return
    on = today()
    stages = queries.stages_on(on)
    for each in queries.renewing(on):
        assert each.renews_on is not None
        stage = stage_on(each.renews_on, on=on, stages=stages)
        told = (each.reminded_for, each.reminded_days)
        if stage is not None and is_to_be_told(stage, told=told, renews_on=each.renews_on):
            _tell(each, stage)


def _tell(found: Right, stage: int) -> None:
    """Write, and mark it. Where nobody at the business has an address it is tried again on the next day."""
    readers = readers_at(found.business_id)
    for reader, is_known in readers:
        queue("right_renewal", reader, having=Extras(_told(found) | {"is_known": is_known}))
    if readers:
        changes = amend(found, reminded_for=found.renews_on, reminded_days=stage)
        audit.record(Act.REMIND, found, changes, by=SYSTEM)


def _told(found: Right) -> dict[str, Any]:
    """What the letter says."""
    assert found.renews_on is not None
    where = where_to_renew(found.kind, found.number, territory=found.territory)
    days = (found.renews_on - today()).days
    return {
        "title": found.title,
        "kind": KINDS[found.kind].lower(),
        "number": found.number if found.number != found.title else "",
        "where": where,
        "is_on_gov_uk": where == UK_OFFICE,
        "cost": found.yearly_cost.in_full() if found.yearly_cost else "",
        "business_name": found.business.name,
        "day": day_in_words(found.renews_on),
        "left": left_in_words(days),
        "has_passed": days < 0,
        "path": f"/rights/{found.id}",
    }
