"""The ways of an appointment, of a workshop, and of a place in one."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class AppointmentStatus(StrEnum):
    """Where an appointment stands. One that was held has become a conversation."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class WorkshopStatus(StrEnum):
    """Where a workshop stands: a draft is for staff alone."""

    DRAFT = "draft"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


class PlaceStatus(StrEnum):
    """Where somebody's place in a workshop stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    GIVEN_UP = "given_up"
    ATTENDED = "attended"
    ABSENT = "absent"


class Act(StrEnum):
    """What can be done about meetings."""

    VIEW = "view_meeting"
    ARRANGE = "arrange_appointment"
    CHANGE_APPOINTMENT = "change_appointment"
    HOLD_APPOINTMENT = "hold_appointment"
    CANCEL_APPOINTMENT = "cancel_appointment"
    SEE_WORKSHOP = "see_workshop"
    LIST_WORKSHOPS = "list_workshops"
    PLAN_WORKSHOP = "plan_workshop"
    CHANGE_WORKSHOP = "change_workshop"
    OPEN_WORKSHOP = "open_workshop"
    HOLD_WORKSHOP = "hold_workshop"
    CANCEL_WORKSHOP = "cancel_workshop"
    VIEW_PLACES = "view_places"
    SIGN_UP = "sign_up"
    SIGN_UP_OTHERS = "sign_up_others"
    TAKE_UP = "take_up_place"
    OPEN_PLACE = "open_place"
    GIVE_UP = "give_up_place"
    MATCH = "match_place"
    ATTEND = "note_attended"
    MISS = "note_absent"


A, W, P = AppointmentStatus, WorkshopStatus, PlaceStatus
APPOINTMENTS = Machine(
    "appointment",
    start=A.PLANNED,
    moves=[
        move(Act.HOLD_APPOINTMENT, A.PLANNED, A.HELD),
        move(Act.CANCEL_APPOINTMENT, A.PLANNED, A.CANCELLED),
    ],
)
WORKSHOPS = Machine(
    "workshop",
    start=W.DRAFT,
    moves=[
        move(Act.OPEN_WORKSHOP, W.DRAFT, W.OPEN),
        move(Act.HOLD_WORKSHOP, W.OPEN, W.HELD),
        move(Act.CANCEL_WORKSHOP, (W.DRAFT, W.OPEN), W.CANCELLED),
    ],
)
PLACES = Machine(
    "place",
    start=P.WAITING,
    moves=[
        move(Act.TAKE_UP, P.WAITING, P.TAKEN),
        move(Act.GIVE_UP, (P.WAITING, P.TAKEN), P.GIVEN_UP),
        move(Act.ATTEND, (P.TAKEN, P.WAITING, P.ABSENT), P.ATTENDED),
        move(Act.MISS, (P.TAKEN, P.WAITING), P.ABSENT),
    ],
)
