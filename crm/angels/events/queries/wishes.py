"""Reads of what investors showed and said at a night, and of what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select, union

from crm.angels.events.models import NightFeedback, NightInterest, NightPlace, NightSlot, PitchNight
from crm.angels.events.queries.nights import PLACE, SLOT, pitched_at
from crm.angels.events.rules.running import average_of, outcomes_until
from crm.angels.events.workflow import PlaceStatus, Wish
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import LIVE
from crm.angels.introductions.workflow import IntroductionStatus
from crm.db.session import session
from crm.kernel.clock import end_of

INTEREST, FEEDBACK = NightInterest.__table__.c, NightFeedback.__table__.c
ASKED = Introduction.__table__.c
MOST = 5_000


@dataclass(frozen=True)
class Heard:
    """What a business is told of its feedback: comments in no order of time, and an average where it hides who gave what."""

    comments: Sequence[str]
    scores: int
    average: str
    interested: int


@dataclass(frozen=True)
class Outcome:
    """What came of one pitch of a night, in numbers of investors who were there."""

    slot: NightSlot
    interested: int
    asked: int
    introduced: int


def interest_in(place_id: UUID, slot_id: UUID) -> NightInterest | None:
    """What one investor showed for one pitch."""
    query = select(NightInterest).where(INTEREST.place_id == place_id, INTEREST.slot_id == slot_id)
    return session().scalar(query)


def interests_of(place_id: UUID) -> dict[UUID, NightInterest]:
    """What one investor showed at a night, by turn."""
    query = select(NightInterest).where(INTEREST.place_id == place_id)
    return {each.slot_id: each for each in session().scalars(query)}


def requests_of(account_id: UUID, pitch_ids: Collection[UUID]) -> dict[UUID, Introduction]:
    """By pitch, what an investor has asked for or was introduced by, however they asked: what is live of it."""
    query = select(Introduction).where(
        ASKED.account_id == account_id, ASKED.pitch_id.in_(list(pitch_ids)), ASKED.status.in_(LIVE)
    )
    return {each.pitch_id: each for each in session().scalars(query)}


def spoken_at(night_id: UUID) -> frozenset[UUID]:
    """The places at a night whose investors showed interest or gave feedback: they were there."""
    shown = select(INTEREST.place_id).join(NightPlace, PLACE.id == INTEREST.place_id)
    said = select(FEEDBACK.place_id).join(NightPlace, PLACE.id == FEEDBACK.place_id)
    here = PLACE.night_id == night_id
    return frozenset(session().scalars(union(shown.where(here), said.where(here))))


def feedback_on(place_id: UUID, slot_id: UUID) -> NightFeedback | None:
    """What one investor said of one pitch."""
    query = select(NightFeedback).where(FEEDBACK.place_id == place_id, FEEDBACK.slot_id == slot_id)
    return session().scalar(query)


def feedback_of(place_id: UUID) -> dict[UUID, NightFeedback]:
    """What one investor said at a night, by turn."""
    query = select(NightFeedback).where(FEEDBACK.place_id == place_id)
    return {each.slot_id: each for each in session().scalars(query)}


def heard_by(slot_ids: Collection[UUID]) -> dict[UUID, Heard]:
    """What was said and shown for some turns: two queries, however many there are."""
    rows = session().scalars(select(NightFeedback).where(FEEDBACK.slot_id.in_(list(slot_ids))).limit(MOST))
    said: dict[UUID, list[NightFeedback]] = {each: [] for each in slot_ids}
    for each in rows:
        said[each.slot_id].append(each)
    shown = interested_in(slot_ids)
    return {each: _heard(said[each], sum(shown[each].values())) for each in slot_ids}


def _heard(rows: Sequence[NightFeedback], interested: int) -> Heard:
    scores = [each.score for each in rows if each.score is not None]
    mixed = sorted(rows, key=lambda each: sha256(each.id.bytes).digest())
    return Heard([each.words for each in mixed if each.words], len(scores), average_of(scores), interested)


def interested_in(slot_ids: Collection[UUID]) -> dict[UUID, dict[Wish, int]]:
    """How many investors showed what for some turns; what was withdrawn is left out."""
    query = select(INTEREST.slot_id, INTEREST.wish, func.count()).where(
        INTEREST.slot_id.in_(list(slot_ids)), INTEREST.wish != Wish.WITHDRAWN
    )
    found: dict[UUID, dict[Wish, int]] = {each: {} for each in slot_ids}
    for slot_id, wish, count in session().execute(query.group_by(INTEREST.slot_id, INTEREST.wish)):
        found[slot_id][wish] = count
    return found


def came_to(night_id: UUID) -> frozenset[UUID]:
    """The accounts of the investors who were checked in at a night."""
    query = select(PLACE.account_id).where(PLACE.night_id == night_id, PLACE.status == PlaceStatus.ATTENDED)
    return frozenset(session().scalars(query))


def outcomes_of(found: PitchNight) -> list[Outcome]:
    """What came of each pitch of a night within 90 days: introductions asked for and made, by investors who were there."""
    slots = pitched_at(found.id)
    shown = interested_in([each.id for each in slots])
    asked = _introductions(found)
    return [
        Outcome(
            each,
            sum(shown[each.id].values()),
            sum(count for (pitch_id, _), count in asked.items() if pitch_id == each.pitch_id),
            asked.get((each.pitch_id, IntroductionStatus.AGREED), 0),
        )
        for each in slots
    ]


def _introductions(found: PitchNight) -> dict[tuple[UUID, IntroductionStatus], int]:
    there = select(PLACE.account_id).where(PLACE.night_id == found.id, PLACE.status == PlaceStatus.ATTENDED)
    pitched = select(SLOT.pitch_id).where(SLOT.night_id == found.id)
    query = select(ASKED.pitch_id, ASKED.status, func.count()).where(
        ASKED.account_id.in_(there),
        ASKED.pitch_id.in_(pitched),
        ASKED.requested_at >= found.starts_at,
        ASKED.requested_at < end_of(outcomes_until(found.starts_at)),
    )
    rows = session().execute(query.group_by(ASKED.pitch_id, ASKED.status))
    return {(pitch_id, status): count for pitch_id, status, count in rows}


def feedback_from(place_ids: Collection[UUID]) -> Sequence[NightFeedback]:
    """What was said from some places, at any night."""
    query = select(NightFeedback).where(FEEDBACK.place_id.in_(place_ids))
    return session().scalars(query.order_by(FEEDBACK.id)).all()
