"""Who does what with pitches. What an investor may be shown is asked of the gate, at every request."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, select, true

from crm.angels.investors.policy import (
    EVIDENCE_READERS,
    MANAGERS,
    READERS,
    is_own,
    is_unrestricted,
    own_admission,
)
from crm.angels.investors.rules.gate import Admission, kinds_open, statement_for
from crm.angels.pitches.models import Pitch, PitchQuestion
from crm.angels.pitches.workflow import Act, PitchStatus
from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, is_cared_for, is_owned, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role


def pitch_of(thing: Any) -> Pitch | None:
    """The pitch that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Pitch) else getattr(thing, "pitch", None)


def may_be_shown(actor: Actor, thing: Any) -> bool:
    """if they may lawfully see promotions of this kind at this moment, and the pitch is published"""
    found = pitch_of(thing)
    if found is None or found.status is not PitchStatus.PUBLISHED:
        return False
    return statement_for(own_admission(actor), found.instrument, on=today()) is not None


def was_just_shown(actor: Actor, thing: Any) -> bool:
    """if they may lawfully see promotions of this kind at this moment, and the pitch is published or has been

    For what is sent about a pitch: whoever had the form open when the raise closed is told so. They are shown nothing of it.
    """
    found = pitch_of(thing)
    if found is None or found.published_at is None:
        return False
    return statement_for(own_admission(actor), found.instrument, on=today()) is not None


def may_be_shown_any(actor: Actor, _thing: Any) -> bool:
    """if they may lawfully see promotions at this moment"""
    return kinds_open(own_admission(actor), on=today()) != frozenset()


def _of_pitch(thing: Any) -> Any:
    found = pitch_of(thing)
    return found if found is not None else thing


def is_of_their_business(actor: Actor, thing: Any) -> bool:
    """if it is their own business's"""
    return is_theirs(actor, _of_pitch(thing))


def is_owned_by_them(actor: Actor, thing: Any) -> bool:
    """if they own the business"""
    return is_owned(actor, _of_pitch(thing))


def is_in_their_care(actor: Actor, thing: Any) -> bool:
    """if their hub cares for the business; what investors ask and who they are is not for them"""
    return not isinstance(thing, PitchQuestion) and is_cared_for(actor, _of_pitch(thing))


POLICY = Policy(
    [
        rule(Act.VIEW_LEDGER, *EVIDENCE_READERS),
        rule(Act.VIEW_LEDGER, Role.ADMINISTRATOR, when=is_unrestricted),
        rule(Act.VIEW_OWN_LEDGER, Role.ANGEL),
        rule(Act.EXTRACT_LEDGER, *EVIDENCE_READERS),
        rule(Act.EXTRACT_LEDGER, Role.ADMINISTRATOR, when=is_unrestricted),
        rule(Act.LIST_RAISES, *READERS, *HUB_ROLES, Role.FOUNDER),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, *HUB_ROLES, when=is_in_their_care),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_business),
        rule(Act.BEGIN, Role.FOUNDER, when=is_of_their_business),
        rule(Act.WRITE, Role.FOUNDER, when=is_of_their_business),
        rule(Act.ATTACH, Role.FOUNDER, when=is_of_their_business),
        rule(Act.DETACH, Role.FOUNDER, when=is_of_their_business),
        rule(Act.SUBMIT, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.WITHDRAW, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.PAUSE, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.PAUSE, *MANAGERS),
        rule(Act.RESUME, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.RESUME, *MANAGERS),
        rule(Act.REVISE, Role.FOUNDER, when=is_of_their_business),
        rule(Act.CLOSE, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.CLOSE, *MANAGERS),
        rule(Act.REVIEW, *MANAGERS),
        rule(Act.SEND_BACK, *MANAGERS),
        rule(Act.PUBLISH, *MANAGERS),
        rule(Act.REFUSE, *MANAGERS),
        rule(Act.SEE_PITCHES, Role.ANYONE),
        rule(Act.SEE_PITCH, Role.ANGEL, when=may_be_shown),
        rule(Act.TAKE_PITCHES, Role.ANGEL, when=may_be_shown_any),
        rule(Act.COMPARE, Role.ANGEL, when=may_be_shown_any),
        rule(Act.MARK, Role.ANGEL, when=was_just_shown),
        rule(Act.SAVE_SEARCH, Role.ANGEL, when=may_be_shown_any),
        rule(Act.FORGET_SEARCH, Role.ANGEL, when=is_own),
        rule(Act.ASK, Role.ANGEL, when=was_just_shown),
        rule(Act.ANSWER, Role.FOUNDER, when=is_of_their_business),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)


def raises_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Pitch`: what staff and businesses find in lists."""
    if actor.is_system or actor.has(*READERS):
        return true()
    if not actor.has(*HUB_ROLES, Role.FOUNDER):
        return false()
    return Pitch.business_id.in_(select(Business.id).where(businesses_visible_to(actor)))


def promotions_open_to(admission: Admission) -> ColumnElement[bool]:
    """The rule for SEE_PITCH again, as SQL over `Pitch`: what an investor finds in lists, counts, searches and letters."""
    kinds = kinds_open(admission, on=today())
    column = Pitch.__table__.c
    if kinds is None:
        return column.status == PitchStatus.PUBLISHED
    return (
        and_(column.status == PitchStatus.PUBLISHED, column.instrument.in_(sorted(kinds)))
        if kinds
        else false()
    )
