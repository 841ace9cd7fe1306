"""Reads of the register."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.types import has_words
from crm.documents.models import Document
from crm.documents.queries import document_about
from crm.figures.queries import figure_on
from crm.kernel.clock import has_come, today
from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor
from crm.rights.models import RegisterAnswer, Right, RightLicence, RightPart
from crm.rights.policy import visible_to
from crm.rights.rules.registering import known_number
from crm.rights.rules.shares import WHOLE, percent
from crm.rights.rules.territories import UNITED_KINGDOM
from crm.rights.workflow import LicenceWay, MakerKind, RightKind, RightStatus

MOST = 200
MOST_HITS = 5
MOST_AT_ONCE = 20_000
MOST_LISTED = 1_000
"""How many rights a list or a file has at most; the page says so where there are more."""
PART = "right_part"
BY_TITLE = (func.lower(Right.title), Right.id)
"""As people look for a title: a capital letter or none is no matter."""
FOUND_BY = (Right.__table__.c.title, Right.__table__.c.number, Business.__table__.c.name)
STAGES = ("rights.first_reminder_days", "rights.second_reminder_days", "rights.last_reminder_days")


def _whole() -> Select[Right]:
    """Rights that were not removed, with business, parts and licences."""
    query = select(Right).where(Right.removed_at.is_(None))
    return query.options(
        joinedload(Right.business).undefer(Business.shared),
        joinedload(Right.answer),
        selectinload(Right.parts),
        selectinload(Right.licences),
    )


def right(right_id: UUID) -> Right | None:
    """One entry that was not removed, with all that belongs to it, as it is now."""
    query = _whole().where(Right.id == right_id).execution_options(populate_existing=True)
    return session().scalar(query)


def renewing_right(right_id: UUID) -> Right | None:
    """One entry that has to be renewed."""
    found = right(right_id)
    return found if found is not None and found.is_due else None


def rights_of(business_id: UUID, *, with_secrets: bool = False) -> Sequence[Right]:
    """What a business owns or uses, by title. Trade secrets are left out unless they are asked for."""
    found = rights_at([business_id])
    return [each for each in found if with_secrets or each.kind != RightKind.TRADE_SECRET][:MOST]


@dataclass(frozen=True)
class Turn:
    """One thing that happened to a right: ``part`` is what of it, where it was not the whole."""

    at: datetime
    kind: str
    right_id: UUID
    title: str
    part: str = ""


def turns_of(business_id: UUID, *, most: int) -> list[Turn]:
    """When rights of a business were added and removed, and when parts of them were signed over. No trade secret is named."""
    said = (Right.business_id == business_id, Right.kind != RightKind.TRADE_SECRET)
    rows = session().execute(
        select(Right.id, Right.title, Right.added_at, Right.removed_at)
        .where(*said)
        .order_by(Right.added_at.desc(), Right.id)
        .limit(most)
    )
    found = []
    for row in rows:
        found.append(Turn(row.added_at, "added", row.id, row.title))
        if row.removed_at is not None:
            found.append(Turn(row.removed_at, "removed", row.id, row.title))
    signed = select(RightPart.assigned_at, RightPart.title.label("part"), Right.id, Right.title).join(Right)
    signed = signed.where(*said, RightPart.removed_at.is_(None), RightPart.assigned_at.is_not(None))
    signed = signed.order_by(RightPart.assigned_at.desc(), RightPart.id).limit(most)
    return found + [
        Turn(row.assigned_at, "signed", row.id, row.title, row.part) for row in session().execute(signed)
    ]


@remembered
def rights_at(business_ids: Collection[UUID]) -> Sequence[Right]:
    """What some businesses own or use, trade secrets too: for sums, in which no name is said."""
    query = _whole().where(Right.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(*BY_TITLE).limit(MOST_AT_ONCE)).all()


def part(part_id: UUID) -> RightPart | None:
    """A part of a right, with its right and business."""
    query = select(RightPart).where(RightPart.id == part_id, RightPart.removed_at.is_(None))
    found = session().scalar(query.options(_to_business(RightPart.right)))
    return found if found is not None and found.right.removed_at is None else None


def parts_of(right_id: UUID) -> Sequence[RightPart]:
    """The parts of a right, in the order in which they were added."""
    query = select(RightPart).where(RightPart.right_id == right_id, RightPart.removed_at.is_(None))
    return session().scalars(query.order_by(RightPart.added_at, RightPart.id).limit(MOST)).all()


def others_by_maker(found: RightPart, *, signed: bool = False) -> Sequence[RightPart]:
    """The other parts of the same right that the same person made, without or with a signed assignment.

    They made each as what they were then, a freelancer or a co-author. What they made as an employee needs no paper.
    """
    query = select(RightPart).where(RightPart.right_id == found.right_id, RightPart.removed_at.is_(None))
    is_signed = RightPart.assigned_at.is_not(None) if signed else RightPart.assigned_at.is_(None)
    query = query.where(is_signed, RightPart.id != found.id, RightPart.maker_kind != MakerKind.EMPLOYEE)
    query = query.options(_to_business(RightPart.right)).order_by(RightPart.added_at, RightPart.id)
    rows, maker = session().scalars(query.limit(MOST)).all(), plain_words(found.maker)
    return [each for each in rows if plain_words(each.maker) == maker]


def licence(licence_id: UUID) -> RightLicence | None:
    """A licence of a right, with its right and business."""
    query = select(RightLicence).where(RightLicence.id == licence_id, RightLicence.removed_at.is_(None))
    found = session().scalar(query.options(_to_business(RightLicence.right)))
    return found if found is not None and found.right.removed_at is None else None


def register_answer(business_id: UUID, *, kind: str, number: str) -> RegisterAnswer | None:
    """What the register said of a number when this business last had it looked up."""
    number_read = known_number(kind, number)
    query = select(RegisterAnswer).where(RegisterAnswer.business_id == business_id)
    query = query.where(RegisterAnswer.kind == kind, RegisterAnswer.number == number_read)
    return session().scalar(query) if number_read else None


def _to_business(way: Any) -> Any:
    return joinedload(way).joinedload(Right.business).undefer(Business.shared)


@dataclass(frozen=True)
class Paper:
    """A signed assignment with the part that it is about."""

    part: RightPart
    document: Document

    @property
    def business(self) -> Business:
        """Whose it is."""
        return self.part.business

    @property
    def kind(self) -> RightKind:
        """Of what kind of right."""
        return self.part.kind


def paper(part_id: UUID, document_id: UUID) -> Paper | None:
    """A signed assignment, if it is about this part."""
    found, document = part(part_id), document_about(document_id, kind=PART, thing_id=part_id)
    return Paper(found, document) if found is not None and document is not None else None


def papers_of(parts: Sequence[RightPart]) -> dict[UUID, list[Document]]:
    """The signed assignments of some parts, in the order in which they were attached."""
    query = select(Document).where(Document.about_kind == PART, Document.removed_at.is_(None))
    query = query.where(Document.about_id.in_([each.id for each in parts]))
    found: dict[UUID, list[Document]] = {each.id: [] for each in parts}
    for each in session().scalars(query.order_by(Document.kept_at, Document.id)):
        found[each.about_id].append(each)
    return found


@dataclass(frozen=True)
class Search:
    """What a list of rights is narrowed by: words, a kind, and what is to be done about them."""

    text: str = ""
    kind: RightKind | None = None
    todo: str = ""


def listed(search: Search, actor: Actor) -> list[UUID]:
    """The first rights that an actor may see, by renewal date, and one more than are listed where there are more."""
    if search.todo == "gaps":
        return [each.id for each in session().scalars(_listed(_whole(), search, actor)).unique() if each.gaps]
    return list(session().scalars(_listed(select(Right.id).where(Right.removed_at.is_(None)), search, actor)))


def in_full(ids: Sequence[UUID]) -> list[Right]:
    """Some rights with all that belongs to them, in the order in which they are named."""
    found = {each.id: each for each in session().scalars(_whole().where(Right.id.in_(list(ids)))).unique()}
    return [found[each] for each in ids if each in found]


def _listed(query: Select[Any], search: Search, actor: Actor) -> Select[Any]:
    """Narrowed to what is asked for, in order and bounded. Trade secrets are left out."""
    query = query.join(Business, Business.id == Right.business_id).where(visible_to(actor))
    query = query.where(Right.kind != RightKind.TRADE_SECRET)
    if search.text.strip():
        query = query.where(has_words(search.text, *FOUND_BY))
    if search.kind:
        query = query.where(Right.kind == search.kind)
    if search.todo == "renew":
        query = query.where(*_renewing(today()))
    if search.todo == "gaps":
        query = query.where(_may_have_gaps())
    order = (Right.renews_on.is_(None), Right.renews_on, *BY_TITLE)
    return query.order_by(*order).limit(MOST_LISTED + 1)


def _may_have_gaps() -> ColumnElement[bool]:
    """What the database can tell of gaps; the rules of title decide. What is not all the business's own may lack something."""
    licences = select(RightLicence.right_id).where(
        RightLicence.removed_at.is_(None), RightLicence.way == LicenceWay.OUT
    )
    return or_(
        Right.id.in_(_unassigned()),
        Right.id.in_(licences.group_by(RightLicence.right_id).having(func.count() > 1)),
        and_(Right.status == RightStatus.REGISTERED, Right.renews_on.is_(None)),
        func.lower(Right.owner) != func.lower(Business.name + f" {percent(WHOLE)}"),
        Right.answer.has(),
        Right.number.startswith("UK") & _is_elsewhere(),
        Right.number.startswith("GB") & _is_elsewhere(),
    )


