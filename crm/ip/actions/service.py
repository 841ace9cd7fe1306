"""Following up the actions of a readiness assessment."""

from __future__ import annotations

from crm.businesses.queries.seeing import person_to_name
from crm.ip.actions.policy import POLICY
from crm.ip.actions.queries import Offer
from crm.ip.actions.workflow import Act
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor
from crm.referrals.models import Referral
from crm.referrals.service.preparing import LONGEST_SUBJECT, ReferralDetails, draft

NOBODY = "Add a person to the business first: a referral names whom the provider should contact."


def refer(offer: Offer, *, by: Actor) -> Referral:
    """Draft a referral to the service of an action. The business is told before anything leaves, and can object."""
    POLICY.require(by, Act.REFER, offer)
    check, question = offer.check, offer.drag.question
    person = person_to_name(check.business_id)
    if person is None:
        raise Conflict(NOBODY)
    assert check.finished_at is not None
    title, day = check.question_set.title, day_in_words(day_of(check.finished_at))
    message = (
        f"From the {title} assessment finished on {day}.\n\n{question.text}\n"
        f"Answer: {offer.drag.answer}\n\nTo do: {question.next_action}"
    )
    details = ReferralDetails(
        person_id=person.id,
        subject=f"{title}: {question.next_action}"[:LONGEST_SUBJECT],
        message=message,
        service_id=offer.service.id,
    )
    return draft(check.business, details, by=by)
