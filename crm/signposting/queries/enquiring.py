"""Enquiries: unfinished ones, one, the queue, and how much everybody has in hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.accounts.queries import account, colleagues, have_left
from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.figures.queries import figure_on
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import Actor
from crm.signposting.models import Absence, Capacity, Enquiry, EnquiryDraft, EnquiryNote
from crm.signposting.policy import QUEUE_ROLES, visible_to
from crm.signposting.workflow import Act
from crm.signposting.workflow import EnquiryStatus as S

COLUMNS = Enquiry.__table__.c
BY_DUE = Order((COLUMNS.due_on, COLUMNS.id), lambda row: (row.due_on, row.id))
NEWEST = Order((COLUMNS.received_at, COLUMNS.id), lambda row: (row.received_at, row.id), is_descending=True)
SORTS = {"due": BY_DUE, "newest": NEWEST}
OPEN = (S.WAITING, S.CLAIMED, S.ANSWERED)
UNANSWERED = (S.WAITING, S.CLAIMED)
COUNTED = 10_000


@dataclass(frozen=True)
class Search:
    """What is looked for in the queue. ``show`` is one of the names in `SHOWN`."""

    show: str = "unanswered"
    text: str = ""
    hub_id: UUID | None = None
    sort: str = "due"


def draft(draft_id: UUID) -> EnquiryDraft | None:
    """One unfinished enquiry."""
    return session().get(EnquiryDraft, draft_id)


def under_way(actor: Actor) -> EnquiryDraft | None:
    """The enquiry that this browser began last, where it is not sent yet."""
    begun = [
        UUID(key) for kind, _, key in (each.partition(":") for each in actor.keys) if kind == "enquiry_draft"
    ]
    if not begun:
        return None
    query = select(EnquiryDraft).where(EnquiryDraft.id.in_(begun), EnquiryDraft.sent_as_id.is_(None))
    return session().scalar(query.order_by(EnquiryDraft.begun_at.desc(), EnquiryDraft.id).limit(1))


def reference_is_taken(reference: str) -> bool:
    """Whether an enquiry is referred to like that."""
    return session().scalar(select(Enquiry.id).where(Enquiry.reference == reference)) is not None


def _whole() -> Select[Enquiry]:
    return select(Enquiry).options(
        joinedload(Enquiry.hub),
        joinedload(Enquiry.claimed_by),
        joinedload(Enquiry.business).undefer(Business.shared),
    )


def enquiry(enquiry_id: UUID) -> Enquiry | None:
    """One enquiry with its hub, its business and whoever has it in hand."""
    return session().scalar(_whole().where(Enquiry.id == enquiry_id))


def notes_on(enquiry_id: UUID) -> Sequence[tuple[EnquiryNote, str]]:
    """What was noted on an enquiry and by whom, the newest first."""
    rows = session().execute(
        select(EnquiryNote, Account.name)
        .outerjoin(Account, Account.id == EnquiryNote.by_id)
        .where(EnquiryNote.enquiry_id == enquiry_id)
        .order_by(EnquiryNote.at.desc(), EnquiryNote.id)
        .limit(200)
    )
    return [(note, name or "The system") for note, name in rows]


def in_hand_of(account_ids: Collection[UUID]) -> Sequence[Enquiry]:
    """The open enquiries that some people have in hand, the first to be answered first."""
    query = select(Enquiry).where(COLUMNS.claimed_by_id.in_(account_ids), COLUMNS.status.in_(OPEN))
    return session().scalars(query.order_by(COLUMNS.due_on, COLUMNS.id).limit(500)).all()


def came_to_cover(absence: Absence) -> list[Enquiry]:
    """The open enquiries that people who cover, or covered before them, were passed out of the hands of the one who is away."""
    held = in_hand_of(_covers_of(absence))
    return [each for each in held if _came_from(each, absence.account_id)]


def by_holder(cases: Sequence[Enquiry]) -> dict[Account, list[Enquiry]]:
    """Some enquiries by the person who has each of them in hand."""
    found: dict[Account, list[Enquiry]] = {}
    for each in cases:
        holder = account(each.claimed_by_id) if each.claimed_by_id else None
        if holder is not None:
            found.setdefault(holder, []).append(each)
    return found


def _covers_of(absence: Absence) -> set[UUID]:
    """Who covers for a person who is away, and who did before that was changed."""
    found = {absence.covered_by_id} if absence.covered_by_id else set()
    changed = entries_about(session().get_one(Account, absence.account_id), act=Act.CHANGE_ABSENCE)
    before = (each.values.changes.get("covered_by_id") for each in changed if each.values)
    return found | {UUID(pair[0]) for pair in before if pair and pair[0]}


def _came_from(found: Enquiry, account_id: UUID) -> bool:
    """Whether it was passed on from a person without anybody's doing, the last time that it was assigned."""
    last = next(iter(entries_about(found, act=Act.ASSIGN, limit=1)), None)
    if last is None or last.actor_id is not None or last.values is None:
        return False
    before, _ = last.values.changes.get("claimed_by_id") or (None, None)
    return bool(before == str(account_id))


