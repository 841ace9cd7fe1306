"""The ways of an appointment, of a workshop, and of a place in one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from crm.kernel.workflow import Machine, move

OVER = "It is too late to sign up for this workshop."


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
    STAY = "stay_on_waiting_list"
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


class Planned(Protocol):
    """An appointment, as far as its rules ask."""

    @property
    def status(self) -> AppointmentStatus: ...


class Announced(Protocol):
    """A workshop, as far as its rules ask."""

    @property
    def status(self) -> WorkshopStatus: ...
    @property
    def starts_at(self) -> datetime: ...


class Sat(Protocol):
    """A place with its workshop, as far as its rules ask."""

    @property
    def workshop(self) -> Announced: ...


def why_not_change_appointment(appointment: Planned) -> str | None:
    """Why an appointment cannot be changed; None where it can."""
    is_settled = appointment.status is not A.PLANNED
    return "This appointment has taken place or was cancelled." if is_settled else None


def why_not_change_workshop(workshop: Announced) -> str | None:
    """Why a workshop cannot be changed; None where it can."""
    is_open = workshop.status in (W.DRAFT, W.OPEN)
    return None if is_open else "This workshop has taken place or was cancelled."


def why_not_sign_up(workshop: Announced) -> str | None:
    """Why nobody can be signed up any more, not even at the door; None where they can."""
    return None if workshop.status is W.OPEN else OVER


def why_not_give_up(place: Sat) -> str | None:
    """Why a place cannot be given up any more; None where it can."""
    return "This workshop has taken place." if place.workshop.status is W.HELD else None


def why_not_attend(place: Sat) -> str | None:
    """Why it cannot be said yet that somebody came after all; None where it can."""
    is_held = place.workshop.status is W.HELD
    return None if is_held else "Say first who came, on the page of the workshop."
