"""Reads of invitations: who was invited, who comes, and who may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.angels.events.models import NightPlace, NightSlot, PitchNight
from crm.angels.events.queries.nights import NIGHT, PLACE, slot, slots_of
from crm.angels.events.rules.gating import ends_before, why_not_there
from crm.angels.events.workflow import IN_ORDER, NightStatus, PlaceStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import INSIDE
from crm.angels.investors.queries.angels import OVER
from crm.angels.investors.queries.gate import admission_of, admissions_of
from crm.angels.investors.rules.gate import NOBODY, Admission, Closed
from crm.angels.investors.workflow import AngelStatus
from crm.db.session import session
from crm.kernel.clock import day_of, now, today
from crm.kernel.folding import folded

MOST = 2_000
MOST_FOUND = 20
ANGEL = Angel.__table__.c


@dataclass(frozen=True)
class Seat:
    """A place together with one turn of its night: what an investor says about a pitch is about both."""

    seat: NightPlace
    slot: NightSlot


@dataclass(frozen=True)
class Gate:
    """How the gate stands to one investor for a night: what keeps them out today, or None.

    ``renew_by`` is the last day on which it is open to them, where that comes before the night.
    """

    closed: Closed | None = None
    renew_by: date | None = None


@dataclass(frozen=True)
class Invitee:
    """A member of the network, and how the gate stands to them for a night."""

    angel: Angel
    gate: Gate


@dataclass(frozen=True)
class Invitees:
    """Who is invited when invitations are sent now, who is left out and why, and how many were invited already."""

    to_invite: Sequence[Invitee]
    left_out: Sequence[Invitee]
    invited: int


def _whole() -> Select[NightPlace]:
    return select(NightPlace).options(
        joinedload(NightPlace.night).joinedload(PitchNight.created_by), joinedload(NightPlace.account)
    )


def place(place_id: UUID) -> NightPlace | None:
    """One invitation with its night and investor."""
    return session().scalar(_whole().where(PLACE.id == place_id))


def place_with(code: str) -> NightPlace | None:
    """The invitation with this code for the door."""
    return session().scalar(_whole().where(PLACE.code == code))


def place_of(night_id: UUID, account_id: UUID) -> NightPlace | None:
    """The invitation of one investor to one night."""
    query = _whole().where(PLACE.night_id == night_id, PLACE.account_id == account_id)
    return session().scalar(query)


def places_in(night_id: UUID) -> Sequence[NightPlace]:
    """Every invitation to a night, by name."""
    found = session().scalars(_whole().where(PLACE.night_id == night_id).limit(MOST)).all()
    return sorted(found, key=lambda each: (folded(each.account.name), str(each.id)))


def waiting_in(night_id: UUID) -> Sequence[NightPlace]:
    """Who waits for a place, in the order in which they asked for one."""
    query = _whole().where(PLACE.night_id == night_id, PLACE.status == PlaceStatus.WAITING)
    return session().scalars(query.order_by(PLACE.waiting_since, PLACE.id).limit(MOST)).all()


def places_of(account_id: UUID, *, upcoming: bool = False) -> Sequence[NightPlace]:
    """The invitations of one investor, the next night first; ``upcoming`` alone those to nights still to come."""
    query = _whole().join(PitchNight, NIGHT.id == PLACE.night_id).where(PLACE.account_id == account_id)
    if upcoming:
        query = query.where(NIGHT.status == NightStatus.INVITED, NIGHT.starts_at > now())
    return session().scalars(query.order_by(NIGHT.starts_at, PLACE.id).limit(MOST)).all()


def own_places(account_id: UUID, night_ids: Sequence[UUID]) -> dict[UUID, NightPlace]:
    """An investor's invitations to some nights."""
    query = select(NightPlace).where(PLACE.account_id == account_id, PLACE.night_id.in_(night_ids))
    return {each.night_id: each for each in session().scalars(query)}


def seat(place_id: UUID, slot_id: UUID) -> Seat | None:
    """A place and a turn of the same night."""
    found, turn = place(place_id), slot(slot_id)
    if found is None or turn is None or found.night_id != turn.night_id:
        return None
    return Seat(found, turn)


def members() -> Sequence[Angel]:
    """Every accepted member of the network by name, each with their account."""
    return [each for each in everybody() if each.status is AngelStatus.ACCEPTED]


def everybody() -> Sequence[Angel]:
    """Everybody in the network by name, suspended or not, each with their account."""
    query = select(Angel).options(joinedload(Angel.account)).where(ANGEL.status.in_(INSIDE))
    return session().scalars(query.order_by(ANGEL.name, ANGEL.id).limit(MOST)).all()


def coming_to(night_id: UUID) -> Sequence[UUID]:
    """The accounts of those who have a place at a night."""
    query = select(PLACE.account_id).where(PLACE.night_id == night_id, PLACE.status == PlaceStatus.COMING)
    return session().scalars(query).all()


def kept_out(found: PitchNight, coming: Collection[UUID], *, slots: Iterable[NightSlot]) -> set[UUID]:
    """Who of those coming to a night with these turns cannot be checked in as things are."""
    kinds = frozenset(each.pitch.instrument for each in slots if each.status in IN_ORDER)
    gates = gates_of(found, coming, kinds=kinds)
    return {key for key, gate in gates.items() if gate.closed is not None}


def instruments_of(night_id: UUID) -> frozenset[str]:
    """The kinds of investment in the running order of a night."""
    return frozenset(each.pitch.instrument for each in slots_of(night_id) if each.status in IN_ORDER)


def invitees(found: PitchNight) -> Invitees:
    """Who would be invited to a night now, and who not: asked of the gate as it is today."""
    known = set(session().scalars(select(PLACE.account_id).where(PLACE.night_id == found.id)))
    others = [each for each in everybody() if each.account_id not in known]
    gates = gates_of(found, [each.account_id for each in others if each.account_id])
    rows = [Invitee(each, gates[each.account_id]) for each in others if each.account_id]
    return Invitees(
        [each for each in rows if each.gate.closed is None],
        [each for each in rows if each.gate.closed is not None],
        len(known),
    )


def gates_of(
    found: PitchNight, account_ids: Collection[UUID], *, kinds: frozenset[str] | None = None
) -> dict[UUID, Gate]:
    """By account, how the gate stands to some investors today for a night: as many queries for one as for many."""
    gates = admissions_of(account_ids, on=today()) if account_ids else {}
    kinds, day = instruments_of(found.id) if kinds is None else kinds, day_of(found.starts_at)
    return {each: _gate(gates.get(each, NOBODY), kinds, day) for each in account_ids}


def _gate(admission: Admission, kinds: frozenset[str], day: date) -> Gate:
    closed = why_not_there(admission, kinds, on=today())
    return Gate(closed, ends_before(admission, day, on=today()) if closed is None else None)


def why_not_at(found: PitchNight, account_id: UUID) -> Closed | None:
    """What keeps one investor from a night today; None where nothing does."""
    return why_not_there(admission_of(account_id, on=today()), instruments_of(found.id), on=today())


def found_at_door(text: str) -> Sequence[Angel]:
    """The investors whose name holds these words, whatever their accents and capitals: a few.

    Suspended members and applicants are found too: the page of each says why they cannot be checked in.
    """
    sought = folded(text)
    if not sought:
        return ()
    query = select(Angel).options(joinedload(Angel.account)).where(ANGEL.account_id.is_not(None))
    query = query.where(ANGEL.status.not_in(OVER)).order_by(ANGEL.name, ANGEL.id).limit(MOST)
    return [each for each in session().scalars(query) if sought in folded(each.name)][:MOST_FOUND]