def shown(show: str, actor: Actor, *, on: date) -> tuple[ColumnElement[bool], ...]:
    """The enquiries that one view of the queue shows."""
    if show == "stranded":
        return (COLUMNS.status.in_(OPEN), have_left(COLUMNS.claimed_by_id, COLUMNS.hub_id, roles=QUEUE_ROLES))
    views: Mapping[str, tuple[ColumnElement[bool], ...]] = {
        "unanswered": (COLUMNS.status.in_(UNANSWERED),),
        "mine": (COLUMNS.claimed_by_id == actor.account_id, COLUMNS.status.in_(OPEN)),
        "waiting": (COLUMNS.status == S.WAITING,),
        "today": (COLUMNS.status.in_(UNANSWERED), COLUMNS.due_on == on),
        "overdue": (COLUMNS.status.in_(UNANSWERED), is_past(COLUMNS.due_on, on=on)),
        "open": (COLUMNS.status.in_(OPEN),),
        "closed": (COLUMNS.status == S.CLOSED,),
        "all": (),
    }
    return views[show]


def worked_with(account_id: UUID) -> tuple[Select[Any], ...]:
    """The ids of the businesses whose open enquiries a person answers."""
    asked = (COLUMNS.claimed_by_id == account_id, COLUMNS.status.in_(OPEN), COLUMNS.business_id.is_not(None))
    return (select(COLUMNS.business_id).where(*asked),)


def enquiries(search: Search, actor: Actor, *, cursor: str | None = None) -> Slice[Enquiry]:
    """One page of the queue, what is due first on top, no more of it than the actor may see."""
    return slice_of(_found(search, actor), SORTS[search.sort], cursor=cursor)


def count_of(search: Search, actor: Actor) -> int:
    """How many enquiries there are; 10,001 stands for more than ten thousand."""
    bounded = _found(search, actor).with_only_columns(COLUMNS.id).limit(COUNTED + 1).subquery()
    return session().scalar(select(func.count()).select_from(bounded)) or 0


def every(search: Search, actor: Actor) -> Iterator[Enquiry]:
    """Every enquiry that a search finds, in the order of the list: for an extract."""
    order = SORTS[search.sort]
    sort = [column.desc() if order.is_descending else column.asc() for column in order.columns]
    yield from session().scalars(_found(search, actor).order_by(*sort).execution_options(yield_per=500))


def _found(search: Search, actor: Actor) -> Select[Enquiry]:
    query = select(Enquiry).options(joinedload(Enquiry.hub), joinedload(Enquiry.claimed_by))
    query = query.where(visible_to(actor), *shown(search.show, actor, on=today()))
    if search.hub_id is not None:
        query = query.where(COLUMNS.hub_id == search.hub_id)
    if search.text.strip():
        unmarked = func.replace(COLUMNS.reference, "-", "")
        asked = (COLUMNS.business_name, COLUMNS.person_name, COLUMNS.reference, unmarked, COLUMNS.email)
        query = query.where(has_words(search.text, *asked))
    return query


def counts_shown(shows: Iterable[str], actor: Actor) -> dict[str, int]:
    """How many enquiries some views of the queue have for an actor, in one statement."""
    asked = {show: and_(true(), *shown(show, actor, on=today())) for show in shows}
    counts: list[Any] = [func.count().filter(each).label(show) for show, each in asked.items()]
    row = session().execute(select(*counts).select_from(Enquiry).where(visible_to(actor))).one()
    return dict(row._mapping)  # noqa: SLF001 the documented way to a row's names


def enquiries_of(business_id: UUID) -> Sequence[Enquiry]:
    """The enquiries of a business, the newest first."""
    query = _whole().where(COLUMNS.business_id == business_id)
    return session().scalars(query.order_by(COLUMNS.received_at.desc(), COLUMNS.id).limit(50)).all()


def enquiries_from(business_ids: Iterable[UUID]) -> Sequence[Enquiry]:
    """The enquiries of some businesses, the newest first: for their founders."""
    query = select(Enquiry).where(COLUMNS.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(COLUMNS.received_at.desc(), COLUMNS.id).limit(50)).all()


