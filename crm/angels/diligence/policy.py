"""Who does what in due diligence: an answer is read by its business and by the investors it is shared with, by nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true

from crm.angels.diligence.workflow import Act
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.policy import MANAGERS, READERS, own_admission
from crm.angels.investors.rules.gate import statement_for
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import is_of_their_business
from crm.angels.pitches.workflow import OVER
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.workflow import MemberStatus
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope


def is_not_their_own(actor: Actor, thing: Any) -> bool:
    """if they have no part in it: neither the investor's nor the business's"""
    return own_introduction(actor, thing) is None and not is_of_their_business(actor, thing)


def own_introduction(actor: Actor, thing: Any) -> Introduction | None:
    """Their own introduction: what something is, belongs to, or is given under, such as the file of an answer."""
    if isinstance(thing, Introduction):
        known: Iterable[Introduction] = (thing,)
    else:
        about = getattr(thing, "introduction", None)
        known = getattr(thing, "given_under", ()) if about is None else (about,)
    return next((each for each in known if each.account_id == actor.account_id), None)


def is_their_own(actor: Actor, thing: Any) -> bool:
    """if it is under their own introduction"""
    return own_introduction(actor, thing) is not None


def may_ask(actor: Actor, thing: Any) -> bool:
    """if they were introduced, the pitch has not ended, and they may lawfully see promotions of this kind at this moment"""
    found = own_introduction(actor, thing)
    return found is not None and found.pitch.status not in OVER and is_introduced(actor, thing)


def is_introduced(actor: Actor, thing: Any) -> bool:
    """if they were introduced, and may lawfully see promotions of this kind at this moment; of an ended pitch the verb tells them"""
    found = own_introduction(actor, thing)
    if found is None or found.status is not IntroductionStatus.AGREED:
        return False
    return statement_for(own_admission(actor), found.pitch.instrument, on=today()) is not None


def is_in_its_syndicate(actor: Actor, thing: Any) -> bool:
    """if they lead the syndicate or are a confirmed member, the pitch has not ended, and they may lawfully see promotions"""
    known: Any = getattr(thing, "members", ())
    ids = _in_syndicate(thing) if isinstance(thing, Syndicate) else known
    if actor.account_id not in ids or thing.pitch.status in OVER:
        return False
    return statement_for(own_admission(actor), thing.pitch.instrument, on=today()) is not None


def _in_syndicate(found: Syndicate) -> set[UUID]:
    joined = {each.account_id for each in found.members if each.status is MemberStatus.JOINED}
    return joined | ({found.lead.account_id} if found.lead else set())


def is_given_to_them(actor: Actor, thing: Any) -> bool:
    """if the answer is shared with them or their syndicate, and they may read it now; not while someone views as them"""
    return actor.seen_by is None and (may_ask(actor, thing) or is_in_its_syndicate(actor, thing))


POLICY = Policy(
    [
        rule(Act.LIST, *READERS, Role.ANGEL, Role.FOUNDER),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.ANGEL, when=is_their_own),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_business),
        rule(Act.ASK, Role.ANGEL, when=is_introduced),
        rule(Act.READ, Role.ANGEL, when=is_given_to_them),
        rule(Act.READ, Role.FOUNDER, when=is_of_their_business),
        rule(Act.ANSWER, Role.FOUNDER, when=is_of_their_business),
        rule(Act.DECLINE, Role.FOUNDER, when=is_of_their_business),
        rule(Act.SHARE, Role.FOUNDER, when=is_of_their_business),
        rule(Act.RETRACT, Role.FOUNDER, when=is_of_their_business),
        rule(Act.TAKE_BACK, Role.ANGEL, when=is_their_own),
        rule(Act.REMIND, *MANAGERS),
        rule(Act.CLOSE_LATE, *MANAGERS, when=is_not_their_own),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)


def items_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `DiligenceItem` joined with `Introduction` and `Pitch`."""
    if actor.is_system or actor.has(*READERS):
        return true()
    ways: list[ColumnElement[bool]] = []
    if actor.has(Role.ANGEL):
        ways.append(Introduction.account_id == actor.account_id)
    if actor.has(Role.FOUNDER):
        own = [UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
        ways.append(Pitch.business_id.in_(own))
    return or_(*ways) if ways else false()
