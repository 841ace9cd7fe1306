"""The demonstration's money that two people decide about: repayments, and approved claims that are returned unpaid."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from crm.accounts.queries import acting, standing_in
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardRecovery, MoneyProposal
from crm.programme.claims.queries.claims import claim
from crm.programme.claims.queries.money_proposals import proposal
from crm.programme.claims.queries.recoveries import recovery
from crm.programme.claims.service import money_proposals, recovering
from crm.programme.claims.service.money_proposals import RepaymentWanted

SOLD = "Invented: a part of what was bought was sold."


def ask_back(found: Award, *, by: Actor, approver: Actor) -> None:
    """Of what was paid, parts that are asked back, cancelled, received, and received and released; one refused, and one that waits."""
    kept = _proposed(found, 250, by=by)
    money_proposals.refuse(kept, reason="Invented: it was sold after its useful life.", by=approver)
    _, cancelled, received, released = (
        _asked(found, pounds, by=by, approver=approver) for pounds in (150, 100, 200, 300)
    )
    recovering.cancel(_fresh(cancelled), reason="Invented: the camera was found.", by=approver)
    for each in (received, released):
        back = _fresh(each)
        recovering.receive(back, recovering.Received(back.amount, today()), by=_officer())
    recovering.release(_fresh(released), reason="Invented: for the next business.", by=approver)
    _proposed(found, 120, by=by)


def _officer() -> Actor:
    return standing_in(acting("finance@demo.example"))


def _proposed(found: Award, pounds: int, *, by: Actor) -> MoneyProposal:
    wanted = RepaymentWanted(Money.pounds(pounds), today() + timedelta(days=28), SOLD)
    return _whole(money_proposals.propose_repayment(found, wanted, by=by).id)


def _asked(found: Award, pounds: int, *, by: Actor, approver: Actor) -> UUID:
    made = _proposed(found, pounds, by=by)
    money_proposals.confirm(made, by=approver)
    money_proposals.read(_whole(made.id), by=by)
    return made.id


def _whole(proposal_id: UUID) -> MoneyProposal:
    found = proposal(_flushed(proposal_id))
    assert found is not None
    return found


def _fresh(recovery_id: UUID) -> AwardRecovery:
    found = recovery(_flushed(recovery_id))
    assert found is not None
    return found


def _flushed(row_id: UUID) -> UUID:
    session().flush()
    session().expire_all()
    return row_id


def return_claims(waits: UUID, returned: UUID, *, approver: Actor) -> None:
    """Two claims whose payment was cancelled: to return the one is refused, withdrawn and proposed anew; the other is returned."""
    why = "Invented: the invoice names another firm."
    money_proposals.refuse(_to_return(waits, why), reason="Invented: it traded as that firm.", by=approver)
    money_proposals.withdraw(_to_return(waits, why), by=_officer())
    _to_return(waits, "Invented: the invoice is of the year before.")
    money_proposals.confirm(_to_return(returned, "Invented: give the bank details first."), by=approver)


def _to_return(claim_id: UUID, why: str) -> MoneyProposal:
    found = claim(_flushed(claim_id))
    assert found is not None
    return _whole(money_proposals.propose_return(found, reason=why, by=_officer()).id)
