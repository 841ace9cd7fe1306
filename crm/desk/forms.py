"""The contact form."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.desk.service import Message
from crm.signposting.rules.finding import Answers
from crm.web.fields import LONGEST_TEXT, EmailLine, Line
from crm.web.forms import OpenForm


class ContactForm(OpenForm):
    """Who writes, how to answer them, and what they want to say."""

    name = Line("Your name", [InputRequired("Enter your name")])
    email = EmailLine(
        "Your email address", [InputRequired("Enter your email address, so that we can answer")]
    )
    text = TextAreaField(
        "How can we help?",
        [
            InputRequired("Tell us how we can help"),
            Length(max=LONGEST_TEXT, message=f"Your message must be {LONGEST_TEXT:,} characters or fewer"),
        ],
    )
    answers = HiddenField("Answers", [Length(max=2000, message="The answers are too long")])

    def told(self) -> Answers:
        """What they told the support finder, read anew: nothing else travels under that name."""
        return Answers.of(MultiDict(parse_qsl(self.answers.data or "")))

    def details(self) -> Message:
        """The message as the service takes it."""
        return Message(
            self.name.data or "",
            self.email.data or "",
            text=self.text.data or "",
            answers=urlencode(self.told().as_query()),
        )
