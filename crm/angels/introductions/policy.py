"""Who does what with introductions: each side its own part, and nothing that names one to the other before both agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true

from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import Act
from crm.angels.investors.policy import MANAGERS, READERS
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import is_of_their_business, is_owned_by_them, was_just_shown
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope


def is_theirs_alone(actor: Actor, thing: Any) -> bool:
    """if it is their own request"""
    return isinstance(thing, Introduction) and thing.account_id == actor.account_id


POLICY = Policy(
    [
        rule(Act.REQUEST, Role.ANGEL, when=was_just_shown),
        rule(Act.LIST_INTRODUCTIONS, *READERS, Role.ANGEL, Role.FOUNDER),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.ANGEL, when=is_theirs_alone),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_business),
        rule(Act.AGREE, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.TURN_DOWN, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.TAKE_BACK, Role.ANGEL, when=is_theirs_alone),
        rule(Act.REMIND, *MANAGERS),
        rule(Act.END, *MANAGERS),
    ],
    view=Act.VIEW,
    is_seen_through=True,
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
