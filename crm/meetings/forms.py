"""The forms of appointments, workshops and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Business, Person
from crm.casework.models import SupportKind
from crm.casework.rules import CHANNELS, hours_in_words, read_quarters
from crm.casework.workflow import Channel
from crm.kernel.clock import moment_on, read_time, to_local, write_time
from crm.kernel.errors import BadInput
from crm.meetings.models import Appointment, Workshop, WorkshopPlace
from crm.meetings.rules import (
    LONGEST_ABOUT,
    LONGEST_MEETING,
    LONGEST_TITLE,
    MOST_SEATS,
    SHORTEST,
)
from crm.meetings.service.arranging import AppointmentDetails
from crm.meetings.service.doubting import require_usual
from crm.meetings.service.holding import WorkshopDetails
from crm.meetings.service.seating import Attendee
from crm.web.fields import DayField, EmailLine, Line, ReadAs, SeenVersion, WholeNumberField, optional
from crm.web.filters import sentence
from crm.web.forms import Form, OpenForm

TOO_LONG = Length(max=LONGEST_ABOUT, message=f"This must be {LONGEST_ABOUT:,} characters or fewer")


def _channels(*left_out: str) -> list[SelectChoice]:
    return [SelectChoice(each, sentence(label)) for each, label in CHANNELS.items() if each not in left_out]


class WhenForm(Form):
    """A day, a time and how long it takes."""

    version = SeenVersion()
    day = DayField("Day", [InputRequired("Enter the day")])
    hour = ReadAs("Time", [InputRequired("Enter the time")], read=read_time, write=write_time)
    minutes = WholeNumberField(
        "How long?",
        [InputRequired("Enter how long it takes")],
        least=SHORTEST,
        most=LONGEST_MEETING,
        says="The number of minutes",
    )
    is_meant = BooleanField("Yes, I mean this day, time and length")

    def validate_hour(self, field: Any) -> None:
        """London's clocks have to show that time on that day."""
        if self.day.data and field.data:
            moment_on(self.day.data, field.data)

    def doubted(self, kept: Appointment | Workshop | None, *, longest: int) -> None:
        """Ask whether an unusual time is meant, unless the box says that it is."""

        def ask() -> None:
            if not self.is_meant.data:
                require_usual(**self.moments(), longest=longest, kept=kept)

        self.also(ask, "day", "hour", "minutes")

    def moments(self) -> dict[str, datetime]:
        """When it starts and ends."""
        begins = moment_on(self.day.data, self.hour.data)
        return {"starts_at": begins, "ends_at": begins + timedelta(minutes=self.minutes.data)}


def when_of(found: Appointment | Workshop) -> dict[str, Any]:
    """What the form shows of a time that is there already."""
    local = to_local(found.starts_at)
    shown = {"day": local.date(), "hour": local.time(), "minutes": found.minutes}
    return shown | {"version": found.version, "channel": found.channel, "place": found.place}


class AppointmentForm(WhenForm):
    """Whom to meet, when and where. Whether an appointment can be kept depends on what ``SETTLES`` it."""

    SETTLES = ("person", "adviser", "channel", "day", "hour", "minutes")
    shown_first = ("person", "adviser", "subject")
    person = SelectField("Whom do you meet?", [InputRequired("Choose whom you meet")])
    adviser = SelectField("Who meets them?", [InputRequired("Choose who meets them")])
    subject = Line("What is it about?", [InputRequired("Say what it is about")], longest=LONGEST_TITLE)
    channel = RadioField(
        "How do you meet?", [InputRequired("Choose how you meet")], choices=_channels("email", "event")
    )
    place = Line("Where?", [InputRequired("Say where: an address, a number or a link")], longest=500)

    def offer(self, people: Iterable[Person], advisers: Mapping[str, str]) -> AppointmentForm:
        """Offer these people and colleagues."""
        self.person.choices = [SelectChoice(str(each.id), each.name) for each in people]
        self.adviser.choices = [SelectChoice(each, name) for each, name in advisers.items()]
        return self

    def details(self) -> AppointmentDetails:
        """The appointment as the verbs take it."""
        return AppointmentDetails(
            person_id=UUID(self.person.data),
            adviser_id=UUID(self.adviser.data),
            subject=self.subject.data or "",
            channel=Channel(self.channel.data),
            place=self.place.data or "",
            **self.moments(),
        )


def values_of(found: Appointment) -> dict[str, Any]:
    """What the form shows of an appointment that is there already."""
    own = {"person": str(found.person_id), "adviser": str(found.adviser_id), "subject": found.subject}
    return own | when_of(found)


