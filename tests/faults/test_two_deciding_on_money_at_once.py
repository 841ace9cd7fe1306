"""Two at once about the money of an award: of two proposals one is kept, of two confirmations one counts, and it is not paid as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from crm.db.session import session
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.payments.queries.payments import payments_about
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import today
from crm.kernel.errors import Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.queries import claims, money_proposals
from crm.programme.claims.queries.recoveries import recoveries_of
from crm.programme.claims.service import money_proposals as service
from crm.programme.claims.service import unpaid
from crm.programme.claims.service.money_proposals import RepaymentWanted
from crm.programme.claims.service.unpaid import CLAIM
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed, factories
from tests.accounts.people import acting, person
from tests.faults.together import overlapping, together
from tests.houses import database
from tests.programme.claims.test_claims import lying

Meet = Callable[..., list[Any]]
MEETINGS = pytest.mark.parametrize("meet", [together, overlapping], ids=["together", "overlapping"])


def propose(award_id: UUID, by: Actor) -> None:
    wanted = RepaymentWanted(Money.pounds(800), today(), "Made: sold it")
    service.propose_repayment(claimed.whole(award_id), wanted, by=by)


def confirm(proposal_id: UUID, by: Actor) -> None:
    found = money_proposals.proposal(proposal_id)
    assert found is not None
    service.confirm(found, by=by)


def pay_again(claim_id: UUID) -> None:
    found = claims.claim(claim_id)
    assert found is not None
    unpaid.pay_again(found, by=SYSTEM)


def two_of(app: Flask, role: Role) -> list[Actor]:
    with database(app).transaction():
        return [acting(person(role)) for _ in range(2)]


def one_was_refused(ended: list[Any]) -> None:
    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Refusal), refused


@MEETINGS
def test_p46_of_two_who_ask_for_one_repayment_and_of_two_who_confirm_it_one_counts(
    committing_app: Flask, meet: Meet
) -> None:
    with database(committing_app).transaction():
        award_id = claimed.paid(claimed.award(factories.business().id), 3_000).award_id
    managers, approvers = (
        two_of(committing_app, Role.PROGRAMME_MANAGER),
        two_of(committing_app, Role.APPROVER),
    )
    one_was_refused(meet(committing_app, *(partial(propose, award_id, each) for each in managers)))
    with database(committing_app).reading():
        waits = money_proposals.open_repayment(award_id)
        assert waits is not None
        proposal_id = waits.id
    one_was_refused(meet(committing_app, *(partial(confirm, proposal_id, each) for each in approvers)))
    with database(committing_app).reading():
        assert [each.id for each in recoveries_of(award_id)] == [proposal_id]


@MEETINGS
def test_p44_a_claim_is_returned_once_and_never_paid_again_as_well(committing_app: Flask, meet: Meet) -> None:
    with database(committing_app).transaction():
        waits = claimed.to_return(claimed.unpaid(business_id=factories.business().id))
        proposal_id, claim_id = waits.id, waits.claim_id
    assert claim_id is not None
    approvers = two_of(committing_app, Role.APPROVER)
    ended = meet(committing_app, partial(confirm, proposal_id, approvers[0]), partial(pay_again, claim_id))
    one_was_refused(ended)
    assert isinstance(
        meet(committing_app, partial(confirm, proposal_id, approvers[1]), lambda: None)[0], Refusal
    )
    with database(committing_app).reading():
        found = session().get_one(AwardClaim, claim_id)
        assert found.status is ClaimStatus.RETURNED
        (payment,) = payments_about(Subject(CLAIM, claim_id))
        assert payment.status is PaymentStatus.CANCELLED
        assert LedgerAccount.CLAIMED not in lying(claimed.whole(found.award_id))
