"""Letters and calendar entries of pitch nights. None names a business that raises money, nor to a business an investor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.accounts.models import Account
from crm.angels.events.models import NightGuest, NightPlace, NightSlot, PitchNight
from crm.angels.events.queries.nights import guests_of
from crm.angels.pitches.queries.people import people_told
from crm.db.session import SITE, session
from crm.kernel.clock import moment_with_weekday
from crm.kernel.events import Event
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue

ONLINE = "Online: join from your page of the night"
SEATED_LETTERS = ("night_place", "night_changed", "night_reminder")
CALLED_OFF = ("night_given_up", "night_cancelled")


def where_of(night: PitchNight) -> str:
    """Where a night is, in words: the link to a video is on its page alone, for those who were checked in."""
    if night.place and night.video_url:
        return f"{night.place}, or online: join from your page of the night"
    return night.place or ONLINE


def organiser_of(night: PitchNight) -> tuple[str, str] | None:
    """Who a calendar entry comes from."""
    return (night.created_by.name, night.created_by.email) if night.created_by else None


def path_of(found: NightPlace | NightSlot) -> str:
    """The page of a night for the investor or business whose place or turn it is."""
    kind = "invitations" if isinstance(found, NightPlace) else "turns"
    return f"/events/{kind}/{found.id}"


def where_for_guests(night: PitchNight) -> str:
    """Where a night is for those who have no page of it."""
    online = "online: whoever invited you sends you the link"
    return (
        f"{night.place}, or {online}" if night.place and night.video_url else night.place or f"O{online[1:]}"
    )


def _text_of(night: PitchNight, found: NightPlace | NightSlot) -> str:
    """What the entry says below its title: the page of the night, which has the video link and the code for the door."""
    what = "Your page of the night, with the video link" if night.video_url else "Your page of the night"
    return f"{what}: {session().info[SITE].get('base_url', '')}{path_of(found)}"


def entry_of(night: PitchNight, found: NightPlace | NightSlot, *, is_cancelled: bool = False) -> Event:
    """A night in the calendar of one investor or of one business: always the same entry, with a number that rises (N55).

    To an investor it is an invitation, whose later ones a calendar applies by itself; to a business it is published.
    """
    what = "place" if isinstance(found, NightPlace) else "turn"
    return Event(
        uid=f"night-{what}-{found.id}@letters.crm",
        sequence=found.sequence,
        starts_at=night.starts_at,
        ends_at=night.ends_at,
        title=night.title,
        where=where_of(night),
        organiser=organiser_of(night),
        text=_text_of(night, found),
        attendee=(found.account.name, found.account.email) if isinstance(found, NightPlace) else None,
        is_cancelled=is_cancelled,
    )


def entry_for_guest(night: PitchNight, guest: NightGuest, *, is_cancelled: bool = False) -> Event:
    """A night in the calendar of a guest."""
    return Event(
        uid=f"night-guest-{guest.id}@letters.crm",
        sequence=guest.sequence,
        starts_at=night.starts_at,
        ends_at=night.ends_at,
        title=night.title,
        where=where_for_guests(night),
        organiser=organiser_of(night),
        attendee=(guest.name, guest.email),
        is_cancelled=is_cancelled,
    )


def tell_guest(
    guest: NightGuest, kind: str, *, night: PitchNight, is_cancelled: bool = False, **said: Any
) -> None:
    """A letter to a guest who has an address, with their calendar entry: what it says is open to anyone, so no gate is asked."""
    if not guest.email:
        return
    guest.sequence += 1
    host = organiser_of(night)
    context = _said_of(night) | {"place": where_for_guests(night), "role": guest.role}
    context |= {"host": host[0] if host else "", "host_email": host[1] if host else ""} | said
    event = entry_for_guest(night, guest, is_cancelled=is_cancelled)
    queue(kind, Reader(guest.email, guest.name), having=Extras(context, event=event))


def tell_guests(held: PitchNight, kind: str, *, is_cancelled: bool = False, **said: Any) -> int:
    """Tell every guest who has an address of a change or the cancellation; how many letters leave."""
    rows = [each for each in guests_of(held.id) if each.email]
    for each in rows:
        tell_guest(each, kind, night=held, is_cancelled=is_cancelled, **said)
    return len(rows)


def _said_of(night: PitchNight) -> dict[str, Any]:
    when = moment_with_weekday(night.starts_at)
    said = {"title": night.title, "about": night.about, "when": when, "place": where_of(night)}
    return said | {"night_id": str(night.id)}


def tell(place: NightPlace, kind: str, *, night: PitchNight, had_seat: bool = True, **said: Any) -> None:
    """A letter to an investor about their invitation, with a link that lasts; with the entry where they have or lose a place."""
    is_off = kind in CALLED_OFF
    event = None
    if had_seat and (is_off or kind in SEATED_LETTERS):
        place.sequence += 1
        event = entry_of(night, place, is_cancelled=is_off)
    context = _said_of(night) | {"had_seat": had_seat, "path": path_of(place)} | said
    reader = Reader(place.account.email, place.account.name, place.account_id)
    # A letter without a link leaves that of the letter before: it says that the night was cancelled.
    link = None if kind == "night_cancelled" else LinkWanted(Purpose.NIGHT, str(place.id))
    queue(kind, reader, having=Extras(context, link, event=event))


def tell_business(
    slot: NightSlot, kind: str, *, night: PitchNight, in_calendar: bool | None = None, **said: Any
) -> int:
    """A letter to each owner of a business about its turn; with the entry, or its end, where ``in_calendar`` says so.

    Returns how many letters leave.
    """
    event = None
    if in_calendar is not None:
        slot.sequence += 1
        event = entry_of(night, slot, is_cancelled=not in_calendar)
    context = _said_of(night) | {"business": slot.pitch.business.name, "headline": slot.pitch.headline}
    context |= {"path": path_of(slot), "in_calendar": in_calendar is not None} | said
    people = people_told(slot.pitch.business_id)
    for each in people:
        queue(kind, Reader(each.email, each.name, each.id), having=Extras(context, event=event))
    return len(people)


def tell_manager(night: PitchNight, kind: str, **said: Any) -> None:
    """A letter to whoever planned a night."""
    for each in _planner(night):
        context = _said_of(night) | {"path": f"/events/{night.id}"} | said
        queue(kind, Reader(each.email, each.name, each.id), having=Extras(context))


def _planner(night: PitchNight) -> Iterable[Account]:
    return (night.created_by,) if night.created_by else ()