@dataclass(frozen=True)
class Load:
    """What an adviser has in hand, the most they hold, and until when they are away."""

    account: Account
    in_hand: int
    most: int
    away: Absence | None

    @property
    def can_take_more(self) -> bool:
        """Whether they are here and hold fewer than they may."""
        return self.away is None and self.in_hand < self.most


def loads_of(hub_ids: Iterable[UUID]) -> list[Load]:
    """The load of everyone who may answer enquiries at some hubs, by name."""
    return _loads({each.id: each for each in colleagues(*hub_ids, roles=QUEUE_ROLES)})


def loads_by_id(account_ids: Collection[UUID]) -> list[Load]:
    """The load of some people, by name."""
    people = session().scalars(select(Account).where(Account.id.in_(account_ids)))
    return _loads({each.id: each for each in people})


def load_of(account_id: UUID) -> Load | None:
    """The load of one adviser."""
    found = session().get(Account, account_id)
    loads = _loads({found.id: found}) if found else []
    return loads[0] if loads else None


def _loads(people: Mapping[UUID, Account]) -> list[Load]:
    ids, day = list(people), today()
    counted = session().execute(
        select(COLUMNS.claimed_by_id, func.count())
        .where(COLUMNS.claimed_by_id.in_(ids), COLUMNS.status.in_((S.CLAIMED, S.ANSWERED)))
        .group_by(COLUMNS.claimed_by_id)
    )
    in_hand = {account_id: count for account_id, count in counted}  # noqa: C416 rows are not pairs to mypy
    own = {
        each.account_id: each.most_open
        for each in session().scalars(select(Capacity).where(Capacity.account_id.in_(ids)))
    }
    away = select(Absence).where(
        Absence.account_id.in_(ids), has_come(Absence.first_day, on=day), ~is_past(Absence.last_day, on=day)
    )
    absent = {each.account_id: each for each in session().scalars(away)}
    most = int(figure_on("adviser.most_open", on=day))
    return [
        Load(each, in_hand.get(each.id, 0), own.get(each.id, most), absent.get(each.id))
        for each in sorted(people.values(), key=lambda account: account.name)
    ]


def absences_from(day: date) -> Sequence[Absence]:
    """Absences that hold on a day or later, the next first."""
    query = select(Absence).where(~is_past(Absence.last_day, on=day))
    return session().scalars(query.order_by(Absence.first_day, Absence.id).limit(200)).all()


def absences_within(account_id: UUID, *, first_day: date, last_day: date) -> Sequence[Absence]:
    """Absences of a person that share a day with these days, both included; the next first."""
    query = select(Absence).where(
        Absence.account_id == account_id, Absence.first_day <= last_day, Absence.last_day >= first_day
    )
    return session().scalars(query.order_by(Absence.first_day, Absence.id)).all()


def absences_covered_by(account_id: UUID) -> Sequence[Absence]:
    """The absences that are not over and that a person covers, the next first."""
    query = select(Absence).where(Absence.covered_by_id == account_id, ~is_past(Absence.last_day, on=today()))
    return session().scalars(query.order_by(Absence.first_day, Absence.id)).all()


SOON = timedelta(days=14)
"""So long before its first day an absence is said wherever a person is chosen."""


def absences_soon(account_ids: Collection[UUID]) -> Sequence[Absence]:
    """The absences of some people that hold today or begin soon, the last first: of two, the next one is read last."""
    day = today()
    query = select(Absence).where(Absence.account_id.in_(list(account_ids)))
    query = query.where(Absence.first_day <= day + SOON, ~is_past(Absence.last_day, on=day))
    return session().scalars(query.order_by(Absence.first_day.desc(), Absence.id).limit(200)).all()


def absence(absence_id: UUID) -> Absence | None:
    """One absence."""
    return session().get(Absence, absence_id)


def left_by_absent(day: date, *, of: Absence | None = None) -> Sequence[tuple[Enquiry, Absence]]:
    """Enquiries without an answer whose adviser is away on a day, with the absence; locked for this worker.

    With ``of`` only those of one absence.
    """
    rows = session().execute(
        select(Enquiry, Absence)
        .join(Absence, Absence.account_id == COLUMNS.claimed_by_id)
        .where(
            COLUMNS.status == S.CLAIMED,
            has_come(Absence.first_day, on=day),
            ~is_past(Absence.last_day, on=day),
            Absence.id == of.id if of is not None else true(),
        )
        .order_by(COLUMNS.due_on, COLUMNS.id)
        .limit(500)
        .with_for_update(skip_locked=True, of=Enquiry)
    )
    return [(found, absence) for found, absence in rows]
