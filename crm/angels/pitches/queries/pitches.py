"""Reads of pitches: for the business and staff, and, behind the gate, for investors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.angels.investors.rules.gate import Admission
from crm.angels.pitches.models import (
    Pitch,
    PitchMark,
    PitchQuestion,
    PitchReview,
    PitchVersion,
    Promotion,
    SavedSearch,
)
from crm.angels.pitches.policy import promotions_open_to, raises_visible_to
from crm.angels.pitches.rules.pitching import SHARES, Limits, LimitsOfDay
from crm.angels.pitches.workflow import OVER, Channel, PitchStatus, Relief
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_word, has_words
from crm.figures.queries import figure_on
from crm.kernel.clock import is_past, today
from crm.kernel.folding import search_terms
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

PITCH = Pitch.__table__.c
USUAL = ("seis.company", "eis.yearly", "eis.lifetime", "eis.assets")
IN_NI = ("seis.company", "eis.yearly_ni", "eis.lifetime_ni", "eis.assets_ni")
MOST, MOST_ALERTED, MOST_TAKEN = 200, 50, 500
NEWEST = Order((PITCH.published_at, PITCH.id), lambda each: (each.published_at, each.id), is_descending=True)
LATEST = Order((PITCH.begun_at, PITCH.id), lambda each: (each.begun_at, each.id), is_descending=True)


@dataclass(frozen=True)
class Search:
    """What an investor looks for; empty parts ask nothing. ``ticket`` is a sum that has to be enough for one place."""

    text: str = ""
    groups: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    leps: tuple[str, ...] = ()
    ticket: Money | None = None
    relief: str = ""

    def as_fields(self) -> dict[str, Any]:
        """As the form of filters shows it."""
        lists = {name: list(getattr(self, name)) for name in ("groups", "stages", "instruments", "leps")}
        return lists | {"q": self.text, "ticket": self.ticket, "relief": self.relief}

    @property
    def is_empty(self) -> bool:
        """Whether it asks nothing."""
        return self == Search()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        kept = {name: list(getattr(self, name)) for name in ("groups", "stages", "instruments", "leps")}
        return kept | {
            "text": self.text,
            "ticket": self.ticket.pence if self.ticket else None,
            "relief": self.relief,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Search:
        """As it was kept."""
        lists = {name: tuple(kept[name]) for name in ("groups", "stages", "instruments", "leps")}
        ticket = Money(kept["ticket"]) if kept["ticket"] is not None else None
        return cls(text=kept["text"], ticket=ticket, relief=kept["relief"], **lists)


def _with_business() -> Select[Pitch]:
    return select(Pitch).options(joinedload(Pitch.business).undefer(Business.shared))


def pitch(pitch_id: UUID) -> Pitch | None:
    """One pitch with its business."""
    return session().scalar(_with_business().where(PITCH.id == pitch_id))


def hold(found: Pitch) -> None:
    """Read a pitch as it is now, and lock it, and what depends on it, until this transaction ends."""
    session().execute(select(PITCH.id).where(PITCH.id == found.id).with_for_update())
    session().refresh(found, attribute_names=[each.key for each in Pitch.__mapper__.column_attrs])


def live_pitch_of(business_id: UUID) -> Pitch | None:
    """The pitch of a business that is not over: it has one at most."""
    query = _with_business().where(PITCH.business_id == business_id, PITCH.status.not_in(OVER))
    return session().scalar(query.order_by(PITCH.begun_at.desc()).limit(1))


def raises(actor: Actor, *, status: str = "", cursor: str | None = None) -> Slice[Pitch]:
    """One page of the pitches that staff or a business may see, the latest first."""
    query = _with_business().where(raises_visible_to(actor))
    return slice_of(query.where(PITCH.status == status) if status else query, LATEST, cursor=cursor)


def raises_of(business_ids: Collection[UUID], actor: Actor) -> Sequence[Pitch]:
    """The pitches of some businesses, the latest first."""
    query = _with_business().where(PITCH.business_id.in_(list(business_ids)), raises_visible_to(actor))
    return session().scalars(query.order_by(PITCH.begun_at.desc()).limit(MOST)).all()


def count_to_screen() -> int:
    """How many pitches wait to be screened."""
    query = select(func.count()).select_from(Pitch).where(PITCH.status == PitchStatus.SCREENING)
    return session().scalar(query) or 0


def sent_back_to(business_ids: Collection[UUID]) -> Sequence[Pitch]:
    """The pitches of some businesses that the network sent back, with what it asks, and that were not submitted since."""
    query = select(Pitch).where(
        PITCH.business_id.in_(list(business_ids)), PITCH.status == PitchStatus.DRAFT, PITCH.reason != ""
    )
    return session().scalars(query.order_by(PITCH.begun_at).limit(MOST)).all()


def published() -> Sequence[Pitch]:
    """Every pitch that is published, the oldest first."""
    query = _with_business().where(PITCH.status == PitchStatus.PUBLISHED)
    return session().scalars(query.order_by(PITCH.published_at, PITCH.id).limit(MOST)).all()


def reference_is_taken(reference: str) -> bool:
    """Whether a pitch has this reference."""
    return session().scalar(select(PITCH.id).where(PITCH.reference == reference)) is not None


# ---------------------------------------------------------------- behind the gate


def _matching(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in search_terms(search.text[:100]):
        name = select(Business.id).where(has_words(word, Business.__table__.c.name))
        found.append(has_words(word, PITCH.headline) | PITCH.business_id.in_(name))
    for column, words in ((PITCH.groups, search.groups), (PITCH.leps, search.leps)):
        if words:
            found.append(or_(*(has_word(column, word) for word in words)))
    if search.stages:
        found.append(PITCH.stage.in_(search.stages))
    if search.instruments:
        found.append(PITCH.instrument.in_(search.instruments))
    if search.ticket is not None:
        found.append(PITCH.min_ticket <= search.ticket)
    if search.relief in ("seis", "eis"):
        found.append(getattr(PITCH, search.relief) != Relief.NO)
        found.append(PITCH.instrument.in_(sorted(SHARES)))
    if search.relief == "eis":
        found.append(_has_room_after_seis())
    return found


def _has_room_after_seis() -> ColumnElement[bool]:
    """Whether SEIS, which comes first where it is sought, leaves some of a raise for EIS."""
    amount, before = (type_coerce(each, BigInteger) for each in (PITCH.amount, PITCH.seis_raised))
    return or_(PITCH.seis == Relief.NO, amount + before > limits_now().usual.seis_company.pence)


def open_pitches(search: Search, admission: Admission, *, cursor: str | None = None) -> Slice[Pitch]:
    """One page of what an investor may be shown and looks for, the newest first. One query; nothing where they may not."""
    query = select(Pitch).options(joinedload(Pitch.business))
    return slice_of(query.where(promotions_open_to(admission), *_matching(search)), NEWEST, cursor=cursor)


def every_open(search: Search, admission: Admission) -> Sequence[Pitch]:
    """All that an investor may be shown and looks for, the newest first; one more than can be taken along at once."""
    query = select(Pitch).options(joinedload(Pitch.business))
    query = query.where(promotions_open_to(admission), *_matching(search))
    return session().scalars(query.order_by(PITCH.published_at.desc(), PITCH.id).limit(MOST_TAKEN + 1)).all()


def count_of(search: Search, admission: Admission) -> int:
    """How many a search finds of what they may be shown."""
    query = select(func.count()).select_from(Pitch)
    return session().scalar(query.where(promotions_open_to(admission), *_matching(search))) or 0


def fresh_ones(search: Search, admission: Admission, *, since: datetime) -> Sequence[tuple[UUID, int, str]]:
    """What was published since a moment that a search finds: id, version and instrument of each."""
    query = select(PITCH.id, PITCH.number, PITCH.instrument).where(
        promotions_open_to(admission), PITCH.published_at > since, *_matching(search)
    )
    rows = session().execute(query.order_by(PITCH.published_at.desc(), PITCH.id).limit(MOST_ALERTED))
    return [(row[0], row[1], str(row[2])) for row in rows]


def open_ones(ids: Sequence[UUID], admission: Admission) -> Sequence[Pitch]:
    """Those of some pitches that an investor may be shown, in the order asked for."""
    query = _with_business().where(PITCH.id.in_(list(ids)), promotions_open_to(admission))
    found = {each.id: each for each in session().scalars(query)}
    return [found[each] for each in ids if each in found]


def marks_of(account_id: UUID, pitch_ids: Collection[UUID]) -> dict[UUID, PitchMark]:
    """What an angel marked of some pitches."""
    query = select(PitchMark).where(
        PitchMark.account_id == account_id, PitchMark.pitch_id.in_(list(pitch_ids))
    )
    return {each.pitch_id: each for each in session().scalars(query)}


def followed_by(account_id: UUID, admission: Admission) -> Sequence[Pitch]:
    """What an angel follows and may still be shown, the newest first."""
    followed = select(PitchMark.pitch_id).where(
        PitchMark.account_id == account_id, PitchMark.is_followed.is_(True)
    )
    query = _with_business().where(PITCH.id.in_(followed), promotions_open_to(admission))
    return session().scalars(query.order_by(PITCH.published_at.desc(), PITCH.id).limit(MOST)).all()


def count_followed_away(account_id: UUID) -> int:
    """How many pitches that an angel follows are not shown now, and may be shown again."""
    followed = select(PitchMark.pitch_id).where(
        PitchMark.account_id == account_id, PitchMark.is_followed.is_(True)
    )
    away = (PitchStatus.DRAFT, PitchStatus.SCREENING, PitchStatus.PAUSED)
    query = select(func.count()).select_from(Pitch).where(PITCH.id.in_(followed), PITCH.status.in_(away))
    return session().scalar(query) or 0


def followers_of(pitch_id: UUID) -> Sequence[Account]:
    """Who follows a pitch."""
    query = select(Account).join(PitchMark, PitchMark.account_id == Account.id)
    query = query.where(PitchMark.pitch_id == pitch_id, PitchMark.is_followed.is_(True))
    return session().scalars(query.order_by(Account.id).limit(MOST)).all()


def read_before(found: Pitch, account_id: UUID) -> PitchVersion | None:
    """The version that an investor was shown last, before the one that is shown now."""
    column = Promotion.__table__.c
    query = select(func.max(column.pitch_version)).where(
        column.pitch_id == found.id, column.account_id == account_id, column.pitch_version < found.number
    )
    number = session().scalar(query)
    return version_of(found.id, number) if number else None


def searches_of(account_id: UUID) -> Sequence[SavedSearch]:
    """An angel's saved searches, the newest first."""
    query = select(SavedSearch).where(SavedSearch.account_id == account_id)
    return session().scalars(query.order_by(SavedSearch.made_at.desc()).limit(MOST)).all()


