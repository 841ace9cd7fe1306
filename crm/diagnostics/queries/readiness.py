"""Reads of readiness question sets, of assessments, and of how similar businesses stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck, ReadinessSet
from crm.diagnostics.policy import visible_to
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.rules.scoring import FEWEST_SIMILAR, tenths
from crm.diagnostics.workflow import ReadinessStatus, SetStatus
from crm.kernel.permissions import Actor

SHIPPED = (IP, EXPORT)
CHECKS, SETS = ReadinessCheck.__table__.c, ReadinessSet.__table__.c
NEWEST = Order((CHECKS.begun_at, CHECKS.id), lambda row: (row.begun_at, row.id), is_descending=True)
MOST_OF_A_BUSINESS = 20


@dataclass(frozen=True)
class Similar:
    """How other businesses of one sector stand: how many they are, and their mean score in tenths."""

    count: int
    score: int


@cache
def shipped_set(name: str) -> Mapping[str, Any]:
    """A readiness question set as it comes with the product."""
    text = files("crm.diagnostics").joinpath(f"reference/{name}.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def versions() -> Sequence[ReadinessSet]:
    """Every version of every readiness set, the newest of each first."""
    return session().scalars(select(ReadinessSet).order_by(SETS.name, SETS.number.desc()).limit(200)).all()


def version(version_id: UUID) -> ReadinessSet | None:
    """One version of one readiness set."""
    return session().get(ReadinessSet, version_id)


def versions_of(name: str) -> Sequence[ReadinessSet]:
    """The versions of one set, the newest first."""
    query = select(ReadinessSet).where(SETS.name == name).order_by(SETS.number.desc())
    return session().scalars(query.limit(100)).all()


def published_set(name: str) -> ReadinessSet | None:
    """The version of a set that is asked today."""
    return session().scalar(select(ReadinessSet).where(SETS.name == name, SETS.status == SetStatus.PUBLISHED))


def published_sets() -> Sequence[ReadinessSet]:
    """What can be begun today."""
    query = select(ReadinessSet).where(SETS.status == SetStatus.PUBLISHED).order_by(SETS.name.desc())
    return session().scalars(query.limit(20)).all()


def _whole() -> Select[ReadinessCheck]:
    business = joinedload(ReadinessCheck.business)
    return select(ReadinessCheck).options(
        joinedload(ReadinessCheck.question_set),
        business.selectinload(Business.shares),
        business.selectinload(Business.figures),
        selectinload(ReadinessCheck.answers).joinedload(ReadinessAnswer.by),
    )


def assessment(readiness_id: UUID) -> ReadinessCheck | None:
    """One assessment with its questions, its answers and its business, as they are now."""
    query = _whole().where(CHECKS.id == readiness_id).execution_options(populate_existing=True)
    return session().scalar(query)


def hold(found: ReadinessCheck) -> ReadinessStatus:
    """Let nobody else answer or finish until this transaction ends, and say where it stands now."""
    query = select(CHECKS.status).where(CHECKS.id == found.id).with_for_update()
    status: ReadinessStatus = session().execute(query).scalar_one()
    return status


def answers_now(found: ReadinessCheck) -> dict[str, ReadinessAnswer]:
    """The answers of an assessment as they are at this moment, by question."""
    query = (
        select(ReadinessAnswer)
        .where(ReadinessAnswer.check_id == found.id)
        .options(joinedload(ReadinessAnswer.by))
        .execution_options(populate_existing=True)
    )
    return {each.question: each for each in session().scalars(query)}


def answering(business_id: UUID, name: str) -> ReadinessCheck | None:
    """The assessment of a business that is begun and not finished, under whichever version it was begun."""
    return session().scalar(
        _whole().where(
            CHECKS.business_id == business_id,
            CHECKS.set_name == name,
            CHECKS.status == ReadinessStatus.ANSWERING,
        )
    )


def assessments_of(business_id: UUID) -> Sequence[ReadinessCheck]:
    """The assessments of a business, the newest first."""
    query = select(ReadinessCheck).where(CHECKS.business_id == business_id)
    query = query.options(selectinload(ReadinessCheck.question_set))
    return (
        session().scalars(query.order_by(CHECKS.begun_at.desc(), CHECKS.id).limit(MOST_OF_A_BUSINESS)).all()
    )


def unfinished(business_ids: Iterable[UUID]) -> Sequence[ReadinessCheck]:
    """The assessments that some businesses have begun and not finished, the one begun first leading."""
    query = select(ReadinessCheck).where(
        CHECKS.business_id.in_(list(business_ids)), CHECKS.status == ReadinessStatus.ANSWERING
    )
    query = query.options(joinedload(ReadinessCheck.business), selectinload(ReadinessCheck.question_set))
    return session().scalars(query.order_by(CHECKS.begun_at, CHECKS.id).limit(MOST_OF_A_BUSINESS)).all()


def one_before(found: ReadinessCheck) -> ReadinessCheck | None:
    """The assessment of the same set that the business finished before this one."""
    query = select(ReadinessCheck).where(
        CHECKS.business_id == found.business_id,
        CHECKS.set_name == found.set_name,
        CHECKS.status == ReadinessStatus.FINISHED,
        CHECKS.finished_at < found.finished_at,
    )
    query = query.options(joinedload(ReadinessCheck.question_set))
    return session().scalar(query.order_by(CHECKS.finished_at.desc()).limit(1))


def similar_to(found: ReadinessCheck) -> Similar | None:
    """How other businesses of the sector stand at their latest; None where too few could be told apart."""
    if found.sector is None:
        return None
    place = func.row_number().over(partition_by=CHECKS.business_id, order_by=CHECKS.finished_at.desc())
    latest = (
        select(CHECKS.score, place.label("place"))
        .where(
            CHECKS.set_name == found.set_name,
            CHECKS.sector == found.sector,
            CHECKS.status == ReadinessStatus.FINISHED,
            CHECKS.business_id != found.business_id,
        )
        .subquery()
    )
    query = select(func.count(), func.sum(latest.c.score)).where(latest.c.place == 1)
    count, total = session().execute(query).one()
    return Similar(count, tenths(Fraction(int(total), count * 10))) if count >= FEWEST_SIMILAR else None


def assessments(actor: Actor, *, name: str = "", cursor: str | None = None) -> Slice[ReadinessCheck]:
    """One page of the assessments that an actor may see, the newest first; of one set, where it is named."""
    query = (
        select(ReadinessCheck)
        .join(ReadinessCheck.business)
        .where(visible_to(actor), *([CHECKS.set_name == name] if name else []))
        .options(joinedload(ReadinessCheck.business), selectinload(ReadinessCheck.question_set))
    )
    return slice_of(query, NEWEST, cursor=cursor)
