"""Reads of readiness question sets, of assessments, and of how similar businesses stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck, ReadinessSet
from crm.diagnostics.policy import sees_results_of, visible_to
from crm.diagnostics.rules.comparing import Cohort, Similar, Taken, cohort, similar
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.workflow import ReadinessStatus, SetStatus
from crm.kernel.permissions import SYSTEM, Actor

SHIPPED_SETS = (IP, EXPORT)
CHECKS, SETS = ReadinessCheck.__table__.c, ReadinessSet.__table__.c
NEWEST = Order((CHECKS.begun_at, CHECKS.id), lambda row: (row.begun_at, row.id), is_descending=True)
MOST_OF_A_BUSINESS = 20
MOST_COMPARED = 100_000
MOST_IN_A_FILE = 10_000
NO_SECTOR = "none"
WAS_ASKED = (SetStatus.PUBLISHED, SetStatus.RETIRED)
WITH_RESULT = (joinedload(ReadinessCheck.question_set), undefer(ReadinessCheck.told))
"""What the result of an assessment is read from, in the statement that reads the assessment: its questions and what was answered."""


@cache
def shipped_set(name: str) -> Mapping[str, Any]:
    """A readiness question set as it comes with the product."""
    text = files("crm.diagnostics").joinpath(f"reference/{name}.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def versions() -> Sequence[ReadinessSet]:
    """Every version of every readiness set, the newest of each first; drafts that were discarded too, so that no number lacks."""
    query = select(ReadinessSet).order_by(SETS.name, SETS.number.desc())
    return session().scalars(query.limit(200)).all()


class Listed(NamedTuple):
    """A version as a search names it, without its questions."""

    id: UUID
    title: str
    number: int
    status: SetStatus


def listed() -> list[Listed]:
    """Every version of every readiness set in short, the newest of each first."""
    query = select(SETS.id, SETS.title, SETS.number, SETS.status).where(SETS.status != SetStatus.DISCARDED)
    rows = session().execute(query.order_by(SETS.name, SETS.number.desc()).limit(200))
    return [Listed(*each) for each in rows]


def version(version_id: UUID) -> ReadinessSet | None:
    """One version of one readiness set."""
    return session().get(ReadinessSet, version_id)


def versions_of(name: str) -> Sequence[ReadinessSet]:
    """The versions of one set, the newest first."""
    query = select(ReadinessSet).where(SETS.name == name).order_by(SETS.number.desc())
    return session().scalars(query.limit(100)).all()


def version_numbered(name: str, number: int) -> ReadinessSet | None:
    """A version that is asked, or was."""
    asked = (SETS.name == name, SETS.number == number, SETS.status.in_(WAS_ASKED))
    return session().scalar(select(ReadinessSet).where(*asked))


@remembered
def latest_finished(business_id: UUID, name: str) -> ReadinessCheck | None:
    """The assessment of a set that a business finished last, with what was answered; not with who answered what."""
    asked = (CHECKS.business_id == business_id, CHECKS.set_name == name)
    query = select(ReadinessCheck).options(*_with_business(), *WITH_RESULT)
    query = query.where(*asked, CHECKS.status == ReadinessStatus.FINISHED)
    return session().scalar(query.order_by(CHECKS.finished_at.desc(), CHECKS.id).limit(1))


def published_set(name: str) -> ReadinessSet | None:
    """The version of a set that is asked today."""
    return session().scalar(select(ReadinessSet).where(SETS.name == name, SETS.status == SetStatus.PUBLISHED))


def asked_last(name: str) -> ReadinessSet | None:
    """The version of a set that is asked today or, where it is closed, the one that was asked last."""
    found = published_set(name)
    if found is not None:
        return found
    query = select(ReadinessSet).where(SETS.name == name, SETS.status == SetStatus.RETIRED)
    return session().scalar(query.order_by(SETS.retired_at.desc(), SETS.number.desc()).limit(1))


def published_sets() -> Sequence[ReadinessSet]:
    """What can be begun today."""
    query = select(ReadinessSet).where(SETS.status == SetStatus.PUBLISHED).order_by(SETS.name.desc())
    return session().scalars(query.limit(20)).all()


def shown_sets(actor: Actor) -> Sequence[ReadinessSet]:
    """The sets whose results a person can see, each as it is asked today or, once closed, as it was asked last."""
    query = select(ReadinessSet).where(_is_shown()).order_by(SETS.name.desc())
    rows = session().scalars(query.limit(20)).all()
    return [each for each in rows if sees_results_of(actor, each.name)]


def _is_shown() -> ColumnElement[bool]:
    """That a version is asked today or, where its set is closed, was asked last."""
    other = ReadinessSet.__table__.alias()
    is_later = (other.c.status == SetStatus.RETIRED) & (other.c.number > SETS.number)
    instead = select(other.c.id).where(
        other.c.name == SETS.name, (other.c.status == SetStatus.PUBLISHED) | is_later
    )
    is_last = (SETS.status == SetStatus.RETIRED) & ~instead.exists()
    return (SETS.status == SetStatus.PUBLISHED) | is_last


def latest_set(name: str) -> ReadinessSet | None:
    """A set as it is asked today or, once closed, as it was asked last."""
    return next((each for each in shown_sets(SYSTEM) if each.name == name), None)


def band_names(name: str) -> dict[tuple[UUID, str], str]:
    """What each version of a set calls each of its results, by version and key: a later version may change the words."""
    query = select(SETS.id, ReadinessSet.content["bands"]).where(SETS.name == name)
    rows = session().execute(query.where(SETS.status.in_(WAS_ASKED)).limit(100))
    return {(version, each["id"]): each["name"] for version, bands in rows for each in bands}


def counts_under(found: ReadinessSet) -> dict[ReadinessStatus, int]:
    """How many assessments were made under one version, finished or not."""
    query = select(CHECKS.status, func.count()).where(CHECKS.set_id == found.id).group_by(CHECKS.status)
    return {row[0]: row[1] for row in session().execute(query)}


def counts_of(name: str) -> dict[ReadinessStatus, int]:
    """How many assessments were made under all versions of a set, finished or not."""
    query = select(CHECKS.status, func.count()).where(CHECKS.set_name == name).group_by(CHECKS.status)
    return {row[0]: row[1] for row in session().execute(query)}


def _with_business() -> tuple[Any, ...]:
    """An assessment with its business as policies need it, whether anybody is there, and whether it agrees to be passed on."""
    business = joinedload(ReadinessCheck.business)
    asked = (Business.shared, Business.has_person, Business.passed_on)
    return tuple(business.undefer(each) for each in asked)


def _whole() -> Select[ReadinessCheck]:
    return select(ReadinessCheck).options(
        joinedload(ReadinessCheck.question_set).undefer(ReadinessSet.is_asked),
        *_with_business(),
        selectinload(ReadinessCheck.answers).joinedload(ReadinessAnswer.by).joinedload(Account.grants),
    )


def assessment(readiness_id: UUID) -> ReadinessCheck | None:
    """One assessment with its questions, its answers and its business, as they are now."""
    query = _whole().where(CHECKS.id == readiness_id).execution_options(populate_existing=True)
    return session().scalar(query)


def hold(found: ReadinessCheck) -> ReadinessStatus:
    """Let nobody else answer or finish until this transaction ends, and say where it stands now."""
    session().refresh(found, ["_status", "circumstances", "version"], with_for_update=True)
    return found.status


def answers_now(found: ReadinessCheck) -> dict[str, ReadinessAnswer]:
    """The answers of an assessment as they are at this moment, by question."""
    query = (
        select(ReadinessAnswer)
        .where(ReadinessAnswer.check_id == found.id)
        .options(joinedload(ReadinessAnswer.by))
        .execution_options(populate_existing=True)
    )
    return {each.question: each for each in session().scalars(query)}


@remembered
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
    """The assessments of a business, the newest first: by when each was finished, or else begun."""
    query = select(ReadinessCheck).where(CHECKS.business_id == business_id)
    query = query.options(joinedload(ReadinessCheck.question_set))
    newest = (func.coalesce(CHECKS.finished_at, CHECKS.begun_at).desc(), CHECKS.id)
    return session().scalars(query.order_by(*newest).limit(MOST_OF_A_BUSINESS)).all()


def standing(business_id: UUID, name: str) -> tuple[ReadinessSet | None, list[ReadinessCheck]]:
    """A set as `latest_set` says, and the assessments of it by a business with their results, the newest first: in one statement."""
    is_of = and_(CHECKS.set_id == SETS.id, CHECKS.business_id == business_id)
    query = select(ReadinessSet, ReadinessCheck, _is_shown()).outerjoin(ReadinessCheck, is_of)
    query = query.where(SETS.name == name, or_(_is_shown(), CHECKS.id.is_not(None)))
    query = query.options(contains_eager(ReadinessCheck.question_set), undefer(ReadinessCheck.told))
    newest = (CHECKS.id.is_not(None), func.coalesce(CHECKS.finished_at, CHECKS.begun_at).desc(), CHECKS.id)
    rows: Sequence[Any] = session().execute(query.order_by(*newest).limit(MOST_OF_A_BUSINESS + 1)).all()
    shown = next((found for found, _, is_shown in rows if is_shown), None)
    return shown, [check for _, check, _ in rows if check is not None]


def finished_by(business_ids: Iterable[UUID], name: str, *, by: Actor) -> Sequence[ReadinessCheck]:
    """The finished assessments of a set by some businesses, of those that an actor may see, the earliest first."""
    is_theirs = (CHECKS.business_id.in_(list(business_ids)), CHECKS.set_name == name)
    query = select(ReadinessCheck).join(ReadinessCheck.business)
    query = query.where(*is_theirs, CHECKS.status == ReadinessStatus.FINISHED, visible_to(by))
    return session().scalars(query.order_by(CHECKS.finished_at, CHECKS.id).limit(MOST_IN_A_FILE)).all()


def unfinished(business_ids: Iterable[UUID]) -> Sequence[ReadinessCheck]:
    """The assessments that some businesses have begun and not finished, the one begun first leading."""
    query = select(ReadinessCheck).where(
        CHECKS.business_id.in_(list(business_ids)), CHECKS.status == ReadinessStatus.ANSWERING
    )
    query = query.options(joinedload(ReadinessCheck.business), joinedload(ReadinessCheck.question_set))
    return session().scalars(query.order_by(CHECKS.begun_at, CHECKS.id).limit(MOST_OF_A_BUSINESS)).all()


@remembered
def beside(found: ReadinessCheck) -> Sequence[ReadinessCheck]:
    """What a result is read beside: of the same set the one before it and the newest, and the latest of the other set."""
    own, same = CHECKS.business_id == found.business_id, CHECKS.set_name == found.set_name
    ids = select(CHECKS.id).where(own, same, CHECKS.status == ReadinessStatus.FINISHED)
    ids = ids.order_by(CHECKS.finished_at.desc(), CHECKS.id).limit(1)
    before = ids.where(CHECKS.finished_at < found.finished_at).scalar_subquery()
    newest = ids.where(CHECKS.finished_at > found.finished_at).scalar_subquery()
    is_other = and_(own, ~same, _is_latest())
    query = select(ReadinessCheck).where(or_(CHECKS.id == before, CHECKS.id == newest, is_other))
    return session().scalars(query.options(*WITH_RESULT).order_by(CHECKS.finished_at, CHECKS.id)).all()


def neighbours(found: ReadinessCheck) -> tuple[ReadinessCheck | None, ReadinessCheck | None]:
    """Of the assessments of the same set that the business finished: the one before this, and the newest where this is older."""
    rows = [each for each in beside(found) if each.set_name == found.set_name]
    earlier = [each for each in rows if _finished_at(each) < _finished_at(found)]
    later = [each for each in rows if _finished_at(each) > _finished_at(found)]
    return next(iter(earlier), None), next(iter(later), None)


def _finished_at(found: ReadinessCheck) -> datetime:
    assert found.finished_at is not None
    return found.finished_at


def similar_to(found: ReadinessCheck) -> Similar | None:
    """How other businesses of the sector stand at their latest; None where too few could be told apart."""
    areas = [each["id"] for each in found.question_set.content["areas"]]
    return similar_in(found.set_name, found.sector, areas=areas, but=found.business_id)


def similar_in(
    name: str, sector: str | None, *, areas: Iterable[str], but: UUID | None = None
) -> Similar | None:
    """How the businesses of a sector stand, but for one of them."""
    if sector is None:
        return None
    query = _finished(name).where(CHECKS.sector == sector)
    return similar(_taken(query.where(CHECKS.business_id != but) if but else query), areas)


def _finished(name: str) -> Select[Any]:
    """The finished assessments of one set as comparisons read them, the earliest first; the scores of areas as they are kept."""
    asked = (CHECKS.business_id, CHECKS.score, cast(CHECKS.areas, Text), CHECKS.band, CHECKS.sector)
    query = select(*asked, CHECKS.set_id).where(
        CHECKS.set_name == name, CHECKS.status == ReadinessStatus.FINISHED
    )
    return query.order_by(CHECKS.finished_at, CHECKS.id).limit(MOST_COMPARED)


def _taken(query: Select[Any]) -> list[Taken]:
    """The rows of `_finished`. Ten thousand small texts read as one take a third of the time that each takes alone."""
    rows = session().execute(query).all()
    areas = json.loads(f"[{','.join(row[2] for row in rows)}]")
    return [
        Taken(owner, score, read, band, sector, version)
        for (owner, score, _, band, sector, version), read in zip(rows, areas, strict=True)
    ]


def cohort_of(actor: Actor, name: str) -> Cohort:
    """How the businesses stand whose assessments of a set an actor may see; each result is called what it was called then."""
    query = _finished(name).join(Business, Business.id == CHECKS.business_id).where(visible_to(actor))
    return cohort(_taken(query), band_names(name))


@dataclass(frozen=True)
class Wanted:
    """Which assessments a list shows: of one set, and of it those whose latest result is in one band or sector.

    ``band`` is what the result is called, ``bands`` the versions and keys that call it so. ``is_finished`` leaves out
    what is not finished. ``change`` is how the latest compares with the first: a key of `CHANGES`.
    """

    name: str = ""
    band: str = ""
    sector: str = ""
    bands: tuple[tuple[UUID, str], ...] = ()
    is_finished: bool = False
    change: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL over `ReadinessCheck`."""
        asked = [CHECKS.set_name == self.name] if self.name else []
        if self.band or self.sector or self.change:
            asked.append(_is_latest())
        asked += [_has_changed(self.change)] if self.change not in ("", "latest") else []
        asked += [CHECKS.status == ReadinessStatus.FINISHED] if self.is_finished else []
        called = [(CHECKS.set_id == version) & (CHECKS.band == key) for version, key in self.bands]
        asked += [or_(*called)] if self.band else []
        is_in = CHECKS.sector.is_(None) if self.sector == NO_SECTOR else CHECKS.sector == self.sector
        return [*asked, is_in] if self.sector else asked


