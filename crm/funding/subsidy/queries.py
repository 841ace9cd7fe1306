"""Reads of subsidies: of one business or of its whole enterprise, what still fits on a day, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from operator import itemgetter
from uuid import UUID

from sqlalchemy import CompoundSelect, Row, Select, or_, select, union_all
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.promising import Promised, promised_to
from crm.db.remembering import remembered
from crm.db.session import session
from crm.figures.queries import NoFigure, figure_on, first_days_of
from crm.funding.subsidy.models import EnterpriseLink, Subsidy
from crm.funding.subsidy.rules import (
    YEARS_BEFORE,
    Fit,
    Gift,
    LimitOn,
    Room,
    Year,
    counted,
    enterprises,
    tightest,
    window,
    years,
)
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.calendar import FinancialYear, day_in_words
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY, Money

MOST = 500
TO_GIVE = (SubsidyStatus.PREPARED, SubsidyStatus.NOTIFIED, SubsidyStatus.CONFIRMED)
STATUS = Subsidy.__table__.c.status
NEWEST_FIRST = Order(
    (Subsidy.__table__.c.given_on, Subsidy.__table__.c.id),
    lambda each: (each.given_on, each.id),
    is_descending=True,
)


def limit_on(day: date) -> Money:
    """The limit of minimal financial assistance on a day."""
    found = figure_on("subsidy.limit", on=day)
    assert isinstance(found, Money)
    return found


def limits() -> LimitOn:
    """The same, asked for each day once."""
    return cache(limit_on)


def threshold_on(day: date) -> Money:
    """Above which sum a subsidy is published in the national database."""
    found = figure_on("subsidy.transparency", on=day)
    assert isinstance(found, Money)
    return found


def warning_on(day: date) -> int:
    """From which share of the limit, in per cent, to warn."""
    return int(figure_on("subsidy.warn", on=day))


def why_not_known(day: date) -> str | None:
    """Why it cannot be said what could be given on a day: we hold no limit, or no share to warn at, for it."""
    if _is_known(day):
        return None
    earlier = [each for each in first_days_of("subsidy.limit", "subsidy.warn", by=today()) if _is_known(each)]
    first = f" Enter {day_in_words(earlier[0])} or a later day." if earlier and day < earlier[0] else ""
    return f"We hold no limit of subsidies for {day_in_words(day)}.{first}"


def _is_known(day: date) -> bool:
    try:
        limit_on(day), warning_on(day)
    except NoFigure:
        return False
    return True


@remembered
def subsidy(subsidy_id: UUID) -> Subsidy | None:
    """One subsidy with its business."""
    return session().scalar(_whole().where(Subsidy.id == subsidy_id))


def _whole() -> Select[Subsidy]:
    return select(Subsidy).options(
        joinedload(Subsidy.business).undefer(Business.shared), joinedload(Subsidy.recorded_by)
    )


def subsidies_of(business_ids: Collection[UUID]) -> Sequence[Subsidy]:
    """What some businesses were or are to be given, the newest first; cancelled ones too."""
    query = _whole().where(Subsidy.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(Subsidy.given_on.desc(), Subsidy.id).limit(MOST)).all()


def register(status: SubsidyStatus | None = None, cursor: str | None = None) -> Slice[Subsidy]:
    """One page of the subsidies in a state, or of all of them, the newest first."""
    return slice_of(_in(status), NEWEST_FIRST, cursor=cursor)


def every_subsidy(status: SubsidyStatus | None = None) -> Sequence[Subsidy]:
    """Every subsidy in a state, or all of them, the newest first: for a file."""
    return session().scalars(_in(status).order_by(Subsidy.given_on.desc(), Subsidy.id)).all()


def _in(status: SubsidyStatus | None) -> Select[Subsidy]:
    return _whole() if status is None else _whole().where(STATUS.in_([status]))


def links_of(business_ids: Collection[UUID]) -> Sequence[EnterpriseLink]:
    """The parents of some businesses that hold now."""
    query = select(EnterpriseLink).options(joinedload(EnterpriseLink.business).undefer(Business.shared))
    query = query.where(EnterpriseLink.business_id.in_(list(business_ids)), EnterpriseLink.ended_at.is_(None))
    return session().scalars(query.order_by(EnterpriseLink.recorded_at, EnterpriseLink.id).limit(MOST)).all()


def link_of(business_id: UUID, link_id: UUID) -> EnterpriseLink | None:
    """One parent of just this business that holds now."""
    return next((each for each in links_of([business_id]) if each.id == link_id), None)


@remembered
def groups_of(business_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The enterprise that each business belongs to, itself included: one query, however many there are (P41)."""
    wanted = list(business_ids)
    numbers: dict[UUID, list[str]] = {each: [] for each in wanted}
    for business_id, number in session().execute(_numbers(wanted)):
        numbers.setdefault(business_id, []).append(number or "")
    found = enterprises(numbers)
    return {each: found[each] for each in wanted}


