"""The demonstration's pitch nights, one in every state; everyone in them is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.models import Account
from crm.accounts.queries import account, account_of, acting, actor_of, standing_in_for
from crm.angels.events.models import NightPlace, NightSlot, PitchNight
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places
from crm.angels.events.queries.places import Seat
from crm.angels.events.queries.wishes import requests_of
from crm.angels.events.service import door, hosting, ordering, planning, seating, wishing
from crm.angels.events.service.planning import NightDetails
from crm.angels.events.service.reminding import ask_for_review
from crm.angels.events.workflow import PlaceStatus, Way, Wish
from crm.angels.investors.queries.gate import facts_of
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import published
from crm.db.session import session
from crm.kernel.clock import day_of, days_later, earlier, moment_on, now, to_local, today
from crm.kernel.permissions import Actor

INVENTED = "Invented for the demonstration"
EVENING, LAST, DOORS = time(18, 30), time(21, 30), "The Made Hall, 12 Invented Street, Birmingham"
FEW, PLENTY = 2, 20
TURN, LENGTH = 15, timedelta(hours=2)
NO_TIME, JUST_BEFORE = timedelta(0), timedelta(minutes=10)


def load_nights() -> dict[str, int]:
    """Nights planned, invited to, tonight, held with feedback, looked back on after 90 days, and cancelled."""
    who = account_of("network@demo.example")
    manager = account(who.id) if who else None
    shown = list(published())
    if manager is None or len(shown) < 2 or session().scalar(select(func.count()).select_from(PitchNight)):
        return {"demo pitch nights": 0}
    by = actor_of(manager)
    _planned(shown, by)
    _invited(shown, by)
    _cancelled(shown, by)
    _long_past(shown, by)
    _past(shown, by)
    _tonight(shown, by)
    return {"demo pitch nights": 6}


def _night(
    title: str, days: int, by: Actor, *, hour: time = EVENING, seats: int = PLENTY, video: str = ""
) -> PitchNight:
    """A night so many days from now; it is moved back later where its day is to have come."""
    starts_at = moment_on(today() + timedelta(days=days), hour)
    details = NightDetails(
        title, starts_at, starts_at + LENGTH, seats, DOORS, video, f"{INVENTED}. Soup from 6pm."
    )
    return planning.plan(details, by=by)


def _again(found: PitchNight) -> PitchNight:
    session().flush()
    whole = queries.night(found.id)
    assert whole is not None
    return whole


def _ask(night: PitchNight, found: Pitch, by: Actor, *, agrees: bool | None = True) -> NightSlot:
    made = ordering.add_pitch(_again(night), found.id, minutes=TURN, by=by)
    owner = standing_in_for(found.business_id, otherwise=acting("adviser@demo.example"))
    if agrees:
        ordering.agree(made, by=owner)
    elif agrees is False:
        ordering.turn_down(made, reason=f"{INVENTED}: we are abroad that week.", by=owner)
    session().flush()
    return made


def _send(night: PitchNight, by: Actor) -> list[NightPlace]:
    """Invite everyone to whom the pitches are open, in the order of their names."""
    chosen = [each.angel.account_id for each in places.invitees(_again(night)).to_invite]
    seating.invite(night, [each for each in chosen if each is not None], by=by)
    session().flush()
    return list(places.places_in(night.id))


def _self(place: NightPlace) -> Actor:
    """An investor as they act themselves, with what the gate knows of them."""
    actor = actor_of(_owner(place.account_id))
    return replace(actor, facts=facts_of(actor))


def _planned(shown: list[Pitch], by: Actor) -> None:
    made = _night("Winter pitch night", 45, by)
    _ask(made, shown[0], by, agrees=None)
    _ask(made, shown[1], by, agrees=False)
    hosting.add_guest(_again(made), name="Wanda Demo-Guest", role="Speaks about reliefs", by=by)


def _invited(shown: list[Pitch], by: Actor) -> None:
    """Fewer places than investors who want to come: one waits. One says maybe, one no, one has not answered."""
    made = _night("Pitch night by the canal", 12, by, seats=FEW, video="https://video.demo.example/night")
    _ask(made, shown[1], by)
    _ask(made, shown[0], by)
    answers = (seating.come, seating.come, seating.come, seating.perhaps, seating.decline)
    for each, verb in zip(_send(made, by), answers, strict=False):
        verb(each, by=_self(each))
        session().flush()


def _cancelled(shown: list[Pitch], by: Actor) -> None:
    made = _night("Pitch night at the library", 20, by)
    _ask(made, shown[0], by)
    other = _ask(made, shown[1], by, agrees=None)
    ordering.remove_pitch(other, reason=f"{INVENTED}: the room is free for an hour only.", by=by)
    session().flush()
    first = _send(made, by)[0]
    seating.come(first, by=_self(first))
    session().flush()
    planning.cancel(_again(made), reason=f"{INVENTED}: the library is closed for repairs.", by=by)


def open_today(
    title: str, shown: list[Pitch], by: Actor, *, coming: int = 3
) -> tuple[PitchNight, list[NightPlace]]:
    """A night that has begun today: planned just before it began, so that its letters say the day and the hour that it has.

    In the first half hour of a day there is no such moment, as the pitches are open to investors from today: it is planned
    for tomorrow then, and moved.
    """
    begins = _half_hour_before()
    ago = now() - moment_on(today(), begins) + JUST_BEFORE
    is_today = day_of(now() - ago) == today()
    with earlier(ago if is_today else NO_TIME):
        made, rows = _full(title, shown, by, day=0 if is_today else 1, hour=begins, coming=coming)
    _move(made, 0 if is_today else 1)
    _keep_open(made)
    return made, rows


def _full(
    title: str, shown: list[Pitch], by: Actor, *, day: int, hour: time, coming: int
) -> tuple[PitchNight, list[NightPlace]]:
    """A night with two pitches, a guest, and so many who come of those who are invited."""
    made = _night(title, day, by, hour=hour, video="https://video.demo.example/night")
    for each in shown[:2]:
        _ask(made, each, by)
    hosting.add_guest(
        _again(made), name="Walter Demo-Guest", role="Hosts the evening", email="walter@guest.example", by=by
    )
    rows = _send(made, by)
    for place in rows[:coming]:
        seating.come(place, by=_self(place))
        session().flush()
    return made, rows


def _keep_open(night: PitchNight) -> None:
    """As if it lasted long: whoever opens the demonstration just before midnight finds tonight's night going on, too."""
    if night.ends_at < now() + LENGTH / 2:
        night.ends_at = now() + LENGTH
        session().flush()