def _is_elsewhere() -> ColumnElement[bool]:
    """What is not plainly a right of the United Kingdom."""
    return Right.territory != UNITED_KINGDOM


def _unassigned() -> Select[UUID]:
    """The rights with parts that nobody assigned."""
    return select(RightPart.right_id).where(
        RightPart.removed_at.is_(None), RightPart.assigned_at.is_(None), RightPart.maker_kind != "employee"
    )


def found_by(text: str, actor: Actor) -> list[Right]:
    """A few rights that these words name."""
    return in_full(listed(Search(text=text), actor)[: MOST_HITS + 1])


def stages_on(day: date) -> tuple[int, ...]:
    """How many days before a renewal we remind, as the figures of a day say."""
    return tuple(int(figure_on(name, on=day)) for name in STAGES)


def _renewing(day: date) -> tuple[Any, ...]:
    until = day + timedelta(days=max(stages_on(day)))
    return has_come(Right.renews_on, on=until), Right.status != RightStatus.LAPSED


def has_renewals() -> bool:
    """Whether any right has a day on which it must be renewed: whether there is anything to look at at all."""
    return session().scalar(select(Right.id).where(Right.renews_on.is_not(None)).limit(1)) is not None


def renewing(on: date) -> Sequence[Right]:
    """Rights whose renewal is near or has passed, the next first."""
    query = _whole().where(*_renewing(on))
    return session().scalars(query.order_by(Right.renews_on, Right.id)).all()


@remembered
def waiting(actor: Actor) -> Sequence[Right]:
    """Rights of the businesses in an actor's care or their own: those near renewal, or with parts that nobody assigned."""
    renewing_now = select(Right.id).where(*_renewing(today()))
    query = (
        select(Right)
        .where(Right.removed_at.is_(None))
        .options(joinedload(Right.business).undefer(Business.shared), selectinload(Right.parts))
    )
    query = query.join(Business, Business.id == Right.business_id).where(businesses_visible_to(actor))
    query = query.where(Right.id.in_(_unassigned()) | Right.id.in_(renewing_now))
    return session().scalars(query.order_by(Right.renews_on, *BY_TITLE).limit(MOST)).unique().all()