def _numbers(business_ids: Collection[UUID]) -> CompoundSelect[UUID, str | None]:
    """Each parent that a business is linked to, and the own number of these businesses, of linked ones and of parents."""
    links = select(EnterpriseLink.business_id, EnterpriseLink.parent_number).where(
        EnterpriseLink.ended_at.is_(None)
    )
    children, parents = (select(each) for each in links.subquery().c)
    own = select(Business.id, Business.company_number).where(
        Business.company_number.is_not(None),
        or_(
            Business.id.in_(list(business_ids)),
            Business.id.in_(children),
            Business.company_number.in_(parents),
        ),
    )
    return union_all(links, own)


def group_of(business_id: UUID) -> frozenset[UUID]:
    """The enterprise that a business belongs to, itself included."""
    return groups_of([business_id])[business_id]


def gifts_of(business_ids: Collection[UUID], *, besides: UUID | None = None) -> list[Gift]:
    """What counts for some businesses together: given, recorded, and what is being given on its planned day."""
    return [gift for gift, _ in _gifts(business_ids, besides=besides)]


def _gifts(business_ids: Collection[UUID], *, besides: UUID | None = None) -> list[tuple[Gift, bool]]:
    """The same, each with whether it is still to be given."""
    rows = _counting(frozenset(business_ids))
    return [(Gift(each.given_on, each.amount), each.status in TO_GIVE) for each in rows if each.id != besides]


@remembered
def _counting(business_ids: frozenset[UUID]) -> Sequence[Row[UUID, UUID, date, Money, SubsidyStatus]]:
    """The subsidies of some businesses that were not cancelled."""
    query = select(Subsidy.business_id, Subsidy.id, Subsidy.given_on, Subsidy.amount, STATUS)
    query = query.where(Subsidy.business_id.in_(business_ids), STATUS != SubsidyStatus.CANCELLED)
    return session().execute(query).all()


@dataclass(frozen=True)
class Standing:
    """Where an enterprise stands on a day: its limit, what counts against it year by year, and the room that is left.

    ``to_give`` is what of ``counted`` is prepared and not given yet. ``promised`` is what was decided by that day and is not in the
    register yet: it leaves less, from its decision on (decision 0114).
    """

    on: date
    limit: Money
    counted: Money
    to_give: Money
    years: list[Year]
    room: Room
    promised: tuple[Promised, ...] = ()

    def opens(self, name: str, found: Subsidy) -> bool:
        """Whether a subsidy is one of those that a sum adds up: of a financial year, of ``SUMS``, or any at all."""
        first, last = window(self.on)
        counts = found.status is not SubsidyStatus.CANCELLED
        if name == "later":
            return counts and self.on < found.given_on <= self.until
        within = counts and first <= found.given_on <= last
        if name == "to_give":
            return within and found.status in TO_GIVE
        return not name or (within and name in ("all", str(FinancialYear.of(found.given_on))))

    @property
    def over(self) -> Money | None:
        """By how much the limit is passed, with later help and what is decided; None where it is not."""
        return -self.room.left if self.room.left < NO_MONEY else None

    @property
    def group(self) -> frozenset[UUID]:
        """The businesses that are counted together."""
        return self.room.members

    @property
    def largest(self) -> Money:
        """The most that can still be given."""
        return self.room.fits

    @property
    def until(self) -> date:
        """The day that leaves least: the day itself, or a later one."""
        return self.room.until or self.on

    @property
    def taken_later(self) -> Money:
        """By how much later help narrows the room: what will count, without what stops counting until then."""
        return max(NO_MONEY, self.limit - self.counted - (self.room.limit - self.room.counted))

    @property
    def stops_before(self) -> Money:
        """What counts today and stops counting before the later help is all given."""
        return self.counted + self.room.planned - self.room.counted


