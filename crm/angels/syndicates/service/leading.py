"""An investor offers to lead a raise; its business agrees, turns the offer down, or replaces who leads."""

from __future__ import annotations

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.introductions.service.introducing import why_not_wanted
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.queries.ties import tie_of_investor
from crm.angels.pitches.service.browsing import why_not_shown_now
from crm.angels.syndicates.models import Syndicate, SyndicateLead
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.service.moving import hold, move, vacate, why_over
from crm.angels.syndicates.service.telling import tell_all, tell_investor, tell_owner
from crm.angels.syndicates.workflow import LEADS, SYNDICATES, Act, LeadStatus
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import refuse_if, require_as_previewed
from crm.kernel.clock import now, today
from crm.kernel.errors import require_reason
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference

GROUND = (
    "You need a pledge to this raise, or an introduction to its business, first. Record a pledge or ask to be introduced "
    "on the page of the pitch."
)

MOST_OFFERS = 3
"""How often one investor offers to lead one raise: each time, the business is emailed."""


def offer(found: Pitch, message: str, *, by: Actor) -> SyndicateLead:
    """Offer to lead a raise. The business learns the investor's name, and agrees or turns the offer down."""
    POLICY.require(by, Act.OFFER, found)
    pitches.hold(found)
    refuse_if(why_not_offered(found, by))
    words, own = require_reason(message, field="message"), own_account(by)
    about = queries.syndicate_of_pitch(found.id) or _begun(found, by)
    made = SyndicateLead(syndicate_id=about.id, account_id=own.id, message=words, offered_at=now())
    made._status = LEADS.start  # noqa: SLF001 where every offer begins
    session().add(made)
    session().flush()
    audit.record(Act.OFFER, made, created(account_id=own.id, message=words), by=by)
    queries.read_again(about)
    tell_owner(about, "lead_offered", investor=own.name)
    return made


def _begun(found: Pitch, actor: Actor) -> Syndicate:
    made = Syndicate(pitch_id=found.id, reference=new_reference("SY"), begun_at=now())
    made._status = SYNDICATES.start  # noqa: SLF001 where every syndicate begins
    session().add(made)
    session().flush()
    audit.record(Act.OFFER, made, created(pitch_id=found.id, reference=made.reference), by=actor)
    whole = queries.syndicate(made.id)
    assert whole is not None
    return whole


def own_account(actor: Actor) -> Account:
    """The account of an investor who acts."""
    own = account(actor.account_id) if actor.account_id else None
    assert own is not None
    return own


def why_not_apart(found: Pitch, actor: Actor) -> str | None:
    """Why an investor is not in a syndicate of a raise: a tie to the business, or neither a pledge nor an introduction."""
    own = own_account(actor)
    tie = tie_of_investor(own, found.business_id, on=today())
    if tie:
        return f"You are {tie}, so you cannot be in a syndicate of its raise here."
    return why_not_wanted(found, own.id) or (None if queries.has_ground(own.id, found) else GROUND)


def why_not_offered(found: Pitch, actor: Actor) -> str | None:
    """Why an investor cannot offer to lead a raise now: it is not shown, they are in it, or they may not be in it."""
    if why_not_shown_now(found):
        return why_not_shown_now(found)
    about = queries.syndicate_of_pitch(found.id)
    if about is None:
        return why_not_apart(found, actor)
    if about.lead_of(actor.account_id) is not None:
        return "You have offered to lead this raise already, or you lead it."
    if about.member_of(actor.account_id) is not None:
        return "You are a member of this syndicate. Leave it before you offer to lead it."
    if sum(each.account_id == actor.account_id for each in about.leads) >= MOST_OFFERS:
        return f"You have offered to lead this raise {MOST_OFFERS} times. Ask the network’s manager if you want to offer again."
    return why_not_apart(found, actor)


def mark_of(found: Syndicate) -> str:
    """What the page of an offer showed of the one before: who leads now, if anyone does."""
    return str(found.lead.id) if found.lead is not None else "no lead"


def agree(found: SyndicateLead, *, seen: str | None = None, by: Actor) -> None:
    """Agree that an investor leads. Who led before, as the page showed, is replaced; the terms end with them."""
    POLICY.require(by, Act.AGREE_LEAD, found)
    about = found.syndicate
    hold(about)
    LEADS.target(Act.AGREE_LEAD, found.status)
    refuse_if(why_over(about))
    require_as_previewed(seen, mark_of(about))
    before = about.lead
    if before is not None:
        move(before, Act.REPLACE_LEAD, by=SYSTEM, ended_at=now())
        tell_investor(about, "lead_replaced", to=account(before.account_id))
    move(found, Act.AGREE_LEAD, by=by, agreed_at=now())
    waiting = vacate(about)
    tell_investor(about, "lead_agreed", to=account(found.account_id))
    tell_all(about, "syndicate_without_lead", to=[each.account for each in waiting])


def decline(found: SyndicateLead, *, reason: str, by: Actor) -> None:
    """Turn down an offer to lead, or end an agreement that someone leads, with a reason that the investor reads."""
    POLICY.require(by, Act.DECLINE_LEAD, found)
    words, about = require_reason(reason), found.syndicate
    hold(about)
    was_leading = found.status is LeadStatus.LEADING
    move(found, Act.DECLINE_LEAD, by=by, ended_at=now(), reason=words)
    kind = "lead_ended" if was_leading else "lead_declined"
    tell_investor(about, kind, to=account(found.account_id), reason=words)
    if was_leading:
        _without_lead(about)


def withdraw(found: SyndicateLead, *, by: Actor) -> None:
    """Withdraw an offer to lead, or stop leading. The terms of a lead end with them, and members are told."""
    POLICY.require(by, Act.WITHDRAW_LEAD, found)
    about = found.syndicate
    hold(about)
    was_leading = found.status is LeadStatus.LEADING
    move(found, Act.WITHDRAW_LEAD, by=by, ended_at=now())
    own = account(found.account_id)
    kind = "lead_gone" if was_leading else "lead_withdrawn"
    tell_owner(about, kind, investor=own.name if own else "The investor")
    if was_leading:
        _without_lead(about)


def _without_lead(found: Syndicate) -> None:
    tell_all(found, "syndicate_without_lead", to=[each.account for each in vacate(found)])
