"""The rows of a list: one page of them, all of them, how many; each with what people decide by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from crm.accounts.models import Account
from crm.businesses.models import Business, Person, YearlyFigures
from crm.businesses.policy import visible_to
from crm.businesses.queries.seeing import people_by_business
from crm.caseload.policy import Led
from crm.caseload.queries.leads import leads_of
from crm.caseload.queries.tags import tags_of
from crm.casework.models import SupportHours
from crm.casework.queries.conversations import COUNTS
from crm.casework.workflow import HoursStatus
from crm.db.paging import Slice, slice_of
from crm.db.session import session
from crm.diagnostics.workflow import DiagnosisStatus
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.queries.asking import BUSINESSES, DIAGNOSES, TALKS, conditions, newest_first, ordered, steps_of
from crm.lists.rules import Wanted

HOURS = SupportHours.__table__.c
COUNTED, AT_ONCE = 10_000, 500


@dataclass(frozen=True)
class Step:
    """What is to be done first about a business, and by when."""

    title: str
    due_on: date | None


@dataclass(frozen=True)
class Row:
    """One business of a list, with what people decide by. ``needs`` are those of its latest diagnosis, the gravest first."""

    business: Business
    led: Led
    last_on: date | None
    step: Step | None
    needs: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def lead(self) -> Account | None:
        """The lead adviser."""
        return self.led.lead.account if self.led.lead else None


def page_of_rows(wanted: Wanted, actor: Actor, *, cursor: str | None = None) -> Slice[Row]:
    """One page of a list, in its order."""
    query, order = ordered(wanted, conditions(wanted, actor))
    found = slice_of(query, order, cursor=cursor, of_columns=True)
    return Slice(tuple(rows_of([each.id for each in found.rows], actor)), found.after, found.before)


def count(wanted: Wanted, actor: Actor) -> int:
    """How many businesses a list has, up to the most that are counted, and one more."""
    return counts((wanted,), actor)[0]


def counts(several: Sequence[Wanted], actor: Actor) -> list[int]:
    """The same of several lists, in one statement."""
    some = [select(BUSINESSES.id).where(*conditions(each, actor)).limit(COUNTED + 1) for each in several]
    found = [select(func.count()).select_from(each.subquery()).scalar_subquery() for each in some]
    return list(session().execute(select(*found)).one())


def every_id(wanted: Wanted, actor: Actor, *, most: int | None = None) -> list[UUID]:
    """The ids of all the businesses of a list, in its order."""
    query, order = ordered(wanted, conditions(wanted, actor))
    sort = [column.desc() if order.is_descending else column.asc() for column in order.columns]
    return [row.id for row in session().execute(query.order_by(*sort).limit(most))]


@dataclass(frozen=True)
class Whole:
    """A row with what only a file of the list says: whom to call, the quarter-hours of help, and the latest turnover."""

    row: Row
    person: Person | None
    quarters: int
    figures: YearlyFigures | None


def every_row(wanted: Wanted, actor: Actor) -> Iterator[Whole]:
    """Every row of a list, in its order, for a file: some hundreds are read at a time."""
    ids = iter(every_id(wanted, actor))
    while some := list(islice(ids, AT_ONCE)):
        people, quarters, figures = people_by_business(some), _quarters(some), _figures(some)
        for row in rows_of(some, actor):
            key = row.business.id
            here = [each for each in people.get(key, ()) if not each.left_on and (each.phone or each.email)]
            yield Whole(row, here[0] if here else None, quarters.get(key, 0), figures.get(key))


def _quarters(ids: Collection[UUID]) -> dict[UUID, int]:
    """The quarter-hours of help that each was given: those that it disputes and those that were taken back count nowhere."""
    counts = (HOURS.voided_at.is_(None), HOURS.status != HoursStatus.DISPUTED)
    query = select(HOURS.business_id, func.sum(HOURS.quarters).label("quarters"))
    query = query.where(HOURS.business_id.in_(ids), *counts).group_by(HOURS.business_id)
    return {row.business_id: int(row.quarters) for row in session().execute(query)}


def _figures(ids: Collection[UUID]) -> dict[UUID, YearlyFigures]:
    """The latest figures of each that say a turnover."""
    query = select(YearlyFigures).where(
        YearlyFigures.business_id.in_(ids), YearlyFigures.turnover.is_not(None)
    )
    return {each.business_id: each for each in session().scalars(query.order_by(YearlyFigures.year_end))}


def led_among(business_ids: Collection[UUID], actor: Actor) -> list[Led]:
    """Those of some businesses that a person may see, by name, each with who leads it."""
    query = select(Business).options(undefer(Business.shared)).where(BUSINESSES.id.in_(list(business_ids)))
    query = query.where(visible_to(actor)).order_by(BUSINESSES.sort_name, BUSINESSES.id)
    found, leads = session().scalars(query).all(), leads_of(business_ids)
    return [Led(each, leads.get(each.id)) for each in found]


def rows_of(business_ids: Sequence[UUID], actor: Actor) -> list[Row]:
    """The rows of some businesses, in this order: as many statements for one as for many."""
    ids = list(business_ids)
    if not ids:
        return []
    found, leads = _businesses(ids), leads_of(ids)
    spoken, steps, needs, tags = _last_contacts(ids), _steps(ids), _needs(ids), tags_of(ids, actor)
    return [
        Row(
            business=found[each],
            led=Led(found[each], leads.get(each)),
            last_on=spoken.get(each),
            step=steps.get(each),
            needs=needs.get(each, ()),
            tags=tuple(tag.name for tag in tags.get(each, ())),
        )
        for each in ids
        if each in found
    ]


def _businesses(ids: Collection[UUID]) -> dict[UUID, Business]:
    query = select(Business).options(joinedload(Business.hub), undefer(Business.shared))
    return {each.id: each for each in session().scalars(query.where(BUSINESSES.id.in_(ids)))}


def _last_contacts(ids: Collection[UUID]) -> dict[UUID, date]:
    query = select(TALKS.business_id, func.max(TALKS.happened_on).label("on")).where(
        TALKS.business_id.in_(ids), *COUNTS
    )
    rows = session().execute(query.group_by(TALKS.business_id))
    return {row.business_id: row.on for row in rows}


def _steps(ids: list[UUID]) -> dict[UUID, Step]:
    return {row.business_id: Step(row.title, row.due_on) for row in session().execute(steps_of(ids))}


def _needs(ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The needs that the latest finished diagnosis of each found, the gravest first."""
    place = func.row_number().over(partition_by=DIAGNOSES.business_id, order_by=newest_first())
    query = select(DIAGNOSES.business_id, DIAGNOSES.needs, place.label("place"))
    query = query.where(DIAGNOSES.business_id.in_(ids), DIAGNOSES.status == DiagnosisStatus.FINISHED)
    latest = query.subquery()
    rows = session().execute(select(latest.c.business_id, latest.c.needs).where(latest.c.place == 1))
    return {row.business_id: tuple(sorted(row.needs, key=lambda need: -row.needs[need])) for row in rows}


def change_of_many(bulk_change_id: UUID) -> BulkChange | None:
    """What was done to several businesses at once."""
    return session().get(BulkChange, bulk_change_id)
