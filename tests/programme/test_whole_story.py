"""One grant from its offer to the figures six months later, with a still clock: offered, accepted, claimed, paid once, reported."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.payments.models import Payment, RunLine
from crm.funding.payments.queries.payments import payments_about
from crm.kernel.clock import start_of, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.service import assessing, claiming
from crm.programme.outcomes.service import asking
from tests import claimed, factories, outcomes
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import telephone
from tests.funding.payments.test_pages import confirmed, dated, in_a_run, uploaded
from tests.programme.awards.test_offering import offered
from tests.programme.claims.test_claims import lying
from tests.programme.outcomes.test_outcome_pages import FIGURES
from tests.programme.pages import sent


def approved_claim(award_id: Any, cast: Cast) -> AwardClaim:
    """All of the first milestone, claimed by the business and approved by a manager."""
    owner = claimed.whole(award_id)
    claimed.met(owner)
    made = claiming.begin(claimed.of(owner), by=SYSTEM)
    added = claiming.add_cost(claimed.again(made), claimed.cost(20_000, paid_on=today()), by=SYSTEM)
    factories.document("award_cost", added.id)
    claiming.submit(claimed.again(made), declared_by="Made Owner", by=SYSTEM)
    assessing.approve(claimed.again(made), by=cast.programme_manager.actor)
    return claimed.again(made)


def paid_once(client: ConformingClient, cast: Cast, db: Session, payment: Payment) -> None:
    """All of a payment, by a run and the bank's answer; the same answer again is refused."""
    run = in_a_run(client, cast, payment)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    key = db.scalars(select(RunLine.end_to_end_id).where(RunLine.is_open)).one()
    line = f"{key},20000.00,PAID,"
    sent(client.sign_in(cast.finance_officer), f"{uploaded(client, line)}/record", {})
    again = client.post("/bank-answers/new", data={"file": (BytesIO(dated(line)), "again.csv")})
    assert (again.status_code, "was recorded already" in again.text) == (422, True), "paid once"
    rows = client.sign_in(cast.auditor).get("/reports/measures/grants_paid/rows").text
    said = ("The bank’s answer, answer.csv" in rows, "Made Owner" in rows)
    assert said == (True, False), "who claimed it does not say that it was paid"


@pytest.mark.engine("sqlite")
def test_issue16_a_grant_is_accepted_claimed_paid_once_and_reported_on_after_six_months(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    made = offered(client, cast, db)
    here = f"/awards/{made.id}"
    signed = {"name": cast.founder.known.name, "is_within_limit": "y"}
    assert "The grant is yours to claim" in sent(client.sign_in(cast.founder), f"{here}/accept", signed)
    telephone()
    confirmed(client, cast)
    claim = approved_claim(made.id, cast)
    (payment,) = payments_about(Subject("award_claim", claim.id))
    paid_once(client, cast, db, payment)
    db.expire_all()
    assert lying(claimed.whole(made.id)) == {
        LedgerAccount.COMMITTED: Money.pounds(30_000),
        LedgerAccount.PAID: Money.pounds(20_000),
    }

    half = outcomes.reports(made.application_id)[1]
    assert half.months == 6
    clock.move_to(start_of(half.as_at))
    asking.ask_all()
    page = client.sign_in(cast.founder).get(here).text
    assert f"/outcomes/{half.id}/give" in page
    version = str(outcomes.reports(made.application_id)[1].version)
    assert "Thank you" in sent(client, f"/outcomes/{half.id}/give", {**FIGURES, "version": version})
    page = client.get(here).text
    told = (
        "offered",
        "Offer accepted",
        "Claim 1 submitted",
        "Claim 1 approved",
        "£20,000.00 paid",
        "Figures sent",
    )
    assert [each for each in told if each not in page] == []
    assert "Still to claim" in page
    assert "The difference is £0.00" in client.sign_in(cast.finance_officer).get("/reconciliation").text
