"""Check-in: the certificate is tested again at the door, and what an investor is shown at the night goes into the ledger."""

from __future__ import annotations

from functools import partial

from crm.accounts.models import Account
from crm.angels.events.models import NightPlace, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places
from crm.angels.events.service.ordering import why_not_tonight
from crm.angels.events.service.seating import add_place
from crm.angels.events.workflow import PLACES, Act, PlaceStatus, Way
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.labels import CLOSED, CLOSED_TO_THEM, REMEDIES
from crm.angels.pitches.service.showing import note_blocked, shown, write_now
from crm.angels.pitches.workflow import Channel
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.states import advance, read_state_again, refuse_if
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor

LETTER = "pitch_night"
"""What the record of refusals calls a night."""
ONLINE_OPENS = "The video link opens on the day of the night, on this page."


def at_door(night: PitchNight, investor: Account, *, way: Way, by: Actor) -> NightPlace:
    """Check an investor in, invited or not: refused where the gate is closed to them today, or where all places are taken.

    Only investors of the network are checked in. Every pitch of the running order is then in the ledger as shown to them.
    """
    POLICY.require(by, Act.CHECK_IN, night)
    held = queries.hold(night.id)
    refuse_if(why_not_tonight(held))
    _require_open(held, investor)
    found = places.place_of(held.id, investor.id) or add_place(held, investor.id)
    return check_in(found, way=way, by=by)


def _require_open(held: PitchNight, investor: Account) -> None:
    closed = places.why_not_at(held, investor.id)
    if closed is not None:
        words = f"{investor.name} cannot be checked in, because {CLOSED_TO_THEM[closed]}."
        raise Conflict(words, trace=partial(note_blocked, investor.id, LETTER, reason=closed))


def check_in(place: NightPlace, *, way: Way = Way.NAME, by: Actor) -> NightPlace:
    """Check in an investor who was invited. Refused as at the door: by the gate, by the day, by the places."""
    POLICY.require(by, Act.CHECK_IN, place)
    held = queries.hold(place.night_id)
    refuse_if(why_not_tonight(held))
    _require_open(held, place.account)
    _arrive(place, held, way, by=by)
    return place


def join(place: NightPlace, *, by: Actor) -> None:
    """Join a night by video: the gate is asked as at the door, and the page then shows the link."""
    POLICY.require(by, Act.JOIN, place)
    held = queries.hold(place.night_id)
    refuse_if(why_not_join(place))
    closed = places.why_not_at(held, place.account_id)
    if closed is not None:
        trace = partial(note_blocked, place.account_id, LETTER, reason=closed)
        raise Conflict(f"{CLOSED[closed]} {REMEDIES[closed]}", trace=trace)
    _arrive(place, held, Way.VIDEO, by=by)


def why_not_join(place: NightPlace) -> str | None:
    """Why an investor cannot join by video now; None on the day, where they have a place and there is a link."""
    if not place.night.video_url:
        return "This night is not online."
    if why_not_tonight(place.night):
        return ONLINE_OPENS
    has_seat = place.status in (PlaceStatus.COMING, PlaceStatus.ATTENDED)
    return None if has_seat else "Take a place first, then join."


def _arrive(place: NightPlace, held: PitchNight, way: Way, *, by: Actor) -> None:
    """One of the places is theirs; and the ledger has a row for each pitch that is shown tonight, on their statement."""
    read_state_again(place)
    PLACES.target(Act.CHECK_IN, place.status)
    taken = queries.seats_taken(held.id)
    if place.status is not PlaceStatus.COMING and taken >= held.seats:
        raise Conflict(f"All {held.seats} places are taken. Add places to the night first, if there is room.")
    changes = advance(PLACES, place, Act.CHECK_IN)
    place.waiting_since = None
    changes |= amend(place, checked_in_at=now(), checked_in_by_id=by.account_id, way=way)
    things = [shown(each.pitch, held.title) for each in queries.shown_at(held.id)]
    admission = admission_of(place.account_id, on=today())
    write_now(things, Channel.NIGHT, account_id=place.account_id, admission=admission)
    audit.record(Act.CHECK_IN, place, changes, by=by)
