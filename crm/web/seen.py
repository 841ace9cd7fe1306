"""What was on the screen when a button was pressed."""

from __future__ import annotations

from crm.web.fields import SeenVersion
from crm.web.forms import Form


class SeenForm(Form):
    """A form with the version of what its page showed."""

    version = SeenVersion()


def seen_version() -> int | None:
    """The version that the page with the button showed; None where it showed none."""
    version: int | None = SeenForm.of_request().version.data
    return version
