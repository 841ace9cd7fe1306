"""What delegations count for the reports: businesses that went, and the sales that they reported."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.db.counting import Confidence, Kind, Measure, counted
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.queries.seeing import led_or_covered
from crm.exporting.delegations.workflow import Act, PlaceStatus
from crm.kernel.permissions import Actor

ACCOUNT = Account.__table__.c
PLACE, RETURN, TRIP = DelegationPlace.__table__.c, DelegationReturn.__table__.c, Delegation.__table__.c
SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.6; our own definition",
    "1, from 1 April 2026",
)


def _went() -> Select[tuple[object, ...]]:
    said_by = AuditEntry.first_doer(Act.ATTEND, "delegation_place", PLACE.id)
    rows = counted(
        PLACE.id, at=TRIP.departs_on, business=PLACE.business_id, by=said_by, named=TRIP.title
    ).join_from(DelegationPlace, Delegation, PLACE.delegation_id == TRIP.id)
    return rows.where(PLACE.status == PlaceStatus.WENT)


def _sales() -> Select[tuple[object, ...]]:
    """What each answer adds: figures count everything since the delegation, so the one known before is in the next.

    Who says so is who told one of our staff, where they recorded it.
    """
    earlier = DelegationReturn.__table__.alias("earlier").c
    before = select(earlier.sales).where(
        earlier.place_id == RETURN.place_id,
        earlier.months < RETURN.months,
        earlier.answered_at.is_not(None),
        earlier.sales.is_not(None),
    )
    before = before.order_by(earlier.months.desc()).limit(1).correlate(DelegationReturn.__table__)
    known_before = func.coalesce(type_coerce(before.scalar_subquery(), BigInteger()), 0)
    about = (Act.RECORD, "delegation_return", RETURN.id)
    doer, told = AuditEntry.last_doer(*about), AuditEntry.last_value("told", *about)
    rows = counted(
        PLACE.id,
        at=RETURN.answered_at,
        business=PLACE.business_id,
        amount=type_coerce(RETURN.sales, BigInteger()) - known_before,
        by=case((told.is_(None), doer)),
        by_name=told + "; recorded by " + select(ACCOUNT.name).where(ACCOUNT.id == doer).scalar_subquery(),
        named=TRIP.title + ", " + _asked_at(),
    ).join_from(DelegationReturn, DelegationPlace, RETURN.place_id == PLACE.id)
    rows = rows.join(Delegation, PLACE.delegation_id == TRIP.id)
    return rows.where(RETURN.answered_at.is_not(None), RETURN.sales.is_not(None))


def _asked_at() -> ColumnElement[str]:
    """For which months an answer is, as `rules.asked_at` says it: it tells two answers of one day apart."""
    after = literal("after ") + cast(RETURN.months, String) + literal(" months")
    return case((RETURN.months == 0, "on return"), (RETURN.months == 1, "after 1 month"), else_=after)


def _seen_by(actor: Actor) -> Select[tuple[object, ...]]:
    """The places of the delegations that an actor leads, or covers as manager of a hub where the lead works."""
    return select(PLACE.id).join(Delegation, PLACE.delegation_id == TRIP.id).where(led_or_covered(actor))


FOR_REPORTS = (
    Measure(
        key="delegates",
        line="6.6",
        words="Delegation places used",
        meaning="Businesses that went on a delegation, by the day it left. A business on 2 delegations counts twice.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="delegation_place",
        tables=("delegation",),
        rows=_went,
        seen_by=_seen_by,
    ),
    Measure(
        key="delegation_sales",
        line="6.6",
        words="Sales reported after delegations",
        meaning="Sales that businesses reported as a result of a delegation, by the day they answered. An answer counts with what it adds to the one before.",
        source=SOURCE,
        version="2, from 1 April 2026",
        kind=Kind.MONEY,
        confidence=Confidence.EITHER,
        table="delegation_place",
        tables=("delegation_return", "delegation"),
        rows=_sales,
        seen_by=_seen_by,
    ),
)
