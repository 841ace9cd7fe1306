"""Pitch nights as tests need them, straight in the tables."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from crm.accounts.models import Account
from crm.angels.events.models import (
    NightFeedback,
    NightGuest,
    NightInterest,
    NightPlace,
    NightSlot,
    PitchNight,
)
from crm.angels.events.queries import nights as night_queries
from crm.angels.events.queries import places
from crm.angels.events.workflow import NightStatus, PlaceStatus, SlotStatus, Way, Wish
from crm.angels.pitches.models import Pitch
from crm.db.session import session
from crm.kernel.clock import moment_on, now, today
from tests import factories, network
from tests.factories import kept
from tests.positions import next_position

EVENING, MORNING = time(18, 30), time(9, 30)
"""Nights are in the evening; one of the morning has begun at the hour at which the clock of the tests stands."""


def night(
    status: NightStatus = NightStatus.INVITED, *, days: int = 7, hour: time = EVENING, **fields: Any
) -> PitchNight:
    """A night of two hours, at half past six so many days from today."""
    starts_at = moment_on(today() + timedelta(days=days), hour)
    number = next(factories._number)
    given: dict[str, Any] = {
        "title": f"Made evening {number:04}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": "The Made Hall",
        "seats": 10,
        "created_at": now(),
        "created_by_id": factories.account().id,
        "invited_at": None if status is NightStatus.PLANNED else now(),
        "reason": "Made reason" if status is NightStatus.CANCELLED else "",
    }
    made: PitchNight = kept(PitchNight(**{**given, **fields}, _status=status))
    return whole(made)


def whole(found: PitchNight) -> PitchNight:
    """A night as its pages load it, read anew."""
    session().flush()
    session().expire(found)
    loaded = night_queries.night(found.id)
    assert loaded is not None
    return loaded


def turn(
    found: PitchNight, pitch: Pitch | None = None, status: SlotStatus = SlotStatus.AGREED, **fields: Any
) -> NightSlot:
    """A pitch in the running order of a night."""
    shown = pitch or network.pitch(network.legal(factories.business()))
    given = {"position": next_position(found.id), "minutes": 15, "asked_at": now()} | fields
    made: NightSlot = kept(NightSlot(night_id=found.id, pitch_id=shown.id, **given, _status=status))
    session().expire(made)
    loaded = night_queries.slot(made.id)
    assert loaded is not None
    return loaded


def place(
    found: PitchNight, owner: Account | None = None, status: PlaceStatus = PlaceStatus.COMING, **fields: Any
) -> NightPlace:
    """An investor's invitation to a night."""
    is_there = status is PlaceStatus.ATTENDED
    given: dict[str, Any] = {
        "account_id": (owner or network.admitted()).id,
        "code": f"made-{next(factories._number)}",
        "invited_at": now(),
        "waiting_since": now() if status is PlaceStatus.WAITING else None,
        "checked_in_at": now() if is_there else None,
        "way": Way.NAME if is_there else None,
    }
    made: NightPlace = kept(NightPlace(night_id=found.id, **{**given, **fields}, _status=status))
    return whole_place(made)


def whole_place(found: NightPlace) -> NightPlace:
    """An invitation as its page loads it, read anew."""
    session().flush()
    session().expire(found)
    loaded = places.place(found.id)
    assert loaded is not None
    return loaded


def guest(found: PitchNight, **fields: Any) -> NightGuest:
    """A guest of the network's staff."""
    given = {"name": "Made Guest", "role": "Made speaker", "added_at": now()} | fields
    made: NightGuest = kept(NightGuest(night_id=found.id, **given))
    loaded = night_queries.guest(made.id)
    assert loaded is not None
    return loaded


def interest(
    found: NightPlace, slot: NightSlot, wish: Wish = Wish.INTERESTED, **fields: Any
) -> NightInterest:
    """What somebody showed for a pitch."""
    made: NightInterest = kept(
        NightInterest(place_id=found.id, slot_id=slot.id, wish=wish, shown_at=now(), **fields)
    )
    return made


def feedback(found: NightPlace, slot: NightSlot, **fields: Any) -> NightFeedback:
    """What somebody said of a pitch."""
    given = {"score": 4, "words": "Made comment", "given_at": now()} | fields
    made: NightFeedback = kept(NightFeedback(place_id=found.id, slot_id=slot.id, **given))
    return made
