"""Forms of introductions: asked for by an investor, declined by a business."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from crm.angels.introductions.rules.labels import REFUSALS
from crm.angels.introductions.workflow import DeclineReason
from crm.angels.investors.forms.joining import SHORT
from crm.businesses.forms import choices
from crm.web.forms import Form


class RequestForm(Form):
    """A request to be introduced."""

    message = TextAreaField("What would you like the business to know?", [SHORT])


class TurnDownForm(Form):
    """Why a business does not want to meet."""

    why = RadioField("Why not?", [InputRequired("Choose why not")], choices=choices(REFUSALS))
    note = TextAreaField("In your words, for the network alone", [SHORT])

    def refusal(self) -> DeclineReason:
        """As the verb takes it."""
        return DeclineReason(self.why.data)
