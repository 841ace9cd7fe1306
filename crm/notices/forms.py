"""How the outbox is looked through."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from crm.kernel.workflow import spoken
from crm.notices.workflow import LetterStatus
from crm.web.filters import sentence
from crm.web.forms import Form


class SendAllForm(Form):
    """Whether all emails that failed are to be sent again: there is nothing to fill in."""


class LetterSearch(Form):
    """The filter of the outbox, as the address carries it."""

    status = SelectField(
        "Where the email is",
        choices=[
            SelectChoice("", "Anywhere"),
            *(SelectChoice(status.value, sentence(spoken(status))) for status in LetterStatus),
        ],
        validate_choice=False,
    )

    @property
    def chosen_status(self) -> LetterStatus | None:
        """The status, if it is one of ours."""
        return LetterStatus(self.status.data) if self.status.data in list(LetterStatus) else None
