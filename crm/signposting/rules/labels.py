"""What the words of enquiries and plans are called on pages."""

from __future__ import annotations

STATUSES = {"waiting": "Waiting", "claimed": "Assigned", "answered": "Answered", "closed": "Closed"}
STATUS_COLOURS = {"waiting": "blue", "claimed": "yellow", "answered": "green", "closed": "grey"}
WAYS = {"web": "on this site", "phone": "by telephone", "email": "by email", "event": "at an event"}
CLOSE_REASONS = {
    "helped": "They were helped",
    "pointed_elsewhere": "They were signposted elsewhere",
    "out_of_area": "They work outside the region",
    "no_reply": "They did not reply",
    "not_wanted": "They no longer want help",
    "duplicate": "Duplicate enquiry",
    "spam": "It was not an enquiry",
}
OWNERS = {"business": "You", "adviser": "Your adviser", "provider": "The provider"}
OWNERS_TO_STAFF = {"business": "The business", "adviser": "The adviser", "provider": "The provider"}
PLAN_STATUSES = {"draft": "Draft", "sent": "Sent", "superseded": "Replaced", "discarded": "Deleted"}
