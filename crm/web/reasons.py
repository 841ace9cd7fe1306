"""Asking for a reason: of whoever refuses, returns, cancels, withdraws or ends something."""

from __future__ import annotations

from wtforms import Field, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.web.forms import Form

SHORT = Length(max=500, message="This must be 500 characters or fewer")
LONG = Length(max=2_000, message="This must be 2,000 characters or fewer")


class ReasonForm(Form):
    """Why. A page that asks in other words has a form of its own."""

    reason = TextAreaField("Why?", [InputRequired("Say why"), SHORT])


class LongReasonForm(Form):
    """The same for letters that tell the reason in full."""

    reason = TextAreaField("Why?", [InputRequired("Say why"), LONG])


def reason_of(form: Form) -> Field:
    """The reason that a page asks for: as it was typed into this form, or empty where the form is that of another button."""
    return form["reason"] if "reason" in form else ReasonForm().reason
