"""An event as a calendar file (RFC 5545): put in by who receives it, moved and taken out by a later one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, vCalAddress
from icalendar import Event as CalendarEvent

from crm.kernel.clock import now, to_local

PRODUCT = "-//Creative Growth//Meetings//EN"
READ_AGAIN = 12
"""After so many hours a calendar program is asked to read an address again."""


@dataclass(frozen=True)
class Event:
    """Something at a time and place. ``uid`` stays and ``sequence`` grows with each change; moments are aware.

    ``organiser`` and ``attendee`` are a name and an email address, or nobody. With both it is an invitation, whose later
    ones calendars apply by themselves; without, it is published, and a calendar only offers to put it in. Of whole
    days, only the days in London of ``starts_at`` and ``ends_at`` count, both included.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    where: str
    organiser: tuple[str, str] | None = None
    text: str = ""
    is_cancelled: bool = False
    is_tentative: bool = False
    is_whole_day: bool = False
    attendee: tuple[str, str] | None = None

    def to_ics(self) -> str:
        """The calendar file, in UTC so that it needs no table of time zones."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", self._method())
        calendar.add_component(self.component())
        return str(calendar.to_ical().decode())

    def _method(self) -> str:
        """What a calendar is asked to do (RFC 5546): a request and a cancellation name who is asked by whom."""
        if self.is_cancelled:
            return "CANCEL"
        return "REQUEST" if self.organiser and self.attendee else "PUBLISH"

    def component(self) -> CalendarEvent:
        """The entry itself, for a calendar of one or of several."""
        event = CalendarEvent()
        event.add("uid", self.uid)
        event.add("sequence", self.sequence)
        event.add("dtstamp", now())
        if self.is_whole_day:
            first, last = to_local(self.starts_at).date(), to_local(self.ends_at).date()
            event.add("dtstart", first)
            if last > first:
                event.add("dtend", last + timedelta(days=1))
        else:
            event.add("dtstart", self.starts_at)
            event.add("dtend", self.ends_at)
        event.add("summary", self.title)
        sure = "TENTATIVE" if self.is_tentative else "CONFIRMED"
        event.add("status", "CANCELLED" if self.is_cancelled else sure)
        for name, value in (("location", self.where), ("description", self.text)):
            if value:
                event.add(name, value)
        if self.organiser:
            event.add("organizer", _address(self.organiser))
        if self.organiser and self.attendee:
            attendee = _address(self.attendee)
            attendee.params |= {"role": "REQ-PARTICIPANT", "partstat": "ACCEPTED", "rsvp": "FALSE"}
            event.add("attendee", attendee)
        return event


def calendar_of(events: Iterable[Event], *, name: str) -> str:
    """Several events as one calendar that a program subscribes to: it reads the whole again, so what is gone is gone."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=READ_AGAIN), parameters={"VALUE": "DURATION"})
    for each in events:
        calendar.add_component(each.component())
    return str(calendar.to_ical().decode())


def _address(who: tuple[str, str]) -> vCalAddress:
    made = vCalAddress(f"MAILTO:{who[1]}")
    made.params["cn"] = who[0]
    return made
