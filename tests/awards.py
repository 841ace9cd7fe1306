"""Awards made as a test needs them, as `tests.cohorts` makes cohorts and decisions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.queries import awards as queries
from crm.programme.awards.rules.offering import MilestoneDetails, OfferDetails
from crm.programme.awards.workflow import AwardStatus, Strand
from crm.programme.cohort.models import Cohort, Decision
from tests import factories

NOT_SENT = (AwardStatus.PREPARED, AwardStatus.WITHDRAWN)
OVER = (
    AwardStatus.DECLINED,
    AwardStatus.LAPSED,
    AwardStatus.WITHDRAWN,
    AwardStatus.ENDED,
    AwardStatus.COMPLETED,
)
ANSWERED = (AwardStatus.ACCEPTED, AwardStatus.ENDED, AwardStatus.COMPLETED)


def award(about: Decision, **fields: Any) -> Award:
    """The award for a decision, its offer being prepared unless told otherwise, with one milestone that is all of it."""
    owner = session().get_one(Cohort, about.cohort_id)
    application = session().get_one(Application, about.application_id)
    given: dict[str, Any] = {
        "application_id": about.application_id,
        "business_id": application.business_id,
        "envelope_id": owner.envelope_id,
        "line": owner.line,
        "amount": about.amount,
        "match_share": 5_000,
        "purpose": "Made: a pilot in two markets",
        "starts_on": today(),
        "ends_on": today() + timedelta(days=300),
        "offer_expires_on": today() + timedelta(days=28),
        "terms_version": "1",
        "prepared_at": now(),
    }
    status = fields.pop("status", AwardStatus.PREPARED)
    given |= _of_state(status) | fields
    made: Award = factories.kept(Award(decision_id=about.id, _status=status, **given))
    milestone(made, amount=made.amount)
    return whole(made)


def _of_state(status: AwardStatus) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if status not in NOT_SENT:
        given |= {"offered_at": now(), "letter_key": "made"}
    if status in ANSWERED:
        given |= {"accepted_at": now(), "accepted_name": "Made Owner"}
    if status in OVER:
        given |= {"closed_at": now(), "closed_reason": "Made"}
    return given


def an_offer(amount: Money) -> OfferDetails:
    """An offer as it is prepared, all of it for one milestone."""
    day = today()
    row = MilestoneDetails("sales", "Made: ten buyers", day + timedelta(days=90), "Made: the orders", amount)
    until, ends = day + timedelta(days=28), day + timedelta(days=300)
    return OfferDetails("Made: a pilot", 5_000, day, ends, until, (row,))


def milestone(owner: Award, **fields: Any) -> AwardMilestone:
    given = {
        "strand": Strand.SALES,
        "title": "Made: the pilot has ten buyers",
        "due_on": today() + timedelta(days=90),
        "evidence_wanted": "Made: the orders",
    } | fields
    made: AwardMilestone = factories.kept(AwardMilestone(award_id=owner.id, **given))
    return made


def whole(found: Award) -> Award:
    """An award with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    again = queries.award(found.id)
    assert again is not None
    return again
