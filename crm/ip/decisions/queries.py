"""Reads of strategic decisions, and of what is known of a business today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.businesses.queries.seeing import business
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.types import has_words
from crm.diagnostics.queries.bands import band_in_words
from crm.diagnostics.queries.readiness import latest_finished
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.rules.scoring import in_words
from crm.ip.decisions.models import DecisionEntry, DecisionReminder, StrategicDecision
from crm.ip.decisions.policy import visible_to
from crm.ip.decisions.rules import Fact
from crm.ip.decisions.workflow import EntryKind
from crm.ip.portfolio.queries import incomes_in_words, portfolio_of
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, has_come
from crm.kernel.permissions import Actor
from crm.rights.models import Right
from crm.rights.queries import rights_of
from crm.rights.rules import labels
from crm.rights.rules.gaps import is_secret
from crm.rights.workflow import RightKind, RightStatus

DECISION, ENTRY = StrategicDecision.__table__.c, DecisionEntry.__table__.c
NEWEST = Order((DECISION.at, DECISION.id), lambda row: (row.at, row.id), is_descending=True)
MOST, MOST_LISTED = 200, 1_000
RIGHT = "ip_right"


def _whole() -> Select[StrategicDecision]:
    owner = joinedload(StrategicDecision.business)
    return select(StrategicDecision).options(
        owner.undefer(Business.shared), joinedload(StrategicDecision.entries)
    )


def decision(strategic_id: UUID) -> StrategicDecision | None:
    """One decision with its business and what was added to it, as it is now."""
    query = _whole().where(DECISION.id == strategic_id).execution_options(populate_existing=True)
    return session().scalars(query).unique().one_or_none()


def decisions_of(business_id: UUID) -> Sequence[StrategicDecision]:
    """The decisions of a business, the latest first."""
    query = _whole().where(DECISION.business_id == business_id)
    order = (DECISION.decided_on.desc(), DECISION.at.desc(), DECISION.id)
    return session().scalars(query.order_by(*order).limit(MOST)).unique().all()


def latest_of(business_id: UUID, *, most: int) -> Sequence[StrategicDecision]:
    """The newest so many decisions of a business, without what belongs to them."""
    query = select(StrategicDecision).where(DECISION.business_id == business_id)
    order = (DECISION.decided_on.desc(), DECISION.at.desc(), DECISION.id)
    return session().scalars(query.order_by(*order).limit(most)).all()


@dataclass(frozen=True)
class Wanted:
    """Which decisions a list shows; what is empty asks nothing."""

    text: str = ""
    show: str = ""


def _latest_outcome() -> Select[tuple[date | None]]:
    """The review day that the last outcome of a decision set; no row where it has none."""
    query = select(ENTRY.review_on).where(ENTRY.decision_id == DECISION.id, ENTRY.kind == EntryKind.OUTCOME)
    return query.order_by(ENTRY.at.desc(), ENTRY.id.desc()).limit(1)


def _has_outcome() -> ColumnElement[bool]:
    return select(ENTRY.id).where(ENTRY.decision_id == DECISION.id, ENTRY.kind == EntryKind.OUTCOME).exists()


def _next_review() -> ColumnElement[date | None]:
    """`rules.next_review` again, in SQL."""
    latest = _latest_outcome().correlate(StrategicDecision.__table__).scalar_subquery()
    return func.coalesce(latest, DECISION.review_on)


def _is_open() -> ColumnElement[bool]:
    """Whether it is still to be looked at again."""
    latest = _latest_outcome().correlate(StrategicDecision.__table__).scalar_subquery()
    return or_(~_has_outcome(), latest.is_not(None))


def _is_due(on: date) -> ColumnElement[bool]:
    return and_(_is_open(), has_come(_next_review(), on=on))


def _listed(wanted: Wanted, actor: Actor, on: date) -> Select[StrategicDecision]:
    query = select(StrategicDecision).options(joinedload(StrategicDecision.business).undefer(Business.shared))
    query = query.join(Business, Business.id == DECISION.business_id).where(visible_to(actor))
    if wanted.text.strip():
        query = query.where(
            has_words(wanted.text, DECISION.question, DECISION.decided, Business.__table__.c.name)
        )
    shows = {"due": _is_due(on), "ahead": and_(_is_open(), ~_is_due(on)), "done": ~_is_open()}
    return query.where(shows[wanted.show]) if wanted.show in shows else query


def decisions(
    wanted: Wanted, actor: Actor, *, on: date, cursor: str | None = None
) -> Slice[StrategicDecision]:
    """One page of the decisions that an actor may see, the newest first."""
    query = _listed(wanted, actor, on).options(selectinload(StrategicDecision.entries))
    return slice_of(query, NEWEST, cursor=cursor)


def named(text: str, actor: Actor, *, on: date, most: int) -> Sequence[StrategicDecision]:
    """A few of the decisions that an actor may see and that have these words, the newest first."""
    query = _listed(Wanted(text=text), actor, on)
    return session().scalars(query.order_by(DECISION.at.desc(), DECISION.id.desc()).limit(most)).all()


def every_decision(wanted: Wanted, actor: Actor, *, on: date) -> Sequence[StrategicDecision]:
    """The same for a file."""
    order = (DECISION.at.desc(), DECISION.id.desc())
    query = _listed(wanted, actor, on).options(selectinload(StrategicDecision.entries))
    return session().scalars(query.order_by(*order).limit(MOST_LISTED)).all()


def due(on: date) -> Sequence[StrategicDecision]:
    """Every decision whose review day has come, the longest due first."""
    query = _whole().where(_is_due(on))
    return session().scalars(query.order_by(_next_review(), DECISION.id).limit(MOST_LISTED)).unique().all()


def due_for(actor: Actor, on: date) -> Sequence[StrategicDecision]:
    """Those of the businesses in an actor's care or their own."""
    query = _whole().join(Business, Business.id == DECISION.business_id)
    query = query.where(businesses_visible_to(actor), _is_due(on))
    return session().scalars(query.order_by(_next_review(), DECISION.id).limit(MOST)).unique().all()


