"""What claims count for the reports: the grant money that was paid."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.funding.payments.queries.witnesses import who_says_paid
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardClaim
from crm.programme.rounds.policy import READERS

CLAIM, AWARD = AwardClaim.__table__.c, Award.__table__.c


def _paid() -> Select[tuple[object, ...]]:
    by_hand, in_words = who_says_paid("award_claim", CLAIM.id)
    rows = counted(
        CLAIM.id,
        at=CLAIM.paid_on,
        business=AWARD.business_id,
        amount=CLAIM.approved,
        by=by_hand,
        by_name=in_words,
    ).join_from(AwardClaim, Award, CLAIM.award_id == AWARD.id)
    return rows.where(CLAIM.paid_on.is_not(None), CLAIM.approved.is_not(None))


FOR_REPORTS = (
    Measure(
        key="grants_paid",
        line="6.2",
        words="Grant money paid",
        meaning="Claims by the day the bank paid them, as approved. Repayments are not taken off.",
        source="Creative Industries Sector Plan, Action 6, line 6.2; our own definition",
        version="1, from 1 April 2026",
        kind=Kind.MONEY,
        confidence=Confidence.LEDGER,
        table="award_claim",
        tables=("award", "payment"),
        rows=_paid,
        readers=READERS,
    ),
)
