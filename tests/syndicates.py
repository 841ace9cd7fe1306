"""Syndicates as tests need them, straight in the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.accounts.models import Account
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.workflow import (
    LIVE_LEADS,
    LIVE_MEMBERS,
    LeadStatus,
    MemberStatus,
    Naming,
    SyndicateStatus,
    TermsStatus,
)
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.references import new_reference
from tests import factories, network
from tests.factories import kept

S, L, T, M = SyndicateStatus, LeadStatus, TermsStatus, MemberStatus


def syndicate(found: Pitch | None = None, status: SyndicateStatus = S.FORMING, **fields: Any) -> Syndicate:
    """The syndicate of a raise, without a lead yet."""
    raised = found or network.pitch(network.legal(factories.business()))
    given: dict[str, Any] = {"reference": new_reference("SY"), "begun_at": now()}
    given["ended_at"] = now() if status is S.ENDED else None
    made: Syndicate = kept(Syndicate(pitch_id=raised.id, **{**given, **fields}, _status=status))
    return made


def lead(
    found: Syndicate, owner: Account | None = None, status: LeadStatus = L.LEADING, **fields: Any
) -> SyndicateLead:
    """One who leads it, by agreement of its business."""
    given: dict[str, Any] = {"message": "Made message", "offered_at": now()}
    given["agreed_at"] = None if status is L.OFFERED else now()
    given["ended_at"] = None if status in LIVE_LEADS else now()
    given["reason"] = "Made reason" if status is L.DECLINED else ""
    given["account_id"] = (owner or network.admitted()).id
    made: SyndicateLead = kept(SyndicateLead(syndicate_id=found.id, **{**given, **fields}, _status=status))
    return made


def terms(
    found: Syndicate, by: SyndicateLead, status: TermsStatus = T.AGREED, number: int = 1, **fields: Any
) -> SyndicateTerms:
    """A version for shares, that closes in a month."""
    given: dict[str, Any] = {
        "instrument": Instrument.EQUITY,
        "pre_money": Money.pounds(800_000),
        "minimum": Money.pounds(5_000),
        "closes_on": today() + timedelta(days=30),
        "rights": "Made rights",
        "proposed_at": now(),
        "agreed_at": now() if status is T.AGREED else None,
        "reason": "Made reason" if status is T.DECLINED else "",
    }
    about = {"syndicate_id": found.id, "lead_id": by.id, "number": number}
    made: SyndicateTerms = kept(SyndicateTerms(**about, **{**given, **fields}, _status=status))
    return made


def member(
    found: Syndicate,
    on: SyndicateTerms,
    owner: Account | None = None,
    status: MemberStatus = M.JOINED,
    **fields: Any,
) -> SyndicateMember:
    """One who joined on a version."""
    given: dict[str, Any] = {"naming": Naming.MEMBERS, "joined_at": now(), "confirmed_at": now()}
    given["asked_at"] = now() if status is M.UNCONFIRMED else None
    given["ended_at"] = None if status in LIVE_MEMBERS else now()
    given["account_id"] = (owner or network.admitted()).id
    about = {"syndicate_id": found.id, "terms_id": on.id}
    made: SyndicateMember = kept(SyndicateMember(**about, **{**given, **fields}, _status=status))
    return made


def open_syndicate(
    found: Pitch, leader: Account | None = None
) -> tuple[Syndicate, SyndicateLead, SyndicateTerms]:
    """One that others can join: with a lead and agreed terms."""
    made = syndicate(found, S.OPEN)
    leading = lead(made, leader)
    return made, leading, terms(made, leading)


def whole(found: Syndicate) -> Syndicate:
    """As its page loads it, read anew."""
    session().flush()
    session().expire_all()
    loaded = queries.syndicate(found.id)
    assert loaded is not None
    return loaded
