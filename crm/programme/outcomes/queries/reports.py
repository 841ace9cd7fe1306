"""Reads of outcome reports: one of them, a list, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.workflow import BusinessStatus
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.outcomes.models import OutcomeFigures, OutcomeReport
from crm.programme.outcomes.policy import visible_to
from crm.programme.outcomes.rules.timing import NEAR
from crm.programme.outcomes.workflow import ReportStatus as S

MOST = 500
REPORT_TABLE = OutcomeReport.__table__
REPORT = REPORT_TABLE.c
BY_DAY = Order((REPORT.due_on, REPORT.id), lambda each: (each.due_on, each.id))
SHOWN = {"late": "Late", "asked": "Asked", "confirm": "To confirm", "coming": "Not due yet", "all": "All"}


def days_on(name: str, *, on: date) -> int:
    """A dated figure of outcomes, such as how many days there are to send figures."""
    return int(figure_on(f"outcomes.{name}", on=on))


def _brief() -> Select[OutcomeReport]:
    """Reports with their application and business, without figures."""
    whose = contains_eager(OutcomeReport.application)
    return (
        select(OutcomeReport)
        .join(Application, Application.id == OutcomeReport.application_id)
        .join(Business, Business.id == Application.business_id)
        .options(whose.contains_eager(Application.business).undefer(Business.shared))
    )


def _whole() -> Select[OutcomeReport]:
    return _brief().options(
        selectinload(OutcomeReport.versions).joinedload(OutcomeFigures.by),
        joinedload(OutcomeReport.confirmed_by),
    )


def report(report_id: UUID) -> OutcomeReport | None:
    """One report with its application, its business and every version of its figures."""
    query = _whole().where(OutcomeReport.id == report_id)
    return session().scalar(query, execution_options={"populate_existing": True})


def report_before(found: OutcomeReport) -> OutcomeReport | None:
    """The latest report of the same award before this one whose figures were sent."""
    rows = reports_of_application(found.application_id)
    return next((each for each in reversed(rows) if each.place < found.place and each.figures), None)


def twins_of(found: OutcomeReport) -> Sequence[OutcomeReport]:
    """The reports of other awards of the same business for figures of the same day, but for those that are not asked for any more."""
    query = _whole().where(
        Application.business_id == found.application.business_id, REPORT.as_at == found.as_at
    )
    query = query.where(REPORT.id != found.id, REPORT.status != S.CANCELLED)
    return session().scalars(query.order_by(REPORT.asked_at, REPORT.id).limit(MOST)).all()


def near_of(found: OutcomeReport) -> Sequence[OutcomeReport]:
    """The reports of other awards of the same business that are asked for or sent, for another day a few weeks apart."""
    query = _whole().where(
        Application.business_id == found.application.business_id,
        REPORT.application_id != found.application_id,
        REPORT.as_at.between(found.as_at - NEAR, found.as_at + NEAR),
        REPORT.as_at != found.as_at,
        REPORT.status.in_([S.ASKED, S.GIVEN, S.CONFIRMED]),
    )
    return session().scalars(query.order_by(REPORT.as_at.desc(), REPORT.id).limit(MOST)).all()


def _is_first() -> ColumnElement[bool]:
    """Whether it is the one of its business and day that was asked for first: the business is asked once, for all of its awards."""
    columns, whose = REPORT_TABLE.alias("other").c, aliased(Application)
    query = select(columns.id).join(whose, whose.id == columns.application_id)
    query = query.where(whose.business_id == Application.business_id, columns.as_at == REPORT.as_at)
    query = query.where(columns.status == S.ASKED, columns.id != REPORT.id)
    is_before = or_(
        columns.asked_at < REPORT.asked_at,
        and_(columns.asked_at == REPORT.asked_at, columns.id < REPORT.id),
    )
    return ~query.where(is_before).exists()


@remembered
def reports_of_application(application_id: UUID) -> Sequence[OutcomeReport]:
    """The reports of one awarded application, in order of time."""
    return (
        session()
        .scalars(_whole().where(REPORT.application_id == application_id).order_by(REPORT.place))
        .all()
    )


def reports_of_business(business_id: UUID) -> Sequence[OutcomeReport]:
    """The reports of a business with the round of each, award by award, in order of time."""
    query = _whole().where(Application.business_id == business_id)
    query = query.options(contains_eager(OutcomeReport.application).joinedload(Application.round))
    return (
        session()
        .scalars(query.order_by(Application.submitted_at, Application.id, REPORT.place).limit(MOST))
        .all()
    )


def reports_of_round(round_id: UUID, *, seen_by: Actor | None = None) -> Sequence[OutcomeReport]:
    """The reports of every award of a round, or of the businesses that one person sees."""
    query = _whole().where(Application.round_id == round_id)
    if seen_by is not None:
        query = query.where(visible_to(seen_by))
    return session().scalars(query.order_by(REPORT.place, REPORT.id).limit(MOST * 8)).all()


def _found(show: str, actor: Actor, *, on: date) -> Select[OutcomeReport]:
    return _whole().where(visible_to(actor), *_conditions(show, on=on))


def _conditions(show: str, *, on: date) -> tuple[ColumnElement[bool], ...]:
    """What the reports of a filter have in common."""
    conditions: dict[str, tuple[ColumnElement[bool], ...]] = {
        "late": (REPORT.status == S.ASKED, is_past(REPORT.due_on, on=on)),
        "asked": (REPORT.status == S.ASKED, ~is_past(REPORT.due_on, on=on)),
        "confirm": (REPORT.status == S.GIVEN,),
        "coming": (REPORT.status == S.PLANNED,),
    }
    return conditions.get(show, ())


def listed(show: str, actor: Actor, *, cursor: str | None = None) -> Slice[OutcomeReport]:
    """One page of the reports of businesses that this actor may see, the earliest due first."""
    return slice_of(_found(show, actor, on=today()), BY_DAY, cursor=cursor)


def counts(actor: Actor, *, shows: Iterable[str] = tuple(SHOWN)) -> dict[str, int]:
    """How many reports each filter of the list finds, or some of them: all in one statement."""
    on = today()
    asked = {show: and_(true(), *_conditions(show, on=on)) for show in shows}
    each = [func.count().filter(found).label(show) for show, found in asked.items()]
    query = select(*each).select_from(OutcomeReport)
    query = query.join(Application, Application.id == OutcomeReport.application_id)
    query = query.join(Business, Business.id == Application.business_id)
    return dict(session().execute(query.where(visible_to(actor), or_(*asked.values()))).mappings().one())


def every_report(show: str, actor: Actor) -> Sequence[OutcomeReport]:
    """Every report that a filter finds, for a file."""
    query = _found(show, actor, on=today()).order_by(REPORT.due_on, REPORT.id)
    return session().scalars(query.limit(MOST * 20)).all()


def is_any_asked() -> bool:
    """Whether anything is asked for at all: dated figures are looked up only then."""
    return session().scalar(select(REPORT.id).where(REPORT.status == S.ASKED).limit(1)) is not None


def to_ask(*, on: date) -> Sequence[OutcomeReport]:
    """The planned reports whose day has come, of businesses that are in use."""
    query = _whole().where(REPORT.status == S.PLANNED, has_come(REPORT.as_at, on=on), _in_use())
    return session().scalars(query.order_by(REPORT.as_at, REPORT.id).limit(MOST)).all()


def _in_use() -> ColumnElement[bool]:
    return Business.__table__.c.status == BusinessStatus.ACTIVE


def to_remind(*, on: date, days: int) -> Sequence[OutcomeReport]:
    """Those asked for that are due within so many days and were not reminded of."""
    nearly = (has_come(REPORT.due_on, on=on + timedelta(days=days)), ~is_past(REPORT.due_on, on=on))
    query = _whole().where(REPORT.status == S.ASKED, REPORT.reminded_at.is_(None), *nearly, _in_use())
    query = query.where(_is_first())
    return session().scalars(query.order_by(REPORT.due_on, REPORT.id).limit(MOST)).all()


def to_chase(*, on: date) -> Sequence[OutcomeReport]:
    """Those asked for whose last day is over and that were not chased."""
    query = _whole().where(REPORT.status == S.ASKED, REPORT.chased_at.is_(None), _in_use())
    query = query.where(is_past(REPORT.due_on, on=on), _is_first())
    return session().scalars(query.order_by(REPORT.due_on, REPORT.id).limit(MOST)).all()


def to_ring(*, on: date) -> Sequence[OutcomeReport]:
    """Those whose business is to be rung up: so many days after their last day."""
    before = on - timedelta(days=days_on("ring_days", on=on))
    query = _brief().where(REPORT.status == S.ASKED, has_come(REPORT.due_on, on=before), _in_use())
    query = query.where(_is_first())
    return session().scalars(query.order_by(REPORT.due_on, REPORT.id).limit(MOST)).all()


def to_confirm() -> Sequence[OutcomeReport]:
    """Those whose figures wait to be confirmed."""
    query = _whole().where(REPORT.status == S.GIVEN)
    return session().scalars(query.order_by(REPORT.due_on, REPORT.id).limit(MOST)).all()


def asked_of(business_ids: Collection[UUID]) -> Sequence[OutcomeReport]:
    """Those that some businesses are asked for."""
    if not business_ids:
        return ()
    query = _brief().where(REPORT.status == S.ASKED, Application.business_id.in_(list(business_ids)))
    query = query.where(_is_first())
    return session().scalars(query.order_by(REPORT.due_on, REPORT.id).limit(MOST)).all()
