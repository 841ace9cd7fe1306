"""Who does what in the angel network. Staff run it; nobody but the investor signs for the investor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from crm.angels.models import Angel, Certification, Introduction, Pitch
from crm.angels.rules.gate import NOBODY, Admission, kinds_open, statement_for
from crm.angels.workflow import Act, AngelStatus, PitchStatus
from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, is_cared_for, is_owned, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope

MANAGERS = (Role.ADMINISTRATOR, Role.NETWORK_MANAGER)
READERS = (*MANAGERS, Role.AUDITOR)
FACT = "angel"
INSIDE = (AngelStatus.ACCEPTED, AngelStatus.SUSPENDED)


def admission_of(actor: Actor) -> Admission:
    """What the gate turns on, of whoever acts: read anew at every request."""
    found = actor.facts.get(FACT, NOBODY)
    assert isinstance(found, Admission)
    return found


def is_own(actor: Actor, thing: Any) -> bool:
    """if it is their own"""
    return thing is not None and thing.account_id is not None and thing.account_id == actor.account_id


def is_of_another(actor: Actor, thing: Any) -> bool:
    """if it is not about themselves"""
    return not isinstance(thing, Angel | Certification) or thing.account_id != actor.account_id


def is_of_another_inside(actor: Actor, thing: Any) -> bool:
    """if it is not about themselves, and about somebody who is in the network"""
    return isinstance(thing, Angel) and thing.status in INSIDE and is_of_another(actor, thing)


def is_looked_through(actor: Actor, _thing: Any) -> bool:
    """if somebody looks through their eyes"""
    return actor.seen_by is not None


def pitch_of(thing: Any) -> Pitch | None:
    """The pitch that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Pitch) else getattr(thing, "pitch", None)


def may_be_shown(actor: Actor, thing: Any) -> bool:
    """if they may lawfully see promotions of this kind at this moment, and the pitch is published"""
    found = pitch_of(thing)
    if found is None or found.status is not PitchStatus.PUBLISHED:
        return False
    return statement_for(admission_of(actor), found.instrument, on=today()) is not None


def may_be_shown_any(actor: Actor, _thing: Any) -> bool:
    """if they may lawfully see promotions at this moment"""
    return kinds_open(admission_of(actor), on=today()) != frozenset()


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
    return isinstance(thing, Pitch | Business) and is_cared_for(actor, thing)


def is_theirs_alone(actor: Actor, thing: Any) -> bool:
    """if it is their own request"""
    return isinstance(thing, Introduction) and thing.account_id == actor.account_id


POLICY = Policy(
    [
        rule(Act.SEE_NETWORK, Role.ANYONE),
        rule(Act.JOIN, Role.ANYONE),
        rule(Act.LIST_ANGELS, *READERS),
        rule(Act.VIEW_ANGEL, *READERS),
        rule(Act.VIEW_OWN, Role.ANGEL),
        rule(Act.VIEW_AS, *MANAGERS, when=is_of_another_inside),
        rule(Act.STOP_VIEWING, Role.ANGEL, when=is_looked_through),
        rule(Act.STOP_VIEWING, *MANAGERS),
        rule(Act.ACCEPT, *MANAGERS, when=is_of_another),
        rule(Act.DECLINE, *MANAGERS, when=is_of_another),
        rule(Act.SUSPEND, *MANAGERS, when=is_of_another),
        rule(Act.READMIT, *MANAGERS, when=is_of_another),
        rule(Act.LEAVE, Role.ANGEL),
        rule(Act.CHECK_ANGEL, *MANAGERS, when=is_of_another),
        rule(Act.PREFER, Role.ANGEL),
        rule(Act.ACCEPT_CONDUCT, Role.ANGEL),
        rule(Act.CERTIFY, Role.ANGEL),
        rule(Act.VIEW_CERTIFICATION, *READERS),
        rule(Act.VIEW_CERTIFICATION, Role.ANGEL, when=is_own),
        rule(Act.ATTACH_CERTIFICATE, Role.ANGEL, when=is_own),
        rule(Act.REVOKE, *MANAGERS, when=is_of_another),
        rule(Act.REVOKE, Role.ANGEL, when=is_own),
        rule(Act.CONFIRM, *MANAGERS, when=is_of_another),
        rule(Act.KEEP_PAPER, *MANAGERS, when=is_of_another),
        rule(Act.LIST_WORDINGS, *READERS),
        rule(Act.APPROVE_WORDING, *MANAGERS),
        rule(Act.RECORD_BASIS, *MANAGERS),
        rule(Act.VIEW_LEDGER, *READERS),
        rule(Act.VIEW_OWN_LEDGER, Role.ANGEL),
        rule(Act.EXTRACT_LEDGER, *READERS),
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
        rule(Act.MARK, Role.ANGEL, when=may_be_shown),
        rule(Act.SAVE_SEARCH, Role.ANGEL, when=may_be_shown_any),
        rule(Act.FORGET_SEARCH, Role.ANGEL, when=is_own),
        rule(Act.ASK, Role.ANGEL, when=may_be_shown),
        rule(Act.ANSWER, Role.FOUNDER, when=is_of_their_business),
        rule(Act.REQUEST, Role.ANGEL, when=may_be_shown),
        rule(Act.LIST_INTRODUCTIONS, *READERS, Role.ANGEL, Role.FOUNDER),
        rule(Act.VIEW_INTRODUCTION, *READERS),
        rule(Act.VIEW_INTRODUCTION, Role.ANGEL, when=is_theirs_alone),
        rule(Act.VIEW_INTRODUCTION, Role.FOUNDER, when=is_of_their_business),
        rule(Act.AGREE, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.TURN_DOWN, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.TAKE_BACK, Role.ANGEL, when=is_theirs_alone),
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


def introductions_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW_INTRODUCTION again, as SQL over `Introduction` joined with `Pitch`."""
    if actor.is_system or actor.has(*READERS):
        return true()
    ways: list[ColumnElement[bool]] = []
    if actor.has(Role.ANGEL):
        ways.append(Introduction.account_id == actor.account_id)
    if actor.has(Role.FOUNDER):
        ways.append(
            Pitch.business_id.in_([UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)])
        )
    return or_(*ways) if ways else false()
