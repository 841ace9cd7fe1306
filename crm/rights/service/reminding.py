"""Letters before a right must be renewed."""

from __future__ import annotations

from crm.accounts.queries import people_of_business
from crm.audit import service as audit
from crm.db.changes import amend
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.notices.service import Extras, Reader, queue
from crm.rights import queries
from crm.rights.models import Right
from crm.rights.rules.reminding import is_to_be_told, left_in_words, stage_on
from crm.rights.workflow import Act


def remind() -> None:
    """Daily: one letter to each person at the business when a figure before the renewal is reached, and once it has passed.

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
            _tell(each)
            changes = amend(each, reminded_for=each.renews_on, reminded_days=stage)
            audit.record(Act.REMIND, each, changes, by=SYSTEM)


def _tell(found: Right) -> None:
    assert found.renews_on is not None
    days = (found.renews_on - today()).days
    context = {
        "title": found.title,
        "business_name": found.business.name,
        "day": day_in_words(found.renews_on),
        "left": left_in_words(days),
        "has_passed": days < 0,
        "path": f"/rights/{found.id}",
    }
    for account, _ in people_of_business(found.business_id):
        queue("right_renewal", Reader(account.email, account.name, account.id), having=Extras(context))
