"""The CHECKs of pitch nights, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.angels.events.workflow import PlaceStatus
from crm.businesses.models import Business
from tests import network, nights

CHECKS = {
    "ck_pitch_night_ends_later": "UPDATE pitch_night SET ends_at = starts_at",
    "ck_pitch_night_has_seats": "UPDATE pitch_night SET seats = 0",
    "ck_pitch_night_is_somewhere": "UPDATE pitch_night SET place = '', video_url = ''",
    "ck_pitch_night_cancelled_with_reason": "UPDATE pitch_night SET reason = 'made'",
    "ck_pitch_night_reviewed_with_words": "UPDATE pitch_night SET review = 'made'",
    "ck_pitch_night_invited_at_a_time": "UPDATE pitch_night SET invited_at = NULL",
    "ck_night_guest_email_in_lower_case": "UPDATE night_guest SET email = 'ANN@made.example'",
    "ck_night_slot_minutes_of_a_turn": "UPDATE night_slot SET minutes = 121",
    "ck_night_place_waiting_since": "UPDATE night_place SET waiting_since = invited_at",
    "ck_night_place_checked_in_if_attended": "UPDATE night_place SET checked_in_at = NULL, way = NULL",
    "ck_night_place_checked_in_by_a_way": "UPDATE night_place SET way = NULL",
    "ck_night_interest_introduction_asked": "UPDATE night_interest SET wish = 'introduction'",
    "ck_night_feedback_score_of_five": "UPDATE night_feedback SET score = 6",
    "ck_night_feedback_says_something": "UPDATE night_feedback SET score = NULL, words = ''",
}


def rows(made: Business) -> None:
    """At least one row in every table of these that has a wall."""
    found = nights.night(days=0)
    slot = nights.turn(found, network.pitch(made))
    there = nights.place(found, status=PlaceStatus.ATTENDED)
    nights.interest(there, slot)
    nights.feedback(there, slot)
    nights.guest(found)
