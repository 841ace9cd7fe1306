"""What signposting counts for the reports: enquiries, and the action plans that businesses were sent."""

from __future__ import annotations

from sqlalchemy import Select, select

from crm.audit.models import AuditEntry
from crm.db.counting import Confidence, Kind, Measure, counted
from crm.kernel.permissions import Actor
from crm.signposting.models import ActionPlan, Enquiry
from crm.signposting.policy import visible_to
from crm.signposting.workflow import Act, CloseReason

ENQUIRY, PLAN = Enquiry.__table__.c, ActionPlan.__table__.c
IS_NO_ENQUIRY = (CloseReason.SPAM, CloseReason.DUPLICATE)
SOURCE, VERSION = "Growth Hub reporting practice; our own definition", "2, from 29 November 2026"


def _visible_to(actor: Actor) -> Select[tuple[object, ...]]:
    return select(ENQUIRY.id).where(visible_to(actor))


def _enquiries() -> Select[tuple[object, ...]]:
    rows = counted(
        ENQUIRY.id,
        at=ENQUIRY.received_at,
        business=ENQUIRY.business_id,
        by_name=ENQUIRY.person_name,
        named=ENQUIRY.business_name,
        hub=ENQUIRY.hub_id,
    )
    return rows.where(ENQUIRY.close_reason.is_(None) | ENQUIRY.close_reason.not_in(IS_NO_ENQUIRY))


def _answered() -> Select[tuple[object, ...]]:
    rows = counted(
        ENQUIRY.id,
        at=ENQUIRY.answered_at,
        business=ENQUIRY.business_id,
        by=AuditEntry.first_doer(Act.ANSWER, Enquiry.__tablename__, ENQUIRY.id),
        named=ENQUIRY.business_name,
        hub=ENQUIRY.hub_id,
    )
    return rows.where(
        ENQUIRY.answered_at.is_not(None),
        ENQUIRY.close_reason.is_(None) | ENQUIRY.close_reason.not_in(IS_NO_ENQUIRY),
    )


def _plans() -> Select[tuple[object, ...]]:
    rows = counted(
        PLAN.id, at=PLAN.sent_at, business=PLAN.business_id, by=PLAN.made_by_id, by_name=PLAN.made_by
    )
    return rows.where(PLAN.sent_at.is_not(None))


FOR_REPORTS = (
    Measure(
        key="enquiries",
        line="6.1",
        words="Enquiries received",
        meaning="Enquiries by the day they arrived, online or recorded by an adviser. Spam and duplicates do not count.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="enquiry",
        rows=_enquiries,
        target="target.enquiries",
        opens_with_business=False,
        seen_by=_visible_to,
    ),
    Measure(
        key="enquiries_answered",
        line="6.1",
        words="Enquiries answered",
        meaning="Enquiries by the day an adviser first answered. Those answered in a period may have arrived before it.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="enquiry",
        rows=_answered,
        opens_with_business=False,
        seen_by=_visible_to,
    ),
    Measure(
        key="plans_sent",
        line="6.1",
        words="Businesses sent an action plan",
        meaning="Businesses that were sent at least one action plan in the period. Each business counts once.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.RECORDED,
        table="action_plan",
        rows=_plans,
    ),
)
