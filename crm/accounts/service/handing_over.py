"""Handing a person's caseload over to colleagues, and undoing that within a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from crm.accounts import queries
from crm.accounts.models import Account, Handover, HandoverCase
from crm.accounts.policy import POLICY
from crm.accounts.workflow import Act
from crm.audit import service as audit
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

UNDO_WITHIN = timedelta(days=1)
Hand = Callable[..., bool]


@dataclass(frozen=True)
class Given:
    """One case that goes to a colleague: its kind, its id and what it is called."""

    kind: str
    case_id: UUID
    title: str
    receiver_id: UUID


def hand_over(giver: Account, given: Sequence[Given], *, hands: Mapping[str, Hand], by: Actor) -> Handover:
    """Hand cases over to colleagues, who are told. ``hands`` are the rooms' verbs by kind, each with its own rules."""
    POLICY.require(by, Act.HAND_OVER_CASELOAD, giver)
    if not given:
        raise Invalid("Choose what to hand over, and to whom", field="everything_to")
    _require_colleagues(giver, given)
    made = Handover(giver_id=giver.id, by_id=by.account_id, at=now())
    session().add(made)
    session().flush()
    moved = [each for each in given if hands[each.kind](each.case_id, giver.id, to=each.receiver_id, by=by)]
    for position, each in enumerate(moved):
        session().add(HandoverCase(handover_id=made.id, position=position, **vars(each)))
    session().flush()
    _tell(giver, moved, by=by)
    audit.record(Act.HAND_OVER_CASELOAD, giver, {"cases": (None, len(moved))}, by=by)
    return made


def _require_colleagues(giver: Account, given: Sequence[Given]) -> None:
    known = {each.id for each in queries.receivers_for(giver)}
    if any(each.receiver_id not in known for each in given):
        raise Invalid("Choose an active colleague from the list", field="everything_to")


def _tell(giver: Account, moved: Sequence[Given], *, by: Actor) -> None:
    """One email for each colleague, with how many cases they were given."""
    for receiver_id, count in Counter(each.receiver_id for each in moved).items():
        found = queries.account(receiver_id)
        if found is None or receiver_id == by.account_id:
            continue
        context = {"giver": giver.name, "by_name": by.name, "count": count, "path": "/desk"}
        queue("caseload_handed_over", Reader(found.email, found.name, found.id), having=Extras(context))


def can_be_undone(found: Handover) -> bool:
    """Whether a handover is less than a day old and was not undone."""
    return found.undone_at is None and now() < found.at + UNDO_WITHIN


def undo(found: Handover, *, hands: Mapping[str, Hand], by: Actor) -> int:
    """Give back what the receivers still have, and return how many cases that is."""
    POLICY.require(by, Act.UNDO_HANDOVER, found)
    if not can_be_undone(found):
        raise Conflict("A handover can be undone once, within a day.")
    back = sum(
        hands[each.kind](each.case_id, each.receiver_id, to=found.giver_id, by=by) for each in found.cases
    )
    found.undone_at = now()
    audit.record(Act.UNDO_HANDOVER, found.giver, {"cases": (len(found.cases), back)}, by=by)
    return back
