"""A sample of every kind of thing of pitch nights that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.angels.events.models import NightPlace, PitchNight
from crm.angels.events.service.calendars import subject_of
from crm.angels.events.workflow import NightStatus, PlaceStatus, SlotStatus
from crm.angels.pitches.models import Pitch
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.clock import now
from crm.links.rules import Purpose
from crm.links.service import mint
from tests import network, nights
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast

Values = Mapping[str, Any]
N = NightStatus


def _pitch(business_id: UUID) -> Pitch:
    found = business(business_id)
    assert found is not None
    return network.pitch(network.legal(found))


def _nights(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Planned, invited to, today and held, each with a pitch; and one that was cancelled."""
    made = [nights.night(N.PLANNED), nights.night(), nights.night(days=0), nights.night(N.HELD, days=-3)]
    for each in made:
        nights.turn(each, _pitch(OTHER_BUSINESS))
    return tuple(each.id for each in (*made, nights.night(N.CANCELLED)))


def _today(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    found = nights.night(days=0)
    nights.turn(found, _pitch(OTHER_BUSINESS))
    return (found.id,)


def _over(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (nights.night(days=-1).id, nights.night(N.HELD, days=-3).id)


def _at_the_door(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return cast.angel.id, network.admitted().id


def _turns(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Asked and agreed to, of one business; and asked, of the other."""
    own = [
        nights.turn(nights.night(), _pitch(BUSINESS), each) for each in (SlotStatus.ASKED, SlotStatus.AGREED)
    ]
    return (
        *(each.id for each in own),
        nights.turn(nights.night(), _pitch(OTHER_BUSINESS), SlotStatus.ASKED).id,
    )


def _between(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One with another before and after it, so that it can be moved up and down."""
    found = nights.night()
    _, middle, _ = (nights.turn(found, _pitch(each)) for each in (OTHER_BUSINESS, BUSINESS, OTHER_BUSINESS))
    return (middle.id,)


def _arriving(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (nights.turn(nights.night(days=0), _pitch(BUSINESS)).id,)


def _arrived(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (nights.turn(nights.night(days=0), _pitch(BUSINESS), arrived_at=now()).id,)


def _arrived_guests(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (nights.guest(nights.night(days=0), arrived_at=now()).id,)


def _guests(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (nights.guest(nights.night(days=0)).id,)


def _places(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The angel's own, not answered and with a place; and a stranger's."""
    found = nights.night()
    nights.turn(found, _pitch(BUSINESS))
    own = nights.place(found, cast.angel.account, PlaceStatus.INVITED)
    return own.id, nights.place(found).id


def _joining(cast: Cast, _values: Values) -> tuple[Any, ...]:
    found = nights.night(days=0, hour=nights.MORNING, video_url="https://video.made.example/night")
    nights.turn(found, _pitch(BUSINESS))
    return nights.place(found, cast.angel.account).id, nights.place(found).id


def _there(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Today and begun, with the angel and a stranger checked in."""
    found = nights.night(days=0, hour=nights.MORNING)
    nights.turn(found, _pitch(BUSINESS))
    there = PlaceStatus.ATTENDED
    return nights.place(found, cast.angel.account, there).id, nights.place(found, status=there).id


def _turn_of_place(_cast: Cast, values: Values) -> tuple[Any, ...]:
    found = session().get_one(NightPlace, values["place_id"])
    return (nights.turn(session().get_one(PitchNight, found.night_id), _pitch(OTHER_BUSINESS)).id,)


def _shown(_cast: Cast, values: Values) -> tuple[Any, ...]:
    """A turn for which interest was shown, so that it can be withdrawn."""
    (slot_id,) = _turn_of_place(_cast, values)
    found = nights.night_queries.slot(slot_id)
    assert found is not None
    nights.interest(session().get_one(NightPlace, values["place_id"]), found)
    return (slot_id,)


def _link(cast: Cast, _values: Values) -> tuple[Any, ...]:
    found = nights.night()
    nights.turn(found, _pitch(BUSINESS))
    return (mint(Purpose.NIGHT, str(nights.place(found, cast.angel.account, PlaceStatus.INVITED).id)),)


LEAVING = {
    *(f"invitations.{name}" for name in ("invitation", "answer_invitation", "join")),
    *(f"invitations.{name}" for name in ("show_interest", "withdraw_interest", "give_feedback")),
    "doors.at_door",
}
"""The pages of a night that leave a trace: of what is shown to an investor, and of who is refused."""
SAYING = ("show_interest", "withdraw_interest", "give_feedback")
SAMPLES: dict[str, Callable[[Cast, Values], tuple[Any, ...]]] = {
    "night_id": _nights,
    "doors.door night_id": _today,
    "doors.at_door night_id": _today,
    "nights.close night_id": _over,
    "nights.review night_id": _over,
    "doors.at_door account_id": _at_the_door,
    "doors.code code": lambda _cast, _values: (nights.place(nights.night(days=0)).code,),
    "slot_id": _turns,
    "night_turns.arrived slot_id": _arriving,
    "night_turns.undo_arrival slot_id": _arrived,
    "night_turns.undo_arrival_of_guest guest_id": _arrived_guests,
    "night_turns.up slot_id": _between,
    "night_turns.down slot_id": _between,
    "guest_id": _guests,
    **{
        f"invitations.{name} place_id": _places
        for name in ("invitation", "answer_invitation", "calendar", "code")
    },
    "invitations.join place_id": _joining,
    "doors.undo_check_in place_id": _there,
    **{f"invitations.{name} place_id": _there for name in SAYING},
    **{f"invitations.{name} slot_id": _turn_of_place for name in SAYING},
    "invitations.withdraw_interest slot_id": _shown,
    "invitations.open_invitation token": _link,
    "invitations.read_calendar token": lambda cast, _values: (
        mint(Purpose.NIGHT_CALENDAR, subject_of(cast.angel.account.id)),
    ),
}
OTHERS: dict[str, Callable[[], UUID]] = {
    "place_id": lambda: nights.place(nights.night(days=0), status=PlaceStatus.ATTENDED).id,
}
"""Another parent of each kind, under which a child of the first does not stand."""
