"""Check-in: the certificate is tested again at the door, and what an investor is shown at the night goes into the ledger."""

from __future__ import annotations

from functools import partial

from crm.accounts.models import Account
from crm.angels.events.models import NightPlace, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places
from crm.angels.events.queries.wishes import feedback_of, interests_of
from crm.angels.events.rules.running import video_opens
from crm.angels.events.service.ordering import why_not_tonight
from crm.angels.events.service.seating import add_place, fill
from crm.angels.events.workflow import PLACES, SEATED, Act, NightStatus, PlaceStatus, Way
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.labels import CLOSED, CLOSED_TO_THEM, REMEDIES
from crm.angels.pitches.service.showing import note_blocked, shown, write_now
from crm.angels.pitches.workflow import Channel
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.states import advance, read_state_again, refuse_if
from crm.kernel.clock import moment_in_words, now, today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor

LETTER = "pitch_night"
"""What the record of refusals calls a night."""
ONLINE_OPENS = "The video link opens on this page on {moment}."
ONLINE_OVER = "This night is over, so its video link is closed."


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
    if is_early(place.night):
        return ONLINE_OPENS.format(moment=moment_in_words(video_opens(place.night.starts_at)))
    if why_not_tonight(place.night):
        return ONLINE_OVER
    has_seat = place.status in (PlaceStatus.COMING, PlaceStatus.ATTENDED)
    return None if has_seat else "Take a place first, then join."


def why_full(night: PitchNight, place: NightPlace | None) -> str | None:
    """Why there is no room for an investor at the door: all places are taken, and none is theirs; None where there is."""
    has_seat = place is not None and place.status in SEATED
    if has_seat or queries.seats_taken(night.id) < night.seats:
        return None
    taken = "The only place is taken." if night.seats == 1 else f"All {night.seats} places are taken."
    return f"{taken} Add places to the night first, if there is room."


def why_not_undo(place: NightPlace) -> str | None:
    """Why a check-in cannot be undone: there is none, the night is recorded as held, or they have spoken as someone there."""
    if place.status is not PlaceStatus.ATTENDED:
        return f"{place.account.name} is not checked in."
    if place.night.status is not NightStatus.INVITED:
        return "This night has been recorded as held, so who came can no longer be changed."
    if interests_of(place.id) or feedback_of(place.id):
        return f"{place.account.name} has shown interest or given feedback at this night, so they were there."
    return None


def undo_check_in(place: NightPlace, *, by: Actor) -> None:
    """Undo the check-in of the wrong person: they have the place that they had before, or none.

    The ledger is not rewritten: its rows of the check-in stay, and the audit log says that it was undone.
    """
    POLICY.require(by, Act.UNDO_CHECK_IN, place)
    held = queries.hold(place.night_id)
    read_state_again(place)
    refuse_if(why_not_undo(place))
    act = Act.UNSEAT if place.had_place is False else Act.UNDO_CHECK_IN
    changes = advance(PLACES, place, act)
    changes |= amend(place, checked_in_at=None, checked_in_by_id=None, way=None, had_place=None)
    audit.record(Act.UNDO_CHECK_IN, place, changes, by=by)
    fill(held)


def is_early(night: PitchNight) -> bool:
    """Whether investors cannot join a night by video yet."""
    return video_opens(night.starts_at) > now()


def _arrive(place: NightPlace, held: PitchNight, way: Way, *, by: Actor) -> None:
    """One of the places is theirs; and the ledger has a row for each pitch that is shown tonight, on their statement."""
    read_state_again(place)
    PLACES.target(Act.CHECK_IN, place.status)
    refuse_if(why_full(held, place))
    place.had_place = place.status is PlaceStatus.COMING
    changes = advance(PLACES, place, Act.CHECK_IN)
    place.waiting_since = None
    changes |= amend(place, checked_in_at=now(), checked_in_by_id=by.account_id, way=way)
    things = [shown(each.pitch, held.title) for each in queries.shown_at(held.id)]
    admission = admission_of(place.account_id, on=today())
    write_now(things, Channel.NIGHT, account_id=place.account_id, admission=admission)
    audit.record(Act.CHECK_IN, place, changes, by=by)