def _half_hour_before() -> time:
    """The full or half hour before this moment, early enough for a night to end on its day."""
    local = to_local(now())
    return min(time(local.hour, 30 if local.minute >= 30 else 0), LAST)


def _move(night: PitchNight, days: int) -> None:
    """As if it had been so many days earlier: clocks and the ledger stay as they are."""
    for name in ("starts_at", "ends_at"):
        setattr(night, name, days_later(getattr(night, name), -days))
    for each in places.places_in(night.id):
        if each.checked_in_at is not None:
            each.checked_in_at -= timedelta(days=days)
    session().flush()
    session().expire_all()


def _tonight(shown: list[Pitch], by: Actor) -> None:
    made, rows = open_today("Today’s pitch night", shown, by, coming=4)
    _arrive(made, rows[:2], by)
    door.join(_place(rows[3]), by=_self(rows[3]))
    for seat in _seats(made, rows[:2]):
        known = requests_of(seat.seat.account_id, [seat.slot.pitch_id])
        wishing.show_interest(seat, Wish.INTERESTED if known else Wish.INTRODUCTION, by=_self(seat.seat))
    again = _seats(made, rows[:1])[-1]
    wishing.withdraw_interest(again, by=_self(again.seat))


def _seats(night: PitchNight, rows: list[NightPlace]) -> list[Seat]:
    """Each of these investors with each pitch."""
    session().flush()
    found = [places.seat(each.id, slot.id) for each in rows for slot in queries.slots_of(night.id)]
    return [each for each in found if each is not None]


def _place(found: NightPlace) -> NightPlace:
    loaded = places.place(found.id)
    assert loaded is not None
    return loaded


def _arrive(night: PitchNight, rows: list[NightPlace], by: Actor) -> None:
    for each, way in zip(rows, (Way.CODE, Way.NAME), strict=False):
        door.at_door(_again(night), _owner(each.account_id), way=way, by=by)
        session().flush()


def _owner(account_id: UUID) -> Account:
    found = account(account_id)
    assert found is not None
    return found


def _held(title: str, shown: list[Pitch], by: Actor) -> PitchNight:
    """Two came, of whom the first is interested in one pitch and asks to be introduced to the other; one did not."""
    made, rows = open_today(title, shown, by)
    _arrive(made, rows[:2], by)
    slots = queries.slots_of(made.id)
    for number, each in enumerate(places.places_in(made.id)):
        if each.status is PlaceStatus.ATTENDED:
            _say(each, slots[number % len(slots)], number, by=_self(each))
    session().flush()
    _move(made, 1)
    made.starts_at = moment_on(day_of(made.starts_at), EVENING)
    made.ends_at = made.starts_at + LENGTH
    planning.close(_again(made), by=by)
    return _again(made)


def _say(place: NightPlace, slot: NightSlot, number: int, *, by: Actor) -> None:
    found = places.seat(place.id, slot.id)
    assert found is not None
    kept: Seat = found
    wishing.show_interest(kept, Wish.INTERESTED, by=by)
    words = f"{INVENTED}: the numbers came late, and the story was good."
    wishing.give_feedback(kept, score=4 - number % 2, words=words, by=by)


def _past(shown: list[Pitch], by: Actor) -> None:
    """Held a week ago, with feedback given to the businesses."""
    made = _held("Autumn pitch night", shown, by)
    _move(made, 6)
    planning.release(_again(made))


def _long_past(shown: list[Pitch], by: Actor) -> None:
    """Held more than 90 days ago: it waits for a word about what came of it."""
    made = _held("Summer pitch night", shown, by)
    _move(made, 100)
    planning.release(_again(made))
    ask_for_review(_again(made))
