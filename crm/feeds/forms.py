"""The forms of those who bring feeds."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.directory.rules.cells import MOST_TEXT
from crm.feeds.rules.addressing import NO_FEED, services_address
from crm.feeds.rules.labels import WHICH
from crm.feeds.service.asking import FeedDetails
from crm.web.fields import Line
from crm.web.forms import Form


class BringForm(Form):
    """A feed to be read."""

    publisher = Line(
        "Whose feed is it?", [InputRequired("Enter the name of the council, like Midshire Council")]
    )
    address = Line("Web address of the feed", [InputRequired(NO_FEED)], longest=MOST_TEXT)

    def validate_address(self, field: Any) -> None:
        """An address that can be asked, of the list of services."""
        field.data = services_address(field.data or "")

    def details(self) -> FeedDetails:
        """The feed as the verb takes it."""
        return FeedDetails(self.publisher.data, self.address.data)


class TakeInForm(Form):
    """What of a feed is taken in."""

    which = RadioField(
        "Which services do you take in?",
        [InputRequired("Choose which services you take in")],
        choices=[SelectChoice(value, label) for value, label in WHICH.items()],
    )

    def only_needed(self) -> bool:
        """Whether only those are taken in that say which need they meet."""
        return bool(self.which.data == "needed")
