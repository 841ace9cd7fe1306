"""Meetings as calendar files."""

from __future__ import annotations

from flask import Response

from crm.kernel.events import Event


def calendar_file(event: Event) -> Response:
    """The file that a calendar opens."""
    answer = Response(event.to_ics(), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return answer
