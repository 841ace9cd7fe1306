"""Reads of nights, their running order and their guests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.angels.events.models import NightGuest, NightPlace, NightSlot, PitchNight
from crm.angels.events.policy import nights_visible_to
from crm.angels.events.workflow import IN_ORDER, SEATED, UPCOMING, NightStatus, PlaceStatus, SlotStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import PitchStatus
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.permissions import Actor

NIGHT, SLOT = PitchNight.__table__.c, NightSlot.__table__.c
GUEST, PLACE = NightGuest.__table__.c, NightPlace.__table__.c
MOST = 500
LATEST = Order((NIGHT.starts_at, NIGHT.id), lambda each: (each.starts_at, each.id), is_descending=True)
NEXT = Order((NIGHT.starts_at, NIGHT.id), lambda each: (each.starts_at, each.id))


def _whole() -> Select[PitchNight]:
    return select(PitchNight).options(joinedload(PitchNight.created_by))


def night(night_id: UUID) -> PitchNight | None:
    """One night with who planned it."""
    return session().scalar(_whole().where(NIGHT.id == night_id))


def hold(night_id: UUID) -> PitchNight:
    """A night, held against everyone else until the end of the transaction: its places are counted once."""
    query = select(PitchNight).options(selectinload(PitchNight.created_by)).where(NIGHT.id == night_id)
    return session().scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def nights(actor: Actor, show: str, *, cursor: str | None = None) -> Slice[PitchNight]:
    """One page of the nights that an actor may see: still to come, the next first; or past or cancelled, the latest first."""
    query = _whole().where(nights_visible_to(actor))
    if show == "cancelled":
        return slice_of(query.where(NIGHT.status == NightStatus.CANCELLED), LATEST, cursor=cursor)
    query = query.where(NIGHT.status != NightStatus.CANCELLED)
    if show == "past":
        return slice_of(query.where(NIGHT.ends_at <= now()), LATEST, cursor=cursor)
    return slice_of(query.where(NIGHT.ends_at > now()), NEXT, cursor=cursor)


def counts_of(night_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many invitations of some nights stand how, by status."""
    query = select(PLACE.night_id, PLACE.status, func.count()).where(PLACE.night_id.in_(list(night_ids)))
    found: dict[UUID, dict[str, int]] = {each: dict.fromkeys(PlaceStatus, 0) for each in night_ids}
    for night_id, status, count in session().execute(query.group_by(PLACE.night_id, PLACE.status)):
        found[night_id][status] = count
    return found


def seats_taken(night_id: UUID) -> int:
    """How many of a night's places are held."""
    query = select(func.count()).select_from(NightPlace)
    return session().scalar(query.where(PLACE.night_id == night_id, PLACE.status.in_(SEATED))) or 0


def pitches_in(night_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many pitches stand in the running order of some nights."""
    query = select(SLOT.night_id, func.count()).where(
        SLOT.night_id.in_(list(night_ids)), SLOT.status.in_(IN_ORDER)
    )
    found = {row[0]: row[1] for row in session().execute(query.group_by(SLOT.night_id))}
    return {each: found.get(each, 0) for each in night_ids}


def _slots() -> Select[NightSlot]:
    return select(NightSlot).options(
        joinedload(NightSlot.night).joinedload(PitchNight.created_by),
        joinedload(NightSlot.pitch).joinedload(Pitch.business).undefer(Business.shared),
    )


def slot(slot_id: UUID) -> NightSlot | None:
    """One turn with its night, pitch and business."""
    return session().scalar(_slots().where(SLOT.id == slot_id))


@remembered
def slots_of(night_id: UUID) -> Sequence[NightSlot]:
    """The turns of a night in their order, without those removed."""
    return [each for each in slots_ever_of(night_id) if each.status is not SlotStatus.REMOVED]


def slots_ever_of(night_id: UUID) -> Sequence[NightSlot]:
    """The turns of a night in their order, with those removed."""
    query = _slots().where(SLOT.night_id == night_id)
    return session().scalars(query.order_by(SLOT.position, SLOT.id).limit(MOST)).all()


def shown_at(night_id: UUID) -> Sequence[NightSlot]:
    """The turns of pitches that are shown at a night: agreed to, and published."""
    return [
        each
        for each in slots_of(night_id)
        if each.status is SlotStatus.AGREED and each.pitch.status is PitchStatus.PUBLISHED
    ]


def pitched_at(night_id: UUID) -> Sequence[NightSlot]:
    """The turns that were agreed to, whatever has become of their pitches since."""
    return [each for each in slots_of(night_id) if each.status is SlotStatus.AGREED]


def slots_for(pitch_id: UUID) -> Sequence[NightSlot]:
    """The turns that a pitch has, or had, the latest night first."""
    query = _slots().join(PitchNight, NIGHT.id == SLOT.night_id).where(SLOT.pitch_id == pitch_id)
    query = query.where(SLOT.status != SlotStatus.REMOVED)
    return session().scalars(query.order_by(NIGHT.starts_at.desc(), SLOT.id).limit(MOST)).all()


def slots_to_answer(business_ids: Collection[UUID]) -> Sequence[NightSlot]:
    """The turns that some businesses were asked to take and have not answered, the next night first."""
    query = _slots().join(PitchNight, NIGHT.id == SLOT.night_id).join(Pitch, Pitch.id == SLOT.pitch_id)
    query = query.where(
        Pitch.business_id.in_(list(business_ids)),
        SLOT.status == SlotStatus.ASKED,
        NIGHT.status.in_(UPCOMING),
        NIGHT.starts_at > now(),
    )
    return session().scalars(query.order_by(NIGHT.starts_at, SLOT.id).limit(MOST)).all()


def guests_of(night_id: UUID) -> Sequence[NightGuest]:
    """The guests of a night by name."""
    query = select(NightGuest).where(GUEST.night_id == night_id)
    return session().scalars(query.order_by(GUEST.name, GUEST.id).limit(MOST)).all()


def guests_to_forget(before: datetime) -> Sequence[NightGuest]:
    """The guests with an address of nights that ended before a moment."""
    query = select(NightGuest).join(PitchNight, NIGHT.id == GUEST.night_id)
    query = query.where(GUEST.email != "", NIGHT.ends_at < before)
    return session().scalars(query.order_by(NIGHT.ends_at, GUEST.id).limit(MOST)).all()


def guest(guest_id: UUID) -> NightGuest | None:
    """One guest with their night."""
    query = select(NightGuest).options(joinedload(NightGuest.night)).where(GUEST.id == guest_id)
    return session().scalar(query)


def with_status(status: NightStatus) -> Sequence[PitchNight]:
    """Every night with a status, the first first."""
    query = _whole().where(NIGHT.status == status)
    return session().scalars(query.order_by(NIGHT.starts_at, NIGHT.id).limit(MOST)).all()


def to_release(before: datetime) -> Sequence[PitchNight]:
    """The nights that are over and whose feedback was not released, those that began before a moment."""
    query = _whole().where(
        NIGHT.status.in_((NightStatus.INVITED, NightStatus.HELD)),
        NIGHT.released_at.is_(None),
        NIGHT.starts_at < before,
    )
    return session().scalars(query.order_by(NIGHT.starts_at, NIGHT.id).limit(MOST)).all()
