"""The form that gives a next action its owner and its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Person
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.rules import LONGEST_REASON
from crm.ip.actions.service import ActionDetails
from crm.web.fields import DayField, SeenVersion
from crm.web.forms import Form


class ActionForm(Form):
    """Who does it, and by when."""

    version = SeenVersion()
    owner = SelectField("Who does it?", [InputRequired("Choose who does it")])
    due_on = DayField("By when?", [InputRequired("Enter the day by which it is done")])

    def offer(self, people: Iterable[Person], staff: Mapping[str, str]) -> ActionForm:
        """Offer these people at the business and these of our staff, by id and name."""
        named = [SelectChoice(f"person:{each.id}", each.name) for each in people]
        named += [SelectChoice(f"account:{each}", f"{name} (adviser)") for each, name in staff.items()]
        self.owner.choices = [SelectChoice("", "Choose"), *named]
        return self

    def details(self) -> ActionDetails:
        """As the verbs take it."""
        kind, _, owner_id = self.owner.data.partition(":")
        return ActionDetails(self.due_on.data, **{f"{kind}_id": UUID(owner_id)})


class DropForm(Form):
    """Why an action is dropped."""

    reason = TextAreaField(
        "Why is it dropped?",
        [
            InputRequired("Say why it is dropped"),
            Length(max=LONGEST_REASON, message=f"This must be {LONGEST_REASON} characters or fewer"),
        ],
    )


def action_values(found: ReadinessAction) -> dict[str, Any]:
    """What the form shows of an action."""
    owner = f"person:{found.person_id}" if found.person_id else f"account:{found.account_id}"
    return {"version": found.version, "due_on": found.due_on, "owner": owner}
