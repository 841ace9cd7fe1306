"""Who does what in a syndicate: the lead and the members their own part, the business what it agrees to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from crm.angels.investors.policy import READERS, own_admission
from crm.angels.investors.rules.gate import statement_for
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import (
    is_of_their_business,
    is_owned_by_them,
    may_be_shown,
    pitch_of,
    promotions_open_to,
    was_just_shown,
)
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember
from crm.angels.syndicates.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope


def syndicate_of(thing: Any) -> Syndicate | None:
    """The syndicate that something belongs to, or is."""
    return thing if isinstance(thing, Syndicate) else getattr(thing, "syndicate", None)


def is_their_own(actor: Actor, thing: Any) -> bool:
    """if it is their own offer to lead, or their own place in the syndicate"""
    return isinstance(thing, SyndicateLead | SyndicateMember) and thing.account_id == actor.account_id


def has_had_part(actor: Actor, thing: Any) -> bool:
    """if they are or were in it, or offered to lead it"""
    found = syndicate_of(thing)
    if found is None or actor.account_id is None:
        return False
    ids = {*(each.account_id for each in found.leads), *(each.account_id for each in found.members)}
    return actor.account_id in ids


def leads_it(actor: Actor, thing: Any) -> bool:
    """if they lead it, or led it until it ended with its raise"""
    found = syndicate_of(thing)
    own = (each for each in found.leads if each.account_id == actor.account_id) if found is not None else ()
    return found is not None and any(found.leads_or_led(each) for each in own)


def has_a_place(actor: Actor, thing: Any) -> bool:
    """if they are a member, or were until it ended with its raise"""
    found = syndicate_of(thing)
    own = (each for each in found.members if each.account_id == actor.account_id) if found is not None else ()
    return found is not None and any(found.is_or_was_place(each) for each in own)


def is_in_it(actor: Actor, thing: Any) -> bool:
    """if they lead it or are a member, also of one that has ended with its raise"""
    return actor.account_id is not None and (leads_it(actor, thing) or has_a_place(actor, thing))


def may_see(actor: Actor, thing: Any) -> bool:
    """if they have a part in it, or may lawfully be shown the pitch at this moment and it is no one person's part"""
    if has_had_part(actor, thing):
        return True
    is_a_part = isinstance(thing, SyndicateLead | SyndicateMember)
    return not is_a_part and syndicate_of(thing) is not None and may_be_shown(actor, thing)


def may_read(actor: Actor, thing: Any) -> bool:
    """if they may lawfully see promotions of this kind at this moment, and are in it or may be shown the pitch"""
    found = pitch_of(thing)
    if found is None or statement_for(own_admission(actor), found.instrument, on=today()) is None:
        return False
    return is_in_it(actor, thing) or may_be_shown(actor, thing)


def is_led_by_them(actor: Actor, thing: Any) -> bool:
    """if they lead it, and may lawfully see promotions of this kind at this moment"""
    found = syndicate_of(thing)
    lead = found.lead if found is not None else None
    return lead is not None and lead.account_id == actor.account_id and may_read(actor, found)


def is_member_who_may_read(actor: Actor, thing: Any) -> bool:
    """if it is their own place, and they may lawfully see promotions of this kind at this moment"""
    return is_their_own(actor, thing) and may_read(actor, thing)


POLICY = Policy(
    [
        rule(Act.LIST, *READERS, Role.ANGEL, Role.FOUNDER),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.ANGEL, when=may_see),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_business),
        rule(Act.OFFER, Role.ANGEL, when=was_just_shown),
        rule(Act.AGREE_LEAD, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.DECLINE_LEAD, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.WITHDRAW_LEAD, Role.ANGEL, when=is_their_own),
        rule(Act.PROPOSE, Role.ANGEL, when=is_led_by_them),
        rule(Act.AGREE_TERMS, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.DECLINE_TERMS, Role.FOUNDER, when=is_owned_by_them),
        rule(Act.WITHDRAW_TERMS, Role.ANGEL, when=is_led_by_them),
        rule(Act.JOIN, Role.ANGEL, when=was_just_shown),
        rule(Act.CONFIRM, Role.ANGEL, when=is_member_who_may_read),
        rule(Act.NAME, Role.ANGEL, when=is_their_own),
        rule(Act.LEAVE, Role.ANGEL, when=is_their_own),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)


def syndicates_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Syndicate` joined with `Pitch`."""
    if actor.is_system or actor.has(*READERS):
        return true()
    ways: list[ColumnElement[bool]] = []
    if actor.has(Role.ANGEL):
        ways.append(promotions_open_to(own_admission(actor)))
        for kind in (SyndicateLead, SyndicateMember):
            part = select(kind.syndicate_id).where(kind.account_id == actor.account_id)
            ways.append(Syndicate.id.in_(part))
    if actor.has(Role.FOUNDER):
        own = [UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
        ways.append(Pitch.business_id.in_(own))
    return or_(*ways) if ways else false()
