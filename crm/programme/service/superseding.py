"""Criteria after publishing: opened with a reason, which invalidates every score that was given by them; closed when whole."""

from __future__ import annotations

from uuid import uuid4

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.models import Criterion, Round
from crm.programme.policy import POLICY
from crm.programme.queries import assessing
from crm.programme.queries import rounds as queries
from crm.programme.rules.scoring import weight_fault
from crm.programme.workflow import ASSESSMENTS, Act, RoundStatus


def open_criteria(found: Round, *, reason: str, by: Actor) -> int:
    """Open the criteria of a published round for change. Where anything was scored they are superseded: copies take their
    place, and every assessment that was handed in goes back. Returns how many went back.
    """
    POLICY.require(by, Act.OPEN_CRITERIA, found)
    if not reason.strip():
        raise Invalid("Say why", field="reason")
    if found.status is not RoundStatus.PUBLISHED or found.criteria_opened_at is not None:
        raise Conflict("The criteria of this round cannot be opened now.")
    returned = _supersede(found) if assessing.is_anything_scored(found.id) else 0
    amend(found, criteria_opened_at=now())
    told = {"why": (None, reason), "assessments_returned": (None, returned)}
    audit.record(Act.OPEN_CRITERIA, found, told, by=by)
    queries.read_again(found)
    return returned


def _supersede(found: Round) -> int:
    moment = now()
    for each in found.criteria:
        fields = {name: getattr(each, name) for name in CARRIED}
        session().add(Criterion(id=uuid4(), round_id=found.id, **fields))
        each.superseded_at = moment
    handed_in = assessing.handed_in_of_round(found.id)
    for each_ in handed_in:
        audit.record(Act.RETURN, each_, advance(ASSESSMENTS, each_, Act.RETURN), by=SYSTEM)
    session().flush()
    return len(handed_in)


CARRIED = ("position", "title", "weight", "parts", "highest", "least", "anchors", "reads")


def close_criteria(found: Round, *, by: Actor) -> None:
    """Let the criteria hold as they are now; their weights have to make a whole."""
    POLICY.require(by, Act.CLOSE_CRITERIA, found)
    if found.criteria_opened_at is None:
        raise Conflict("The criteria of this round are not open.")
    queries.read_again(found)
    fault = weight_fault([each.weight for each in found.criteria])
    if fault:
        raise Conflict(f"They cannot hold yet. {fault}.")
    audit.record(Act.CLOSE_CRITERIA, found, amend(found, criteria_opened_at=None), by=by)
