"""How a delegation and a place in it move on, and what can be done with each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.workflow import Machine, move


class DelegationStatus(StrEnum):
    """Where a delegation stands: a draft is for staff alone, a closed one takes no more applications."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    HELD = "held"
    CANCELLED = "cancelled"


class PlaceStatus(StrEnum):
    """Where a business's application for a place stands."""

    APPLIED = "applied"
    OFFERED = "offered"
    WAITING = "waiting"
    UNSELECTED = "unselected"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    WENT = "went"
    MISSED = "missed"


class Sells(StrEnum):
    """What a business means to sell there."""

    SERVICES = "services"
    GOODS = "goods"
    BOTH = "both"


class Act(StrEnum):
    """What can be done with delegations."""

    LIST = "list_delegations"
    SEE = "see_delegation"
    PLAN = "plan_delegation"
    CHANGE = "change_delegation"
    OPEN = "open_delegation"
    CLOSE = "close_delegation"
    REOPEN = "reopen_delegation"
    INVITE = "invite_to_delegation"
    SELECT = "select_delegation"
    HOLD = "hold_delegation"
    CANCEL = "cancel_delegation"
    HAND = "change_delegation_lead"
    CONFIRM_DATES = "confirm_delegation_dates"
    VIEW_PLACES = "view_delegation_places"
    EXTRACT = "extract_delegation_places"
    VIEW = "view_delegation_place"
    APPLY = "apply_for_delegation"
    ASSESS = "assess_delegation_place"
    OFFER = "offer_delegation_place"
    WAIT = "put_on_delegation_waiting_list"
    NOT_SELECT = "not_select_for_delegation"
    ACCEPT = "accept_delegation_place"
    DECLINE = "decline_delegation_place"
    LAPSE = "let_delegation_place_lapse"
    GIVE_UP = "give_up_delegation_place"
    WITHDRAW = "withdraw_delegation_application"
    OFFER_AGAIN = "offer_delegation_place_again"
    APPLY_FOR = "choose_business_for_delegation"
    REMIND = "remind_of_delegation_offer"
    ATTEND = "record_delegate_went"
    MISS = "record_delegate_missing"
    RECORD = "record_delegation_results"
    ASK = "ask_for_delegation_results"
    EXTEND = "extend_delegation_offer"
    PREPARE_AGAIN = "prepare_delegation_papers_again"
    SETTLE = "settle_money_of_delegation_place"


D, P = DelegationStatus, PlaceStatus
DELEGATIONS = Machine(
    "delegation",
    start=D.DRAFT,
    moves=[
        move(Act.OPEN, D.DRAFT, D.OPEN),
        move(Act.CLOSE, D.OPEN, D.CLOSED),
        move(Act.REOPEN, D.CLOSED, D.OPEN),
        move(Act.HOLD, D.CLOSED, D.HELD),
        move(Act.CANCEL, {D.DRAFT, D.OPEN, D.CLOSED}, D.CANCELLED),
    ],
)
PLACES = Machine(
    "place in a delegation",
    start=P.APPLIED,
    moves=[
        move(Act.OFFER, {P.APPLIED, P.WAITING}, P.OFFERED),
        move(Act.WAIT, P.APPLIED, P.WAITING),
        move(Act.NOT_SELECT, {P.APPLIED, P.WAITING}, P.UNSELECTED),
        move(Act.ACCEPT, P.OFFERED, P.ACCEPTED),
        move(Act.DECLINE, P.OFFERED, P.DECLINED),
        move(Act.LAPSE, P.OFFERED, P.LAPSED),
        move(Act.GIVE_UP, P.ACCEPTED, P.GIVEN_UP),
        move(Act.WITHDRAW, {P.APPLIED, P.WAITING}, P.WITHDRAWN),
        move(Act.APPLY, P.WITHDRAWN, P.APPLIED),
        move(Act.OFFER_AGAIN, {P.DECLINED, P.LAPSED, P.GIVEN_UP}, P.OFFERED),
        move(Act.ATTEND, {P.ACCEPTED, P.MISSED}, P.WENT),
        move(Act.MISS, {P.ACCEPTED, P.WENT}, P.MISSED),
    ],
)
SEATED = (P.OFFERED, P.ACCEPTED, P.WENT, P.MISSED)
"""The states in which a place takes one of the seats."""
IN_HAND = (P.APPLIED, P.WAITING, P.OFFERED, P.ACCEPTED)
"""The states from which a business may still go."""
AGREED = (P.ACCEPTED, P.GIVEN_UP, P.WENT, P.MISSED)
"""The states of a place whose business accepted the terms."""
LIVE = (D.DRAFT, D.OPEN, D.CLOSED)