class WorkshopForm(WhenForm):
    """What a workshop is, when and where. Whether it can be held depends on what ``SETTLES`` it."""

    shown_first = ("title", "about")
    SETTLES = ("day", "hour", "minutes", "kind_code", "hub", "lead", "channel", "seats", "quarters")
    title = Line("Name", [InputRequired("Enter a name")], longest=LONGEST_TITLE)
    about = TextAreaField(
        "What is it about, and whom is it for?", [InputRequired("Say what it is about"), TOO_LONG]
    )
    channel = RadioField(
        "How do people take part?",
        [InputRequired("Choose how")],
        choices=_channels("email", "event", "telephone"),
    )
    place = Line("Where?", [InputRequired("Say where: an address or a link")], longest=500)
    hub = SelectField("Who runs it?", [optional()])
    lead = SelectField("Who leads it?", [optional()])
    seats = WholeNumberField(
        "How many places?",
        [InputRequired("Enter how many places")],
        least=1,
        most=MOST_SEATS,
        says="The number of places",
    )
    kind_code = SelectField("Kind of support", [InputRequired("Choose a kind of support")])
    quarters = ReadAs(
        "Hours of help for each business", [optional()], read=read_quarters, write=hours_in_words
    )

    def offer(
        self, kinds: Iterable[SupportKind], hubs: Mapping[str, str], leads: Mapping[str, str]
    ) -> WorkshopForm:
        """Offer these kinds of support, hubs and colleagues."""
        unknown = [] if self.lead.data in leads else [SelectChoice("", "Choose")]
        self.lead.choices = [*unknown, *(SelectChoice(each, name) for each, name in leads.items())]
        grouped: dict[str, list[SelectChoice]] = {"": [SelectChoice("", "Choose")]}
        for each in kinds:
            grouped.setdefault(each.area_label, []).append(SelectChoice(each.code, each.label))
        self.kind_code.choices = grouped
        named = [SelectChoice(each, name) for each, name in hubs.items()]
        self.hub.choices = [SelectChoice("", "All hubs together"), *named]
        return self

    def details(self) -> WorkshopDetails:
        """The workshop as the verbs take it."""
        return WorkshopDetails(
            title=self.title.data or "",
            about=self.about.data or "",
            kind_code=self.kind_code.data,
            hub_id=UUID(self.hub.data) if self.hub.data else None,
            channel=Channel(self.channel.data),
            place=self.place.data or "",
            seats=self.seats.data,
            quarters=self.quarters.data,
            lead_id=UUID(self.lead.data) if self.lead.data else None,
            **self.moments(),
        )


def workshop_values(found: Workshop) -> dict[str, Any]:
    """What the form shows of a workshop that is there already."""
    names = ("title", "about", "kind_code", "seats", "quarters")
    own = {name: getattr(found, name) for name in names} | {"hub": str(found.hub_id or "")}
    return own | {"lead": str(found.lead_id or "")} | when_of(found)


class SignUpForm(OpenForm):
    """Who comes, and from which business."""

    person_name = Line("Your name", [InputRequired("Enter your name")])
    email = EmailLine("Email address", [InputRequired("Enter your email address")])
    business = RadioField("Which business do you come from?", [optional()])
    business_name = Line("Name of your business", [optional()])

    def offer(self, own: Iterable[Business]) -> SignUpForm:
        """Offer the businesses of whoever is signed in."""
        self.business.choices = [SelectChoice(str(each.id), each.name) for each in own]
        return self

    def validate_business_name(self, field: Any) -> None:
        """One is typed, or one is chosen."""
        if not self.business.choices and not field.data:
            raise BadInput("Enter the name of your business, or of yourself if you work alone")

    def validate_business(self, field: Any) -> None:
        """One of them, where there are any."""
        if field.choices and not field.data:
            raise BadInput("Choose which business you come from")

    def attendee(self) -> Attendee:
        """As the verb takes them."""
        names = {each.value: each.label for each in self.business.choices or ()}
        chosen = self.business.data if self.business.choices else None
        name = names[chosen] if chosen else self.business_name.data or ""
        return Attendee(self.person_name.data or "", self.email.data, name, UUID(chosen) if chosen else None)


class SignUpOthersForm(SignUpForm):
    """Who comes, as a colleague of ours enters it for them."""

    person_name = Line("Name of the person", [InputRequired("Enter the person’s name")])
    email = EmailLine("Their email address", [InputRequired("Enter the person’s email address")])
    business_name = Line("Name of their business", [optional()])

    def validate_business_name(self, field: Any) -> None:
        """Of a business, or of someone who works alone."""
        if not field.data:
            raise BadInput("Enter the name of their business, or their own name if they work alone")


def _ids(texts: Iterable[str]) -> frozenset[UUID]:
    return frozenset(
        UUID(each) for each in texts if re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", each)
    )


class CameForm(Form):
    """Who came to a workshop."""

    came = SelectMultipleField("Who came?", validate_choice=False)
    shown = HiddenField()

    def offer(self, places: Iterable[WorkshopPlace]) -> CameForm:
        """Offer these places."""
        words = {str(each.id): f"{each.person_name}, {each.business_name}" for each in places}
        self.now_shown = " ".join(words)
        self.came.choices = [SelectChoice(each, said) for each, said in words.items()]
        return self

    def places(self) -> frozenset[UUID]:
        """The places of those who came."""
        return _ids(self.came.data or ())

    def rows_shown(self) -> frozenset[UUID]:
        """The places that the posted page showed."""
        return _ids((self.shown.data or "").split())


class ReasonForm(Form):
    """Why something is cancelled."""

    reason = TextAreaField("Why?", [InputRequired("Say why it is cancelled"), TOO_LONG])


class MatchForm(Form):
    """Which business somebody comes from."""

    business_id = RadioField("Which business is it?", [InputRequired("Choose which business it is")])

    def offer(self, rows: Iterable[tuple[str, str]]) -> MatchForm:
        """Offer these businesses, by id and words."""
        self.business_id.choices = [SelectChoice(each, words) for each, words in rows]
        return self
