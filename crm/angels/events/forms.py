"""The forms of pitch nights."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.angels.events.models import PitchNight
from crm.angels.events.queries.places import Invitee
from crm.angels.events.rules.labels import SCORES
from crm.angels.events.rules.running import LONGEST, MOST_MINUTES, MOST_SEATS, SHORTEST
from crm.angels.events.service.planning import NightDetails
from crm.angels.events.workflow import Reply, Way, Wish
from crm.angels.pitches.models import Pitch
from crm.kernel.clock import moment_on, read_time, to_local, write_time
from crm.kernel.errors import BadInput, Invalid
from crm.web.fields import DayField, EmailLine, Line, ReadAs, SeenVersion, WholeNumberField, Why, optional
from crm.web.forms import Form

LONG = Length(max=3_000, message="This must be 3,000 characters or fewer")
SHORT = Length(max=500, message="This must be 500 characters or fewer")


class NightForm(Form):
    """What a night is, when and where."""

    version = SeenVersion()
    title = Line("Name of the night", [InputRequired("Enter a name")], longest=200)
    about = TextAreaField("What investors should know", [LONG])
    day = DayField("Day", [InputRequired("Enter the day")])
    hour = ReadAs("Start time", [InputRequired("Enter the start time")], read=read_time, write=write_time)
    minutes = WholeNumberField(
        "How long is it?",
        [InputRequired("Enter how long it takes")],
        least=SHORTEST,
        most=LONGEST,
        says="The number of minutes",
    )
    place = Line("Where?", [optional()], longest=500)
    video_url = Line("Video link", [optional()], longest=500)
    seats = WholeNumberField(
        "Places for investors",
        [InputRequired("Enter how many places there are")],
        least=1,
        most=MOST_SEATS,
        says="The number of places",
    )

    def validate_hour(self, field: Any) -> None:
        """London's clocks have to show that time on that day."""
        if self.day.data and field.data:
            moment_on(self.day.data, field.data)

    def validate_video_url(self, field: Any) -> None:
        """A web address that a browser opens safely."""
        parts = urlsplit(field.data or "")
        if field.data and (parts.scheme != "https" or not parts.hostname):
            raise BadInput("Enter a web address that begins with https://")

    def details(self) -> NightDetails:
        """The night as the verbs take it."""
        begins = moment_on(self.day.data, self.hour.data)
        return NightDetails(
            title=self.title.data or "",
            about=self.about.data or "",
            starts_at=begins,
            ends_at=begins + timedelta(minutes=self.minutes.data),
            seats=self.seats.data,
            place=self.place.data or "",
            video_url=self.video_url.data or "",
        )


def values_of(found: PitchNight) -> dict[str, Any]:
    """What the form shows of a night that is there already."""
    local = to_local(found.starts_at)
    names = ("version", "title", "about", "minutes", "place", "video_url", "seats")
    return {name: getattr(found, name) for name in names} | {"day": local.date(), "hour": local.time()}


class AddPitchForm(Form):
    """Which pitch takes a turn, and for how long."""

    pitch = SelectField("Pitch", [InputRequired("Choose a pitch")])
    minutes = WholeNumberField(
        "Minutes for the pitch and questions",
        [InputRequired("Enter how many minutes it has")],
        least=1,
        most=MOST_MINUTES,
        says="The number of minutes",
    )

    def offer(self, pitches: Iterable[Pitch]) -> AddPitchForm:
        """Offer these pitches."""
        rows = [SelectChoice(str(each.id), f"{each.business.name}: {each.headline}") for each in pitches]
        self.pitch.choices = [SelectChoice("", "Choose"), *rows]
        return self


class MinutesForm(Form):
    """How long a pitch has."""

    version = SeenVersion()
    minutes = WholeNumberField(
        "Minutes for the pitch and questions",
        [InputRequired("Enter how many minutes it has")],
        least=1,
        most=MOST_MINUTES,
        says="The number of minutes",
    )


class ReasonForm(Form):
    """Why something is cancelled or removed."""

    reason = TextAreaField("Why?", [InputRequired("Say why"), SHORT])


class TurnDownForm(Form):
    """Why a business does not pitch, where it says."""

    reason = TextAreaField("Why not? (optional)", [SHORT])


class GuestForm(Form):
    """Who is brought, and why."""

    name = Line("Name", [InputRequired("Enter their name")], longest=200)
    role = Why("Why they come", [InputRequired("Say why they come")], longest=200)
    email = EmailLine("Email address (optional)", [optional()])


class InviteForm(Form):
    """Who is invited."""

    version = SeenVersion()
    chosen = SelectMultipleField("Who is invited?", [InputRequired("Choose at least one investor")])

    def offer(self, rows: Iterable[Invitee]) -> InviteForm:
        """Offer these members."""
        self.chosen.choices = [SelectChoice(str(each.angel.account_id), each.angel.name) for each in rows]
        return self

    def accounts(self) -> list[UUID]:
        """The accounts of those who were chosen."""
        return [UUID(each) for each in self.chosen.data or ()]


class TapForm(Form):
    """A form of buttons alone. What it says may be changed back, so the same words count each time they are sent."""

    may_repeat = True


class ReplyForm(TapForm):
    """An answer to an invitation."""

    reply = HiddenField()

    def said(self) -> Reply:
        """Yes, maybe or no."""
        return _chosen(Reply, self.reply.data, "Choose yes, maybe or no")


class WishForm(TapForm):
    """What is shown for a pitch in one tap."""

    wish = HiddenField()

    def shown(self) -> Wish:
        """What was tapped."""
        return _chosen(Wish, self.wish.data, "Choose whether you are interested or want to be introduced")


T = TypeVar("T", bound=StrEnum)


def _chosen(kind: type[T], typed: str | None, words: str) -> T:
    try:
        return kind(typed or "")
    except ValueError as error:
        raise Invalid(words) from error


class DoorForm(Form):
    """How an investor at the door was found."""

    way = HiddenField(default=Way.NAME.value)

    def how(self) -> Way:
        """By name, unless their code was scanned."""
        return Way.CODE if self.way.data == Way.CODE else Way.NAME


class FeedbackForm(Form):
    """How clear a pitch was."""

    score = RadioField(
        "How clear was the pitch?",
        [optional()],
        choices=[SelectChoice(each, words) for each, words in SCORES.items()],
    )
    words = TextAreaField("Comment", [SHORT])

    def scored(self) -> int | None:
        """The score; None where none was chosen."""
        return int(self.score.data) if self.score.data else None


class ReviewForm(Form):
    """What came of a night."""

    words = TextAreaField("What came of the night?", [InputRequired("Say what came of the night"), LONG])
