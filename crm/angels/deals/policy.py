"""Who does what with pledges and investments: each side its own part, the network what they cannot settle."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import Act, InvestmentStatus, Side
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.policy import MANAGERS, READERS
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import is_of_their_business, is_owned_by_them, was_just_shown
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope

Deal = type[Pledge] | type[Investment]


def is_their_own(actor: Actor, thing: Any) -> bool:
    """if it is their own pledge or investment"""
    return isinstance(thing, Pledge | Investment) and thing.account_id == actor.account_id


def is_met_by_them(actor: Actor, thing: Any) -> bool:
    """if they were introduced to the business"""
    return (
        isinstance(thing, Introduction)
        and thing.account_id == actor.account_id
        and thing.status is IntroductionStatus.AGREED
    )


def is_their_report(actor: Actor, thing: Any) -> bool:
    """if they reported it, and the other side has not answered, or says that it was not made"""
    if not isinstance(thing, Investment):
        return False
    if thing.status is InvestmentStatus.DIFFERS:
        return is_their_own(actor, thing) or is_owned_by_them(actor, thing)
    if thing.status is not InvestmentStatus.REPORTED:
        return False
    if thing.first_side is Side.INVESTOR:
        return is_their_own(actor, thing)
    return is_owned_by_them(actor, thing)


def is_seen_by_them(actor: Actor, thing: Any) -> bool:
    """if it is their own, or they were introduced to the business"""
    return is_their_own(actor, thing) or is_met_by_them(actor, thing)


POLICY = Policy(
    [
        rule(Act.LIST, *READERS, Role.ANGEL, Role.FOUNDER),
        rule(Act.EXTRACT, *READERS, Role.ANGEL, Role.FOUNDER),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.ANGEL, when=is_seen_by_them),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_business),
        rule(Act.PLEDGE, Role.ANGEL, when=was_just_shown),
        rule(Act.TAKE_UP, Role.ANGEL, when=is_their_own),
        rule(Act.COMMIT, Role.ANGEL, when=is_their_own),
        rule(Act.WITHDRAW, Role.ANGEL, when=is_their_own),
        rule(Act.DECLINE, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.REPORT, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.REPORT, *MANAGERS),
        rule(Act.REPORT_OWN, Role.ANGEL, when=is_met_by_them),
        *(
            each
            for act in (Act.AGREE, Act.DIFFER)
            for each in (
                rule(act, Role.ANGEL, when=is_their_own),
                rule(act, Role.FOUNDER, when=is_owned_by_them),
            )
        ),
        rule(Act.SETTLE, *MANAGERS),
        rule(Act.REVERSE, *MANAGERS),
        rule(Act.REVERSE, Role.ANGEL, Role.FOUNDER, when=is_their_report),
        rule(Act.RECORD_EXEMPTION, *MANAGERS),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)


def visible_to(kind: Deal, actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over pledges or investments."""
    if actor.is_system or actor.has(*READERS):
        return true()
    ways: list[ColumnElement[bool]] = []
    if actor.has(Role.ANGEL):
        ways.append(kind.account_id == actor.account_id)
    if actor.has(Role.FOUNDER):
        ids = [UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
        ways.append(kind.pitch_id.in_(select(Pitch.id).where(Pitch.business_id.in_(ids))))
    return or_(*ways) if ways else false()
