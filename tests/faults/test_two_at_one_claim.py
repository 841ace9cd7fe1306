"""Two at one award, on connections of their own: its money is claimed once, and a claim is approved and paid once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from crm.db.session import session
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.queries.payments import payments_about
from crm.kernel.errors import Conflict, Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.queries import claims
from crm.programme.claims.service import assessing, claiming
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed, factories
from tests.faults.together import overlapping, together
from tests.houses import database

Meet = Callable[..., list[Any]]


def loaded(claim_id: UUID) -> AwardClaim:
    found = claims.claim(claim_id)
    assert found is not None
    return found


def submitting(claim_id: UUID) -> Callable[[], None]:
    return lambda: claiming.submit(loaded(claim_id), declared_by="Made Owner", by=SYSTEM)


def two_drafts(app: Flask) -> tuple[UUID, UUID, UUID]:
    """Two drafts of £5,000 and £3,000 against an award of £5,000, committed."""
    with database(app).transaction():
        found = claimed.award(factories.business().id, amount=Money.pounds(5_000))
        made = claimed.claim(found, 5_000).id
        other = claimed.claim(claimed.whole(found.id), 3_000, place=1).id
        return found.id, made, other


@pytest.mark.parametrize("meet", [together, overlapping], ids=["together", "overlapping"])
def test_p43_of_two_claims_at_once_for_the_last_5000_pounds_one_succeeds(
    committing_app: Flask, meet: Meet
) -> None:
    award_id, *drafts = two_drafts(committing_app)
    ended = meet(committing_app, *(submitting(each) for each in drafts))

    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Refusal), refused
    assert "it is what remains of the award" in refused.message
    with database(committing_app).reading():
        states = sorted(each.status for each in claims.claims_of(award_id))
        assert states == [ClaimStatus.DRAFT, ClaimStatus.SUBMITTED]


def test_p43_a_claim_that_two_managers_approve_at_once_is_approved_and_paid_once(
    committing_app: Flask,
) -> None:
    with database(committing_app).transaction():
        made = claimed.submitted(claimed.award(factories.business().id), 5_000).id
    ended = together(committing_app, *(lambda: assessing.approve(loaded(made), by=SYSTEM) for _ in range(2)))

    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Conflict), refused
    with database(committing_app).reading():
        assert session().get_one(AwardClaim, made).approved == Money.pounds(5_000)
        assert len(payments_about(Subject("award_claim", made))) == 1