def standing_of(business_id: UUID, *, on: date, is_told: bool = False) -> Standing:
    """Where the enterprise of a business stands on a day. Where ``is_told``, of what was decided only what its business was told of."""
    group = group_of(business_id)
    promised = tuple(
        each for each in promised_to(group) if each.decided_on <= on and (each.is_told or not is_told)
    )
    known, limit = _gifts(group), limits()
    gifts = [gift for gift, _ in known]
    to_give = counted((gift for gift, is_to_give in known if is_to_give), on=on)
    room = _room(group, gifts, promised, limit, on=on)
    return Standing(on, limit(on), counted(gifts, on=on), to_give, years(gifts, on=on), room, promised)


def _sum(promised: Iterable[Promised]) -> Money:
    return sum((each.amount for each in promised), start=NO_MONEY)


def headrooms_of(business_ids: Iterable[UUID], *, on: date) -> dict[UUID, Money]:
    """What still fits for each of many businesses on a day, its whole enterprise counted, and what was decided for it."""
    return {each: room.left for each, room in rooms_of(business_ids, on=on).items()}


def rooms_of(business_ids: Iterable[UUID], *, on: date, besides: UUID | None = None) -> dict[UUID, Room]:
    """The same, each with the businesses that are counted with it. ``besides`` is what of the decided is not counted, by its id."""
    known = _known_of(business_ids)
    return {each: known.room(each, on=on, besides=besides) for each in known.groups}


@dataclass(frozen=True)
class Wanted:
    """A sum that is to be given to a business on a day: by papers in hand, or as it was decided, by the ids of these."""

    business_id: UUID
    amount: Money
    on: date
    papers_id: UUID | None = None
    decided_id: UUID | None = None


def fit_of(wanted: Wanted) -> Fit:
    """Whether a sum can be given, beside all that is given, prepared or decided: every page and every verb asks just this."""
    return fits_of([wanted])[0]


def fits_of(rows: Sequence[Wanted]) -> list[Fit]:
    """The same of many sums, in their order, in as many queries as of one."""
    known = _known_of({each.business_id for each in rows})
    return [known.fit(each) for each in rows]


