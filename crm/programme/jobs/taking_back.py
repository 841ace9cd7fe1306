"""The demonstration's changes of decisions that were sent: lowered, refused, withdrawn, waiting, and a business that withdrew."""

from __future__ import annotations

from uuid import UUID

from crm.db.session import session
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import DecisionChange
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.queries.changing import change
from crm.programme.cohort.service import changing
from crm.programme.cohort.service.changing import Lowering, TakingOff
from crm.programme.cohort.workflow import ChangeKind, Outcome


def lower_one(less: UUID, same: UUID, *, by: Actor, approver: Actor) -> None:
    """One award is lowered after it was told; that another is lowered too is refused, and withdrawn."""
    changing.confirm(_proposed(less, by=by), by=approver)
    changing.refuse(
        _proposed(same, by=by), reason="Invented: the quote is binding, so it needs it all.", by=approver
    )
    changing.withdraw(_proposed(same, by=by), by=by)
    session().flush()


def _proposed(decision_id: UUID, *, by: Actor) -> DecisionChange:
    """A proposal to lower an award that was told by £1,000."""
    session().expire_all()
    found = decisions.decision(decision_id)
    assert found is not None
    assert found.amount is not None
    wanted = Lowering(found.amount - Money.pounds(1_000), "Invented: a quote came in lower than planned.")
    return _whole_change(changing.propose_lowering(found, wanted, by=by).id)


def take_off(decision_id: UUID, kind: ChangeKind, reason: str, *, by: Actor) -> DecisionChange:
    """A proposal to take an application off the waiting list that it was told of."""
    session().expire_all()
    found = decisions.decision(decision_id)
    assert found is not None
    return _whole_change(changing.propose_taking_off(found, TakingOff(kind, reason), by=by).id)


def _whole_change(change_id: UUID) -> DecisionChange:
    session().expire_all()
    found = change(change_id)
    assert found is not None
    return found


def let_withdraw(cohort_id: UUID, *, by: Actor, approver: Actor) -> UUID:
    """The one on the waiting list of a cohort asked to be taken off it; return its decision, which is to be sent."""
    waits = next(each for each in decisions.decisions_of(cohort_id) if each.outcome is Outcome.RESERVE).id
    why = "Invented: it found another grant for the project."
    changing.confirm(take_off(waits, ChangeKind.ASKED_OFF, why, by=by), by=approver)
    session().flush()
    return waits
