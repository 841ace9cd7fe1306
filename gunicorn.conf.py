"""What gunicorn reads where it is started: settings that are refused end it before it starts a worker."""

from typing import Any

from crm.db.invented import settings_that_fit


def on_starting(_server: Any) -> None:
    """Refuse in a few lines, once, rather than in each worker."""
    settings_that_fit()
