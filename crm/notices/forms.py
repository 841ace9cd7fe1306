"""How the outbox is looked through."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from crm.kernel.workflow import spoken
from crm.notices.workflow import UNSENT, LetterStatus
from crm.web.filters import sentence
from crm.web.forms import Form

NOT_SENT = "waiting"
"""All that are still to be sent, as one choice."""


class SendAllForm(Form):
    """Whether all emails that failed are to be sent again: there is nothing to fill in."""


class LetterSearch(Form):
    """The filter of the outbox, as the address carries it."""

    status = SelectField(
        "Where the email is",
        choices=[
            SelectChoice("", "Anywhere"),
            SelectChoice(NOT_SENT, "Not sent yet"),
            *(SelectChoice(status.value, sentence(spoken(status))) for status in LetterStatus),
        ],
        validate_choice=False,
    )

    @property
    def chosen_statuses(self) -> tuple[LetterStatus, ...]:
        """The statuses, if they are ours; none for all of them."""
        if self.status.data == NOT_SENT:
            return UNSENT
        return (LetterStatus(self.status.data),) if self.status.data in list(LetterStatus) else ()