def was_reminded(found: StrategicDecision, review_on: date) -> bool:
    """Whether a review was reminded of already."""
    query = select(DecisionReminder.id).where(
        DecisionReminder.decision_id == found.id, DecisionReminder.review_on == review_on
    )
    return session().scalar(query) is not None


@dataclass(frozen=True)
class Known:
    """A fact as it stood, and the page of what it is about as it is now, where this person may open one."""

    words: str
    table: str = ""
    row_id: str = ""


def known_then(found: StrategicDecision, *, sees_secrets: bool, sees_business: bool) -> list[Known]:
    """What was known when a decision was taken. A right that is a trade secret now is named to those who may know it."""
    ids = [UUID(each["row_id"]) for each in found.known if each["table"] == RIGHT]
    rights = {str(each.id): each for each in session().scalars(select(Right).where(Right.id.in_(ids)))}
    return [
        _of_right_then(each, rights[each["row_id"]], sees_secrets=sees_secrets)
        if each["table"] == RIGHT
        else Known(**each)
        if sees_business
        else Known(each["words"])
        for each in found.known
    ]


def _of_right_then(fact: Mapping[str, str], right: Right, *, sees_secrets: bool) -> Known:
    if is_secret(right.kind) and not sees_secrets:
        return Known("A right that is a trade secret now")
    return Known(**fact) if right.removed_at is None else Known(fact["words"])


def secret_now(found: Sequence[StrategicDecision]) -> set[str]:
    """Which of the rights that were known then are trade secrets now: no file names them."""
    ids = {UUID(fact["row_id"]) for each in found for fact in each.known if fact["table"] == RIGHT}
    query = select(Right.id).where(Right.id.in_(ids), Right.kind == RightKind.TRADE_SECRET)
    return {str(each) for each in session().scalars(query)}


@remembered
def known_now(owner: Business) -> list[Fact]:
    """What the record knows of a business today that such a decision turns on. Trade secrets are left out."""
    whole = business(owner.id) or owner
    rights = rights_of(owner.id)
    facts = [_of_right(each) for each in rights]
    facts += [Fact(each) for each in incomes_in_words(portfolio_of(whole, with_secrets=False))]
    facts += [fact for name in (IP, EXPORT) if (fact := _of_readiness(owner.id, name))]
    year = whole.figures[0] if whole.figures else None
    if year is not None and year.turnover is not None:
        facts.append(Fact(f"Turnover of {year.turnover.in_full()} in {year.period}"))
    return facts


def _of_right(found: Right) -> Fact:
    words = f"{labels.KINDS[found.kind]}: {found.title}, {labels.STATUSES[found.status].lower()}"
    words += f", {found.number}" if found.number else ""
    is_renewed = found.renews_on is not None and found.status is not RightStatus.LAPSED
    words += f", to be renewed by {day_in_words(found.renews_on)}" if is_renewed and found.renews_on else ""
    return Fact(f"{words}. Owner: {found.owner}", RIGHT, str(found.id))


def _of_readiness(business_id: UUID, name: str) -> Fact | None:
    found = latest_finished(business_id, name)
    if found is None or found.score is None or found.finished_at is None:
        return None
    words = f"{found.question_set.title}: {in_words(found.score)} of 100, {band_in_words(found)}"
    day = day_in_words(day_of(found.finished_at))
    return Fact(f"{words}, finished on {day}", "readiness_check", str(found.id))
