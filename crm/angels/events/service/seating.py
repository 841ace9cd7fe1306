"""Places at a night: invited, answered, waited for, given up; who waits the longest has the next free one."""

from __future__ import annotations

from collections.abc import Collection
from secrets import token_urlsafe
from uuid import UUID

from crm.accounts.queries import account, actor_of
from crm.accounts.workflow import AccountStatus
from crm.angels.events.models import NightPlace, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places
from crm.angels.events.queries.places import Gate
from crm.angels.events.service.telling import tell
from crm.angels.events.workflow import NIGHTS, PLACES, Act, NightStatus, PlaceStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.rules.labels import CLOSED, REMEDIES
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_shown
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.links.queries import dead
from crm.links.rules import Purpose
from crm.links.service import opened
from crm.notices.queries import is_leaving_about

CODE_BYTES = 12
NO_ACCOUNT = "Your account is closed, so you cannot answer. Ask the network’s manager to open it again."
NO_PITCHES = "Add a pitch to the running order first: who may be invited depends on what is pitched."


def why_not_invite(night: PitchNight) -> str | None:
    """Why invitations cannot be sent now; None where they can."""
    if night.status not in (NightStatus.PLANNED, NightStatus.INVITED):
        return "This night has been held or cancelled, so no one can be invited."
    if night.starts_at <= now():
        return "This night has begun, so no one can be invited."
    return None if places.instruments_of(night.id) else NO_PITCHES


def invite(night: PitchNight, chosen: Collection[UUID], *, version: int | None = None, by: Actor) -> int:
    """Invite these accounts, all of them investors whose gate is open today; return how many letters leave.

    The gate is asked again as each letter is sent. Someone who was invited already gets no second letter.
    """
    POLICY.require(by, Act.INVITE, night)
    held = queries.hold(night.id)
    refuse_if(why_not_invite(held))
    require_as_shown(held, version)
    found = places.invitees(held)
    open_to = {each.angel.account_id: each.gate for each in found.to_invite}
    _require_open(chosen, open_to.keys())
    changes = advance(NIGHTS, held, Act.INVITE)
    if held.invited_at is None:
        changes |= amend(held, invited_at=now())
    for account_id in chosen:
        tell(add_place(held, account_id), "night_invited", night=held, renew_by=renew_by(open_to[account_id]))
    audit.record(Act.INVITE, held, changes | created(invited=len(chosen)), by=by)
    return len(chosen)


def renew_by(gate: Gate) -> str:
    """The day by which an investor has to renew so that they can come, in words; empty where pitches stay open to them until then."""
    return day_in_words(gate.renew_by) if gate.renew_by else ""


def _require_open(chosen: Collection[UUID], open_to: Collection[UUID | None]) -> None:
    if not chosen:
        raise Invalid("Choose at least one investor to invite", field="chosen")
    if not set(chosen) <= set(open_to):
        raise Conflict(
            "Some of these investors were invited meanwhile, or may not be shown these pitches any more. "
            "Check the list, then send it again."
        )


def add_place(held: PitchNight, account_id: UUID) -> NightPlace:
    """A new invitation, with a code of its own for the door."""
    made = NightPlace(
        night_id=held.id, account_id=account_id, code=token_urlsafe(CODE_BYTES), invited_at=now()
    )
    made._status = PLACES.start  # noqa: SLF001 where every invitation begins
    session().add(made)
    session().flush()
    session().expire(made)
    found = places.place(made.id)
    assert found is not None
    return found


def why_not_answer(place: NightPlace) -> str | None:
    """Why an invitation can no longer be answered; None where it can."""
    if place.night.status is NightStatus.CANCELLED:
        return "This night was cancelled."
    if place.status is PlaceStatus.ATTENDED:
        return "You are checked in at this night, so there is nothing left to answer."
    if place.night.status is not NightStatus.INVITED or place.night.starts_at <= now():
        return "This night has begun, so you can no longer change your answer."
    return None


def would_wait(place: NightPlace) -> bool:
    """Whether a yes now leads to the waiting list: no place is held, and all are taken."""
    night = place.night
    is_asked = place.status in (PlaceStatus.INVITED, PlaceStatus.MAYBE, PlaceStatus.DECLINED)
    return is_asked and queries.seats_taken(night.id) >= night.seats


