"""The network closes a question that a business leaves unanswered for too long, with a reason that both sides read."""

from __future__ import annotations

from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.policy import POLICY
from crm.angels.diligence.service.asking import path_of_list
from crm.angels.diligence.service.telling import tell_asker, tell_people
from crm.angels.diligence.workflow import ITEMS, Act, ItemStatus
from crm.angels.pitches.queries import pitches
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, now, today
from crm.kernel.errors import require_reason
from crm.kernel.permissions import Actor


def why_not_closed(found: DiligenceItem) -> str | None:
    """Why the network does not close a question now: it waits no longer, or not too long yet."""
    if found.status is not ItemStatus.ASKED:
        return "This question is no longer waiting for the business."
    if not has_come(found.task_on, on=today()):
        return (
            f"The business has until {day_in_words(found.task_on)}. Remind it before you close the question."
        )
    return None


def close_late(found: DiligenceItem, *, reason: str, by: Actor) -> None:
    """Close a question that waits too long. The investor can ask it again; both sides are told why it was closed."""
    POLICY.require(by, Act.CLOSE_LATE, found)
    words = require_reason(reason)
    pitches.hold(found.pitch)
    read_state_again(found)
    refuse_if(why_not_closed(found))
    changes = advance(ITEMS, found, Act.CLOSE_LATE) | amend(found, ended_at=now(), closed_for=words)
    audit.record(Act.CLOSE_LATE, found, changes, by=by)
    session().flush()
    about = found.introduction
    tell_asker(about, "diligence_closed_late", reason=words)
    tell_people(about, "diligence_closed_business", path=path_of_list(about), reason=words)