def saved_search(search_id: UUID) -> SavedSearch | None:
    """One saved search."""
    return session().get(SavedSearch, search_id)


# ---------------------------------------------------------------- what belongs to a pitch


def questions_of(pitch_id: UUID, *, asked_by: UUID | None = None) -> Sequence[PitchQuestion]:
    """The questions about a pitch, the newest first: all of them for the business, or what one investor may read."""
    query = select(PitchQuestion).where(PitchQuestion.pitch_id == pitch_id)
    if asked_by is not None:
        query = query.where(PitchQuestion.is_public.is_(True) | (PitchQuestion.account_id == asked_by))
    return session().scalars(query.order_by(PitchQuestion.asked_at.desc()).limit(MOST)).all()


def question(asked_id: UUID) -> PitchQuestion | None:
    """One question with its pitch and business."""
    query = select(PitchQuestion).where(PitchQuestion.id == asked_id)
    whole = joinedload(PitchQuestion.pitch).joinedload(Pitch.business).undefer(Business.shared)
    return session().scalar(query.options(whole))


def reviews_of(found: Pitch) -> Sequence[PitchReview]:
    """What was made of the version that is screened now, in the order in which it was said."""
    query = select(PitchReview).where(PitchReview.pitch_id == found.id, PitchReview.number == found.number)
    return (
        session().scalars(query.options(joinedload(PitchReview.reviewer)).order_by(PitchReview.made_at)).all()
    )


