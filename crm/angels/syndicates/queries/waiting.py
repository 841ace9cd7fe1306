"""What waits in syndicates, and for whom: the business, the lead, or a member who has to confirm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import PitchStatus
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.workflow import LeadStatus, MemberStatus, SyndicateStatus, TermsStatus
from crm.businesses.models import Business
from crm.db.session import session

LEAD, TERMS, MEMBER = (each.__table__.c for each in (SyndicateLead, SyndicateTerms, SyndicateMember))
MOST = 500


def _whole(kind: Any) -> Select[Any]:
    about = joinedload(kind.syndicate).joinedload(Syndicate.pitch).joinedload(Pitch.business)
    query = select(kind).options(about.undefer(Business.shared))
    return query.join(Syndicate, Syndicate.id == kind.syndicate_id).join(
        Pitch, Pitch.id == Syndicate.pitch_id
    )


def offers(business_ids: Collection[UUID] | None = None) -> Sequence[SyndicateLead]:
    """The offers to lead that wait for a business, the oldest first: of some businesses, or all."""
    query = _whole(SyndicateLead).options(joinedload(SyndicateLead.account))
    query = query.where(LEAD.status == LeadStatus.OFFERED)
    return _of(query, business_ids, LEAD.offered_at, LEAD.id)


def versions(business_ids: Collection[UUID] | None = None) -> Sequence[SyndicateTerms]:
    """The versions of terms of pitches that are shown and that wait for a business, the oldest first."""
    query = _whole(SyndicateTerms).where(
        TERMS.status == TermsStatus.PROPOSED, Pitch.__table__.c.status == PitchStatus.PUBLISHED
    )
    return _of(query, business_ids, TERMS.proposed_at, TERMS.id)


def _of(query: Select[Any], business_ids: Collection[UUID] | None, *order: Any) -> Sequence[Any]:
    if business_ids is not None:
        query = query.where(Pitch.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def to_confirm(account_id: UUID | None = None) -> Sequence[SyndicateMember]:
    """The places of members who have agreed terms of a pitch that is shown to confirm again: of one investor, or of all."""
    query = _whole(SyndicateMember).options(joinedload(SyndicateMember.account))
    query = query.where(
        MEMBER.status == MemberStatus.UNCONFIRMED,
        Syndicate.__table__.c.status == SyndicateStatus.OPEN,
        Pitch.__table__.c.status == PitchStatus.PUBLISHED,
    )
    if account_id is not None:
        query = query.where(MEMBER.account_id == account_id)
    return session().scalars(query.order_by(MEMBER.asked_at, MEMBER.id).limit(MOST)).all()


def leads_without_terms(account_id: UUID) -> Sequence[SyndicateLead]:
    """The raises that an investor leads now, without a version of terms that is proposed or agreed."""
    going = select(TERMS.syndicate_id).where(TERMS.status.in_((TermsStatus.PROPOSED, TermsStatus.AGREED)))
    query = _whole(SyndicateLead).where(
        LEAD.account_id == account_id,
        LEAD.status == LeadStatus.LEADING,
        LEAD.syndicate_id.not_in(going),
        Pitch.__table__.c.status.in_((PitchStatus.PUBLISHED, PitchStatus.PAUSED)),
    )
    return session().scalars(query.order_by(LEAD.agreed_at, LEAD.id).limit(MOST)).all()