def why_not_change(found: Any) -> str | None:
    """Why a delegation cannot be changed: it has been, or it was cancelled."""
    return None if found.status in LIVE else "This delegation is over or was cancelled."


def why_not_hand(found: Any) -> str | None:
    """Why another person cannot lead a delegation: it was cancelled. Results are asked after it took place."""
    return "This delegation was cancelled." if found.status is D.CANCELLED else None


def why_over(place: Any) -> str | None:
    """Why nothing can be done about a place: its delegation is over or was cancelled."""
    return why_not_change(place.delegation)


def why_not_answer(place: Any) -> str | None:
    """Why an offer cannot be accepted: its delegation is over, has left or is on hold, or its own last day has passed."""
    found = place.delegation
    return why_over(place) or why_left(found) or why_on_hold(found) or why_ended(place)


def why_left(found: Any) -> str | None:
    """Why no place in a delegation can be offered or accepted: from its day of departure on, nobody can join it."""
    is_away = has_come(found.departs_on, on=today())
    return f"This delegation left on {day_in_words(found.departs_on)}." if is_away else None


def why_ended(place: Any) -> str | None:
    """An offer is answered by its last day, the whole of that day included, also before the day's work lets it lapse."""
    is_open = place.status is PlaceStatus.OFFERED and place.answer_by is not None
    if not is_open or not is_past(place.answer_by, on=today()):
        return None
    return f"This offer ended on {day_in_words(place.answer_by)}. It cannot be accepted now."


def why_on_hold(found: Any) -> str | None:
    """Why nothing goes on with a delegation: its market was moved or cancelled, and its lead has not decided."""
    return (
        f"{found.review}. The lead of the delegation decides first whether it goes ahead."
        if found.review
        else None
    )


def why_waiting(found: Any) -> str | None:
    """The same of one that is not over: what a page says of it."""
    return None if why_not_change(found) else why_on_hold(found)


def why_not_offer_again(place: Any) -> str | None:
    """Why a freed place cannot be offered to a business again."""
    found = place.delegation
    return why_not_answer(place) or (
        None if found.selected_at else "Places in this delegation were not offered yet."
    )


def why_not_invite(found: Any) -> str | None:
    """Why no further business can be invited: places were not offered yet, or nothing goes on."""
    if found.status is D.CLOSED and not found.selected_at:
        return "Offer the places to those who applied first."
    if found.status in (D.DRAFT, D.OPEN):
        return "Businesses can apply for this delegation. You can invite one after the places are offered."
    return why_not_change(found) or why_on_hold(found)


def why_not_select(found: Any) -> str | None:
    """Why places cannot be offered yet, or were already; while it is on hold nobody could accept one."""
    if found.status is not D.CLOSED:
        return "Places are offered once applications have closed."
    if found.selected_at:
        return "Places in this delegation were offered already."
    return why_left(found) or why_on_hold(found)


def why_not_assess(place: Any) -> str | None:
    """Why an application cannot be assessed: places were offered, or it was given up."""
    if place.delegation.selected_at or place.status is not P.APPLIED:
        return "This application was decided already."
    return why_over(place) or why_left(place.delegation)


def why_not_open(found: Any) -> str | None:
    """Why a draft cannot be opened: its market was cancelled or moved, or its last day to apply has passed."""
    if found.edition.status == "cancelled":
        return f"{found.edition.name} was cancelled. Choose another market first."
    if is_past(found.closes_on, on=today()):
        return f"Its last day to apply was {day_in_words(found.closes_on)}. Change that day first."
    return why_on_hold(found)


def why_not_hold(found: Any) -> str | None:
    """Why it cannot be said yet who went. One that left before places were offered ends without anybody in it."""
    if is_past(found.returns_on, on=today()) or (not found.selected_at and why_left(found)):
        return None
    return f"This delegation returns on {day_in_words(found.returns_on)}. Record who went after that."
