"""Criteria after publishing: opened with a reason, superseded by copies that can be changed, closed when whole."""

from __future__ import annotations

from uuid import uuid4

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, require_reason
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Criterion, Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.weights import weight_fault
from crm.programme.rounds.workflow import Act, RoundStatus

CARRIED = ("position", "title", "weight", "parts", "highest", "least", "anchors", "reads")


def open_criteria(found: Round, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Open the criteria of a published round for change. Copies take their place, so what was scored by them does not count."""
    POLICY.require(by, Act.OPEN_CRITERIA, found)
    require_reason(reason)
    refuse_if(why_not_opened(found))
    require_as_shown(found, version)
    audit.record(Act.OPEN_CRITERIA, found, {"why": (None, reason)}, by=by)
    # What follows notes what each application came to: by the criteria that hold until now.
    follow(Act.OPEN_CRITERIA, found, by=by)
    _supersede(found)
    amend(found, criteria_opened_at=now())
    queries.read_again(found)


def why_not_opened(found: Round) -> str | None:
    """Why the criteria of a round cannot be opened now."""
    if found.status is not RoundStatus.PUBLISHED:
        return "Only the criteria of a published round can be opened again. Those of a draft can be changed as they are."
    return "The criteria of this round are open already." if found.criteria_opened_at is not None else None


def why_not_closed(found: Round) -> str | None:
    """Why the criteria of a round cannot be closed now."""
    return "The criteria of this round are not open." if found.criteria_opened_at is None else None


def _supersede(found: Round) -> None:
    moment = now()
    for each in found.criteria:
        fields = {name: getattr(each, name) for name in CARRIED}
        session().add(Criterion(id=uuid4(), round_id=found.id, **fields))
        each.superseded_at = moment
    session().flush()


def close_criteria(found: Round, *, version: int | None = None, by: Actor) -> None:
    """Close the criteria as they are shown; their weights have to make a whole. Their assessors are told."""
    POLICY.require(by, Act.CLOSE_CRITERIA, found)
    refuse_if(why_not_closed(found))
    require_as_shown(found, version)
    queries.read_again(found)
    fault = weight_fault([each.weight for each in found.criteria])
    if fault:
        raise Conflict(f"The criteria cannot be closed yet. {fault}.")
    audit.record(Act.CLOSE_CRITERIA, found, amend(found, criteria_opened_at=None), by=by)
    follow(Act.CLOSE_CRITERIA, found, by=by)
