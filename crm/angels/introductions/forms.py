"""Forms of introductions: asked for by an investor, declined by a business."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from crm.accounts.models import Account, RoleGrant
from crm.angels.introductions.rules.labels import REFUSALS
from crm.angels.introductions.workflow import DeclineReason
from crm.angels.investors.forms.joining import SHORT, several
from crm.businesses.forms import choices
from crm.web.forms import Form


class RequestForm(Form):
    """A request to be introduced."""

    message = TextAreaField("What would you like the business to know?", [SHORT])


class AgreeForm(Form):
    """Who the investor may contact: they see only the people chosen here."""

    contacts = several("Who may the investor contact?", {})

    def offer(self, people: Sequence[tuple[Account, RoleGrant]]) -> AgreeForm:
        """Offer the people of the business, each as the investor would see them."""
        self.contacts.choices = choices({str(each.id): f"{each.name}, {each.email}" for each, _ in people})
        return self

    def chosen(self) -> list[UUID]:
        """As the verb takes it."""
        return [UUID(each) for each in self.contacts.data or ()]


class TurnDownForm(Form):
    """Why a business does not want to meet."""

    why = RadioField("Reason", [InputRequired("Choose a reason")], choices=choices(REFUSALS))
    note = TextAreaField("Note for the network’s staff", [SHORT])

    def refusal(self) -> DeclineReason:
        """As the verb takes it."""
        return DeclineReason(self.why.data)
