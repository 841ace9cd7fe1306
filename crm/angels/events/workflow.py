"""A pitch night is planned, invited to and held; a pitch takes a turn in it, and an investor a place."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class NightStatus(StrEnum):
    """Where a pitch night stands. While it is planned, only the network's staff and the businesses asked see it."""

    PLANNED = "planned"
    INVITED = "invited"
    HELD = "held"
    CANCELLED = "cancelled"


class SlotStatus(StrEnum):
    """Where a pitch's turn in a night stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    REMOVED = "removed"


class PlaceStatus(StrEnum):
    """Where an investor's invitation stands. ``COMING`` holds a place, and so does ``ATTENDED``."""

    INVITED = "invited"
    COMING = "coming"
    MAYBE = "maybe"
    WAITING = "waiting"
    DECLINED = "declined"
    ATTENDED = "attended"
    ABSENT = "absent"


class Way(StrEnum):
    """How an investor was checked in."""

    NAME = "name"
    CODE = "code"
    VIDEO = "video"


class Reply(StrEnum):
    """What an investor answers to an invitation."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Wish(StrEnum):
    """What an investor showed for a pitch at a night."""

    INTERESTED = "interested"
    INTRODUCTION = "introduction"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done about pitch nights."""

    LIST_NIGHTS = "list_nights"
    VIEW = "view_night"
    RUN = "see_whole_night"
    PLAN = "plan_night"
    CHANGE = "change_night"
    INVITE = "invite_to_night"
    CLOSE = "close_night"
    CANCEL = "cancel_night"
    REVIEW = "review_night"
    RELEASE = "release_night_feedback"
    ADD_PITCH = "add_pitch_to_night"
    ORDER = "reorder_night"
    REMOVE_PITCH = "remove_pitch_from_night"
    AGREE = "agree_to_pitch_at_night"
    TURN_DOWN = "decline_to_pitch_at_night"
    ADD_GUEST = "add_guest"
    REMOVE_GUEST = "remove_guest"
    FORGET_GUEST = "delete_address_of_guest"
    NOTE_ARRIVAL = "record_arrival"
    UNDO_ARRIVAL = "undo_arrival"
    OPEN_INVITATION = "open_night_invitation"
    ANSWER = "answer_night_invitation"
    COME = "accept_night_place"
    WAIT = "wait_for_night"
    PERHAPS = "answer_maybe_to_night"
    DECLINE = "decline_night"
    TAKE_UP = "take_up_night_place"
    CHECK_IN = "check_in"
    UNDO_CHECK_IN = "undo_check_in"
    UNSEAT = "undo_check_in_without_place"
    JOIN = "join_night_online"
    MISS = "miss_night"
    SHOW_INTEREST = "express_interest"
    WITHDRAW_INTEREST = "withdraw_interest"
    GIVE_FEEDBACK = "give_feedback"
    ASK_CALENDAR = "ask_night_calendar"
    END_CALENDAR = "end_night_calendar"
    READ_CALENDAR = "read_night_calendar"


N, S, P = NightStatus, SlotStatus, PlaceStatus
NIGHTS = Machine(
    "pitch night",
    start=N.PLANNED,
    moves=[
        move(Act.INVITE, (N.PLANNED, N.INVITED), N.INVITED),
        move(Act.CLOSE, N.INVITED, N.HELD),
        move(Act.CANCEL, (N.PLANNED, N.INVITED), N.CANCELLED),
    ],
)
SLOTS = Machine(
    "turn in a pitch night",
    start=S.ASKED,
    moves=[
        move(Act.AGREE, (S.ASKED, S.DECLINED), S.AGREED),
        move(Act.TURN_DOWN, (S.ASKED, S.AGREED), S.DECLINED),
        move(Act.REMOVE_PITCH, (S.ASKED, S.AGREED, S.DECLINED), S.REMOVED),
    ],
)
PLACES = Machine(
    "place at a pitch night",
    start=P.INVITED,
    moves=[
        move(Act.COME, (P.INVITED, P.MAYBE, P.DECLINED), P.COMING),
        move(Act.WAIT, (P.INVITED, P.MAYBE, P.DECLINED), P.WAITING),
        move(Act.PERHAPS, (P.INVITED, P.COMING, P.WAITING, P.DECLINED), P.MAYBE),
        move(Act.DECLINE, (P.INVITED, P.COMING, P.WAITING, P.MAYBE), P.DECLINED),
        move(Act.TAKE_UP, P.WAITING, P.COMING),
        move(Act.CHECK_IN, (P.INVITED, P.COMING, P.WAITING, P.MAYBE, P.DECLINED), P.ATTENDED),
        move(Act.UNDO_CHECK_IN, P.ATTENDED, P.COMING),
        move(Act.UNSEAT, P.ATTENDED, P.INVITED),
        move(Act.MISS, P.COMING, P.ABSENT),
    ],
)
SEATED = (P.COMING, P.ATTENDED)
"""Who holds one of a night's places."""
IN_ORDER = (S.ASKED, S.AGREED)
"""The turns that take up time in the running order."""
UPCOMING = (N.PLANNED, N.INVITED)
"""Nights that are still to be held."""
