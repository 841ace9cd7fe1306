"""A form with one field of each kind, fresh and refused, for the components' tests."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from crm.web.fields import DayField


def choices() -> list[SelectChoice]:
    return [
        SelectChoice("film", "Film & television"),
        SelectChoice("games", "Games"),
        SelectChoice("none", "Neither"),
    ]


class Sample(Form):
    name = StringField("Trading <name>", [InputRequired("Enter your name")])
    email = EmailField("E-mail", [InputRequired("Enter your e-mail address")])
    people = IntegerField("People", [InputRequired("Enter how many people")])
    why = TextAreaField("Why", [InputRequired("Say why")])
    hub = SelectField("Hub", [InputRequired("Choose a hub")], choices=choices)
    sector = RadioField("What do you make?", [InputRequired("Choose what you make")], choices=choices)
    needs = SelectMultipleField("What do you need?", [InputRequired("Choose what you need")], choices=choices)
    starts = DayField("Start", [InputRequired("Enter a start")])
    password = PasswordField("Password", [InputRequired("Enter a password")])
    letter = FileField("Letter", [InputRequired("Choose a file")])
    told = BooleanField("I have been told", [InputRequired("Say that you were told")])


FILLED = {
    "name": 'Anvil "Pixel" & Co',
    "email": "a@b.example",
    "people": "6",
    "why": "Two\nlines <b>",
    "hub": "games",
    "sector": "games",
    "needs": "film",
    "starts-day": "3",
    "starts-month": "4",
    "starts-year": "2027",
    "told": "y",
}


def fresh() -> Sample:
    """As first seen."""
    return Sample(None)


def filled() -> Sample:
    """As posted, and right."""
    return Sample(MultiDict(FILLED))


def refused() -> Sample:
    """As posted with nothing in it."""
    form = Sample(MultiDict({"posted": "1"}))
    form.validate()
    return form


STATES = {"fresh": fresh, "filled": filled, "refused": refused}