def versions_of(pitch_id: UUID) -> Sequence[PitchVersion]:
    """Every submitted version, newest first."""
    query = select(PitchVersion).where(PitchVersion.pitch_id == pitch_id)
    return session().scalars(query.order_by(PitchVersion.number.desc()).limit(MOST)).all()


def content_shown(found: Pitch) -> Mapping[str, Any]:
    """What was kept with the version that is shown: who the business is by law, and what it owned. It is what was
    screened: later changes of the business's record or its register of rights do not change it.
    """
    query = select(PitchVersion.content).where(
        PitchVersion.pitch_id == found.id, PitchVersion.number == found.number
    )
    content: Mapping[str, Any] = session().scalars(query).one()
    return content


def open_questions(business_ids: Collection[UUID]) -> Sequence[tuple[Pitch, int]]:
    """The pitches of some businesses with questions that wait for an answer, and how many: none once a raise has ended."""
    count = func.count()
    query = select(Pitch, count).join(PitchQuestion, PitchQuestion.pitch_id == Pitch.id)
    query = query.where(
        PITCH.business_id.in_(list(business_ids)),
        PITCH.status.not_in(OVER),
        PitchQuestion.answered_at.is_(None),
    )
    rows = session().execute(query.group_by(PITCH.id).order_by(PITCH.begun_at).limit(MOST))
    return [(found, number) for found, number in rows]