@dataclass(frozen=True)
class _Known:
    """What the rooms of some businesses are read from: who is counted together, what they were given, and what is decided for them."""

    groups: dict[UUID, frozenset[UUID]]
    gifts: dict[UUID, list[tuple[UUID, Gift]]]
    promised: Sequence[Promised]
    limit: LimitOn

    def room(
        self, business_id: UUID, *, on: date, besides: UUID | None = None, is_told: bool = False
    ) -> Room:
        """The room of one business, without the papers or the decision that ``besides`` names."""
        group = self.groups[business_id]
        gifts = [gift for each in group for own, gift in self.gifts.get(each, ()) if own != besides]
        promised = [each for each in self.others(group, besides) if each.is_told or not is_told]
        return _room(group, gifts, promised, self.limit, on=on)

    @cached_property
    def _promised_to(self) -> dict[UUID, list[tuple[int, Promised]]]:
        """What is decided for each business, with its place among all: a cohort asks for each of hundreds."""
        found: dict[UUID, list[tuple[int, Promised]]] = {}
        for place, each in enumerate(self.promised):
            found.setdefault(each.business_id, []).append((place, each))
        return found

    def others(self, group: frozenset[UUID], besides: UUID | None) -> list[Promised]:
        found = [pair for each in group for pair in self._promised_to.get(each, ())]
        return [each for _, each in sorted(found, key=itemgetter(0)) if each.thing_id != besides]

    def fit(self, one: Wanted) -> Fit:
        besides, day = one.papers_id or one.decided_id, one.on
        room = self.room(one.business_id, on=day, besides=besides)
        told = self.room(one.business_id, on=day, besides=besides, is_told=True)
        about = tuple(each.about for each in self.others(room.members, besides))
        opens_on = None if one.amount <= room.left else self._opens_on(one, besides)
        return Fit(one.amount, self.limit(day), room, told, about, opens_on)

    def _opens_on(self, one: Wanted, besides: UUID | None) -> date | None:
        """The first day of a later financial year on which a sum fits."""
        year = FinancialYear.of(one.on)
        days = (year.back(-ahead).first_day for ahead in range(1, YEARS_BEFORE + 2))
        rooms = ((day, self.room(one.business_id, on=day, besides=besides)) for day in days)
        return next((day for day, room in rooms if one.amount <= room.left), None)


def _known_of(business_ids: Iterable[UUID]) -> _Known:
    groups = groups_of(business_ids)
    members = {each for group in groups.values() for each in group}
    gifts: dict[UUID, list[tuple[UUID, Gift]]] = {}
    for each in _counting(frozenset(members)):
        gifts.setdefault(each.business_id, []).append((each.id, Gift(each.given_on, each.amount)))
    return _Known(groups, gifts, promised_to(members), limits())


def room_for(group: frozenset[UUID], *, on: date, besides: UUID | None = None) -> Room:
    """What the register alone leaves to one enterprise on a day, without one subsidy where ``besides`` names it."""
    return _room(group, gifts_of(group, besides=besides), (), limits(), on=on)


def _room(
    group: frozenset[UUID], gifts: Sequence[Gift], promised: Iterable[Promised], limit: LimitOn, *, on: date
) -> Room:
    """What still fits for one enterprise, on the day that leaves least."""
    _, until = tightest(gifts, limit, on=on)
    planned = sum((each.amount for each in gifts if on < each.given_on <= until), start=NO_MONEY)
    return Room(group, limit(until), counted(gifts, on=until), _sum(promised), planned, until)


def hold(business_ids: Collection[UUID]) -> None:
    """Let nothing else be given to these businesses until this transaction ends. In order, so that nobody waits in a circle."""
    query = select(Business.id).where(Business.id.in_(list(business_ids))).order_by(Business.id)
    session().execute(query.with_for_update()).all()


def in_hand() -> Sequence[Subsidy]:
    """Ours whose papers are not complete, the earliest day first."""
    query = _whole().where(STATUS.in_((*TO_GIVE, SubsidyStatus.GIVEN)))
    return session().scalars(query.order_by(Subsidy.given_on, Subsidy.id).limit(MOST)).all()


def to_publish() -> Sequence[Subsidy]:
    """Those that must be entered in the national database and are not, the most urgent first."""
    query = _whole().where(Subsidy.publish_by.is_not(None), Subsidy.published_on.is_(None))
    query = query.where(STATUS != SubsidyStatus.CANCELLED)
    return session().scalars(query.order_by(Subsidy.publish_by, Subsidy.id).limit(MOST)).all()


def why_papers_wait(table: str, row_id: UUID) -> str | None:
    """Why nothing may be paid about a row yet: a subsidy for it was not notified, or not confirmed in writing (P40)."""
    query = select(Subsidy.id).where(Subsidy.about_table == table, Subsidy.about_id == row_id)
    early = (SubsidyStatus.PREPARED, SubsidyStatus.NOTIFIED)
    if session().scalar(query.where(STATUS.in_(early)).limit(1)) is None:
        return None
    return "The business has not confirmed its subsidy in writing yet."