def _is_latest() -> ColumnElement[bool]:
    """That a business finished no other assessment of the set after this one."""
    later = ReadinessCheck.__table__.alias()
    is_after = (later.c.finished_at > CHECKS.finished_at) | (
        (later.c.finished_at == CHECKS.finished_at) & (later.c.id > CHECKS.id)
    )
    after = select(later.c.id).where(
        later.c.business_id == CHECKS.business_id,
        later.c.set_name == CHECKS.set_name,
        later.c.status == ReadinessStatus.FINISHED,
        is_after,
    )
    return and_(CHECKS.status == ReadinessStatus.FINISHED, ~after.exists())


def _has_changed(change: str) -> ColumnElement[bool]:
    """How an assessment compares with the first that its business finished of the set."""
    first = ReadinessCheck.__table__.alias()
    same = (first.c.business_id == CHECKS.business_id, first.c.set_name == CHECKS.set_name)
    query = select(first.c.id).where(*same, first.c.status == ReadinessStatus.FINISHED)
    query = query.order_by(first.c.finished_at, first.c.id).limit(1).correlate(ReadinessCheck.__table__)
    before = ReadinessCheck.__table__.alias()
    compared = {
        "again": before.c.id != CHECKS.id,
        "higher": before.c.score < CHECKS.score,
        "same": before.c.score == CHECKS.score,
        "lower": before.c.score > CHECKS.score,
        "across": before.c.set_id != CHECKS.set_id,
    }[change]
    is_first = before.c.id == query.scalar_subquery()
    return select(before.c.id).where(is_first, before.c.id != CHECKS.id, compared).exists()


def assessments(actor: Actor, wanted: Wanted, *, cursor: str | None = None) -> Slice[ReadinessCheck]:
    """One page of the assessments that an actor may see, the newest first."""
    return slice_of(_listed(actor, wanted), NEWEST, cursor=cursor)


def every_assessment(actor: Actor, wanted: Wanted) -> Sequence[ReadinessCheck]:
    """The same for a file."""
    query = _listed(actor, wanted).order_by(CHECKS.begun_at.desc(), CHECKS.id.desc())
    return session().scalars(query.limit(MOST_IN_A_FILE)).all()


def _listed(actor: Actor, wanted: Wanted) -> Select[ReadinessCheck]:
    return (
        select(ReadinessCheck)
        .join(ReadinessCheck.business)
        .where(visible_to(actor), *wanted.conditions())
        .options(joinedload(ReadinessCheck.business), selectinload(ReadinessCheck.question_set))
    )
