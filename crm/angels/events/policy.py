"""Who does what at pitch nights: the network's managers run them, investors answer and say what they think."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, select, true

from crm.angels.events.models import NightPlace, NightSlot, PitchNight
from crm.angels.events.workflow import Act, NightStatus
from crm.angels.investors.policy import MANAGERS, READERS
from crm.angels.pitches.policy import is_of_their_business, is_owned_by_them, may_be_shown
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role


def place_of_thing(thing: Any) -> NightPlace | None:
    """The place that something is, or belongs to."""
    return thing if isinstance(thing, NightPlace) else getattr(thing, "seat", None)


def is_their_place(actor: Actor, thing: Any) -> bool:
    """if it is their own invitation"""
    found = place_of_thing(thing)
    return found is not None and found.account_id == actor.account_id


def is_of_their_pitch(actor: Actor, thing: Any) -> bool:
    """if it is about a pitch of their business"""
    return isinstance(thing, NightSlot) and is_of_their_business(actor, thing)


def is_of_their_own_pitch(actor: Actor, thing: Any) -> bool:
    """if they own the business whose pitch it is"""
    return isinstance(thing, NightSlot) and is_owned_by_them(actor, thing)


def is_theirs_and_shown(actor: Actor, thing: Any) -> bool:
    """if it is their own invitation, and they may lawfully see the pitch at this moment"""
    return is_their_place(actor, thing) and may_be_shown(actor, getattr(thing, "slot", None))


_RUN = (
    *(Act.PLAN, Act.CHANGE, Act.INVITE, Act.CLOSE, Act.CANCEL, Act.REVIEW, Act.ADD_PITCH, Act.ORDER),
    *(Act.REMOVE_PITCH, Act.ADD_GUEST, Act.REMOVE_GUEST, Act.NOTE_ARRIVAL, Act.CHECK_IN),
    *(Act.UNDO_CHECK_IN, Act.UNDO_ARRIVAL),
)
_ANSWERED = (Act.ANSWER, Act.COME, Act.PERHAPS, Act.DECLINE, Act.JOIN, Act.WITHDRAW_INTEREST)
_SAID = (Act.SHOW_INTEREST, Act.GIVE_FEEDBACK)

POLICY = Policy(
    [
        rule(Act.LIST_NIGHTS, *READERS, Role.ANGEL),
        rule(Act.VIEW, *READERS),
        rule(Act.RUN, *READERS),
        rule(Act.VIEW, Role.ANGEL, when=is_their_place),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_pitch),
        *(rule(each, *MANAGERS) for each in _RUN),
        rule(Act.AGREE, Role.FOUNDER, when=is_of_their_own_pitch),
        rule(Act.TURN_DOWN, Role.FOUNDER, when=is_of_their_own_pitch),
        *(rule(each, Role.ANGEL, when=is_their_place) for each in _ANSWERED),
        *(rule(each, Role.ANGEL, when=is_theirs_and_shown) for each in _SAID),
        rule(Act.OPEN_INVITATION, Role.ANYONE),
        rule(Act.ASK_CALENDAR, Role.ANGEL),
        rule(Act.END_CALENDAR, Role.ANGEL),
        rule(Act.READ_CALENDAR, Role.ANYONE),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)


def nights_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which nights stand in a list, as SQL over `PitchNight`: all for staff, for investors those they were invited to."""
    if actor.is_system or actor.has(*READERS):
        return true()
    if not actor.has(Role.ANGEL):
        return false()
    night, place = PitchNight.__table__.c, NightPlace.__table__.c
    mine = select(place.night_id).where(place.account_id == actor.account_id)
    return and_(night.status != NightStatus.PLANNED, night.id.in_(mine))