def asked_by(account_id: UUID) -> Sequence[PitchQuestion]:
    """The questions that an investor asked, with their pitches, the newest first."""
    query = select(PitchQuestion).where(PitchQuestion.account_id == account_id)
    query = query.options(joinedload(PitchQuestion.pitch)).order_by(PitchQuestion.asked_at.desc())
    return session().scalars(query.limit(MOST)).all()


def unanswered(pitch_id: UUID) -> Sequence[PitchQuestion]:
    """The questions about a pitch that wait for an answer."""
    query = select(PitchQuestion).where(
        PitchQuestion.pitch_id == pitch_id, PitchQuestion.answered_at.is_(None)
    )
    return session().scalars(query.order_by(PitchQuestion.asked_at).limit(MOST)).all()


def count_asked_in_vain(pitch_id: UUID, account_id: UUID) -> int:
    """How many questions of one investor about one pitch wait for an answer."""
    query = (
        select(func.count())
        .select_from(PitchQuestion)
        .where(
            PitchQuestion.pitch_id == pitch_id,
            PitchQuestion.account_id == account_id,
            PitchQuestion.answered_at.is_(None),
        )
    )
    return session().scalar(query) or 0


def version_of(pitch_id: UUID, number: int) -> PitchVersion | None:
    """One version of a pitch, with its business."""
    query = select(PitchVersion).where(PitchVersion.pitch_id == pitch_id, PitchVersion.number == number)
    whole = joinedload(PitchVersion.pitch).joinedload(Pitch.business).undefer(Business.shared)
    return session().scalar(query.options(whole))


def openings_of(pitch_id: UUID) -> dict[str, int]:
    """How often each file of a pitch was opened by an investor, by its name."""
    column = Promotion.__table__.c
    query = select(column.item, func.count()).where(
        column.pitch_id == pitch_id, column.channel == Channel.FILE
    )
    return dict(session().execute(query.group_by(column.item)).all())


def limits_now() -> LimitsOfDay:
    """What the reliefs allow today: the day on which shares would be issued."""
    return limits_of(today())


def limits_of(day: date) -> LimitsOfDay:
    """What the reliefs allow for shares issued on a day."""
    return LimitsOfDay(*(Limits(*(figure_on(name, on=day) for name in names)) for names in (USUAL, IN_NI)))


def past_their_day(on: date) -> Sequence[Pitch]:
    """The pitches that are shown though their last day has passed."""
    query = _with_business().where(PITCH.status == PitchStatus.PUBLISHED, is_past(PITCH.closes_on, on=on))
    return session().scalars(query.order_by(PITCH.closes_on).limit(MOST)).all()


def newest_published() -> datetime | None:
    """When a pitch that is shown now was published last."""
    query = select(func.max(Pitch.published_at)).where(PITCH.status == PitchStatus.PUBLISHED)
    return session().scalar(query)
