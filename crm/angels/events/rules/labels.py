"""The words of pitch nights."""

from __future__ import annotations

NIGHT_STATUSES = {
    "planned": "Planned",
    "invited": "Invitations sent",
    "held": "Held",
    "cancelled": "Cancelled",
}
NIGHT_COLOURS = {"planned": "yellow", "invited": "blue", "held": "green", "cancelled": "grey"}
SLOT_STATUSES = {
    "asked": "Waiting for the business",
    "agreed": "Pitching",
    "declined": "Not pitching",
    "removed": "Removed",
}
PITCHED = "Pitched"
"""What is said of a business that agreed, once its night is over."""
NOT_HELD = "Cancelled"
"""What is said of a turn that its business had not declined, once its night was cancelled."""


def said_of_turn(status: str, night: str, *, is_over: bool) -> tuple[str, str]:
    """What is said of a turn at a night, in words and as a colour: the same on every page.

    A business is pitching until its night has ended, and has pitched from then on.
    """
    if night == "cancelled" and status in {"asked", "agreed"}:
        return NOT_HELD, "grey"
    if status == "agreed" and (night == "held" or is_over):
        return PITCHED, "green"
    return SLOT_STATUSES[status], SLOT_COLOURS[status]


SLOT_COLOURS = {"asked": "yellow", "agreed": "green", "declined": "grey", "removed": "grey"}
PLACE_STATUSES = {
    "invited": "Not answered",
    "coming": "Coming",
    "maybe": "Maybe",
    "waiting": "On the waiting list",
    "declined": "Not coming",
    "attended": "Came",
    "absent": "Did not come",
}
PLACE_COLOURS = {
    "invited": "yellow",
    "coming": "green",
    "maybe": "blue",
    "waiting": "yellow",
    "declined": "grey",
    "attended": "green",
    "absent": "grey",
}
YOUR_PLACE = {
    "invited": "You have not answered yet",
    "coming": "You have a place",
    "maybe": "You answered maybe",
    "waiting": "You are on the waiting list",
    "declined": "You are not coming",
    "attended": "You came",
    "absent": "You had a place and were not checked in",
}
WAYS = {"name": "By name at the door", "code": "By their code at the door", "video": "Joined by video"}
WISHES = {
    "interested": "Interested",
    "introduction": "Asked to be introduced",
    "withdrawn": "Withdrawn",
}
SCORES = {"5": "5, very clear", "4": "4", "3": "3", "2": "2", "1": "1, not clear"}
"""What a score of a pitch means: how clear it was, and nothing about investing in it."""
SHOWS = {"coming": "Still to come", "past": "Past", "cancelled": "Cancelled"}
TOLD = {
    "title": "its name",
    "starts_at": "when it is",
    "ends_at": "how long it is",
    "place": "where it is",
    "video_url": "its video link",
}
"""What a letter or a calendar entry says: where it changes, everyone with an invitation or a turn is told."""
FIELDS = {
    "pitch_night.video_url": "Video link",
    "pitch_night.seats": "Places for investors",
    "pitch_night.invited_at": "Invitations sent",
    "pitch_night.released_at": "Feedback released",
    "pitch_night.review": "What came of it",
    "pitch_night.reviewed_at": "Outcome recorded",
    "night_slot.position": "Place in the running order",
    "night_slot.night_id": "Pitch night",
    "night_guest.role": "Why they come",
    "night_guest.sequence": "Calendar entries sent",
    "night_place.account_id": "Investor",
    "night_place.way": "How they were checked in",
    "night_interest.wish": "Interest",
    "night_feedback.words": "Comment",
}
"""What a stored field is called on the audit log, where its own name would not do."""