def come(place: NightPlace, *, by: Actor) -> None:
    """Take a place, or one on the waiting list where all are taken. The gate is asked first: who may not come has no place."""
    POLICY.require(by, Act.COME, place)
    held = _held(place)
    PLACES.target(Act.COME, place.status)
    closed = places.why_not_at(held, place.account_id)
    if closed is not None:
        raise Conflict(f"You cannot take a place today. {CLOSED[closed]} {REMEDIES[closed]}")
    if queries.seats_taken(held.id) < held.seats:
        _settle(place, Act.COME, held, letter="night_place", by=by)
    else:
        _settle(place, Act.WAIT, held, letter="night_waiting", by=by)


def perhaps(place: NightPlace, *, by: Actor) -> None:
    """Answer maybe: this holds no place, and one that was held goes to whoever waits the longest."""
    POLICY.require(by, Act.PERHAPS, place)
    _settle(place, Act.PERHAPS, _held(place), by=by)


def decline(place: NightPlace, *, by: Actor) -> None:
    """Answer no; a place that was held goes to whoever waits the longest."""
    POLICY.require(by, Act.DECLINE, place)
    _settle(place, Act.DECLINE, _held(place), by=by)


def _held(place: NightPlace) -> PitchNight:
    held = queries.hold(place.night_id)
    read_state_again(place)
    refuse_if(why_not_answer(place))
    return held


def _settle(place: NightPlace, act: Act, held: PitchNight, *, letter: str = "", by: Actor) -> None:
    had_seat = place.status is PlaceStatus.COMING
    changes: Changes = advance(PLACES, place, act) | amend(place, answered_at=now())
    place.waiting_since = now() if place.status is PlaceStatus.WAITING else None
    audit.record(act, place, changes, by=by)
    if letter:
        gate = places.gates_of(held, [place.account_id])[place.account_id]
        tell(place, letter, night=held, renew_by=renew_by(gate))
    elif had_seat:
        tell(place, "night_given_up", night=held)
    if had_seat:
        fill(held)


def fill(held: PitchNight) -> None:
    """Give the places that are free to those who wait the longest, and tell them. Who may not come today is passed over."""
    session().flush()
    free = held.seats - queries.seats_taken(held.id)
    if free <= 0 or held.status is not NightStatus.INVITED or held.starts_at <= now():
        return
    waiting = places.waiting_in(held.id)
    gates = places.gates_of(held, [each.account_id for each in waiting])
    fitting = [each for each in waiting if gates[each.account_id].closed is None]
    for each in fitting[:free]:
        changes = advance(PLACES, each, Act.TAKE_UP)
        each.waiting_since = None
        audit.record(Act.TAKE_UP, each, changes, by=SYSTEM)
        tell(each, "night_place", night=held, renew_by=renew_by(gates[each.account_id]))


def place_behind(token: str) -> NightPlace:
    """The invitation that a letter's link leads to. Raises `DeadLink`."""
    found = places.place(UUID(opened(token, Purpose.NIGHT)))
    if found is None:
        raise dead(Purpose.NIGHT)
    return found


def is_being_written_to(place: NightPlace) -> bool:
    """Whether a letter about an answer waits to leave: its link replaces the one in the letter before."""
    return place.answered_at is not None and is_leaving_about(Purpose.NIGHT, str(place.id))


def why_not_by_link(place: NightPlace) -> str | None:
    """Why an invitation cannot be answered by the link in its letter; None where it can, also before the first sign-in."""
    is_closed = place.account.status is AccountStatus.DEACTIVATED
    return why_not_answer(place) or (NO_ACCOUNT if is_closed else None)


def owner_of(place: NightPlace) -> Actor:
    """The investor whose invitation it is, as who holds the link in their letter acts."""
    refuse_if(why_not_by_link(place))
    own = account(place.account_id)
    assert own is not None
    return actor_of(own)


def give_up_all(found: Angel, *, by: Actor) -> None:
    """An investor who leaves the network gives up their places at the nights to come."""
    for each in places.places_of(found.account_id, upcoming=True) if found.account_id else ():
        if each.status in (PlaceStatus.COMING, PlaceStatus.MAYBE, PlaceStatus.WAITING, PlaceStatus.INVITED):
            held = queries.hold(each.night_id)
            _settle(each, Act.DECLINE, held, by=by)
