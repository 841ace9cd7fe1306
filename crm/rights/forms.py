"""The form of an entry of the register."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from crm.rights.models import Right
from crm.rights.rules import KINDS, STATUSES
from crm.rights.service import RightDetails
from crm.rights.workflow import RightKind, RightStatus
from crm.web.fields import Line, optional
from crm.web.forms import Form


class RightForm(Form):
    """What is owned, by whom, and where it holds."""

    kind = RadioField(
        "Type of right",
        [InputRequired("Choose the type of right")],
        choices=[SelectChoice(value, label) for value, label in KINDS.items()],
    )
    title = Line("Title or name of the work, mark, design or invention", [InputRequired("Enter a title")])
    owner = Line("Who owns it now?", [InputRequired("Enter who owns it")])
    territory = Line("Where does it apply?", [InputRequired("Enter where it applies, like United Kingdom")])
    status = RadioField(
        "Is it registered?",
        [InputRequired("Choose whether it is registered")],
        choices=[SelectChoice(value, label) for value, label in STATUSES.items()],
    )
    number = Line("Registration or application number", [optional()], longest=60)

    def details(self) -> RightDetails:
        """As the verb takes it."""
        return RightDetails(
            kind=RightKind(self.kind.data),
            title=self.title.data,
            owner=self.owner.data,
            territory=self.territory.data,
            status=RightStatus(self.status.data),
            number=self.number.data or "",
        )


def values_of(found: Right) -> dict[str, Any]:
    """What the form shows of an entry."""
    return {
        name: getattr(found, name) for name in ("kind", "title", "owner", "territory", "status", "number")
    }
