"""Reads of syndicates with their leads, terms and members; and what their investors pledged and invested, each sum apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.rules.sums import Sums
from crm.angels.deals.workflow import COMPLETED, LIVE, PledgeStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.policy import syndicates_visible_to
from crm.angels.syndicates.workflow import LIVE_LEADS, LIVE_MEMBERS, LeadStatus, MemberStatus
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

COLUMN = Syndicate.__table__.c
LEAD, MEMBER = SyndicateLead.__table__.c, SyndicateMember.__table__.c
MOST = 500
NEWEST = Order((COLUMN.begun_at, COLUMN.id), lambda each: (each.begun_at, each.id), is_descending=True)
Part = TypeVar("Part", SyndicateLead, SyndicateTerms, SyndicateMember)


def _parts() -> tuple[Any, ...]:
    members = selectinload(Syndicate.members)
    return (
        joinedload(Syndicate.pitch).joinedload(Pitch.business).undefer(Business.shared),
        selectinload(Syndicate.leads).joinedload(SyndicateLead.account),
        selectinload(Syndicate.terms),
        members.joinedload(SyndicateMember.account),
    )


def _whole() -> Select[Any]:
    return select(Syndicate).options(*_parts())


def syndicate(syndicate_id: UUID) -> Syndicate | None:
    """One syndicate with its raise, leads, terms and members."""
    found: Syndicate | None = session().scalar(_whole().where(COLUMN.id == syndicate_id))
    return found


def syndicate_of_pitch(pitch_id: UUID) -> Syndicate | None:
    """The syndicate of a raise, if anyone offered to lead it."""
    found: Syndicate | None = session().scalar(_whole().where(COLUMN.pitch_id == pitch_id))
    return found


def read_again(found: Syndicate) -> None:
    """Read a syndicate and all its parts as they are stored now, once its raise is locked."""
    session().flush()
    session().scalar(_whole().where(COLUMN.id == found.id).execution_options(populate_existing=True))


def _part(kind: type[Part], part_id: UUID) -> Part | None:
    whole = joinedload(kind.syndicate).options(*_parts())
    found: Part | None = session().scalar(select(kind).options(whole).where(kind.id == part_id))
    return found


def lead(lead_id: UUID) -> SyndicateLead | None:
    """One offer to lead, with its syndicate."""
    return _part(SyndicateLead, lead_id)


def terms(terms_id: UUID) -> SyndicateTerms | None:
    """One version of terms, with its syndicate."""
    return _part(SyndicateTerms, terms_id)


def member(member_id: UUID) -> SyndicateMember | None:
    """One member, with their syndicate."""
    return _part(SyndicateMember, member_id)


def syndicates(actor: Actor, *, status: str = "", cursor: str | None = None) -> Slice[Syndicate]:
    """One page of the syndicates that an actor may see, the newest first."""
    query = _whole().join(Pitch, Pitch.id == COLUMN.pitch_id).where(syndicates_visible_to(actor))
    if status:
        query = query.where(COLUMN.status == status)
    return slice_of(query, NEWEST, cursor=cursor)


def has_ground(account_id: UUID, found: Pitch) -> bool:
    """Whether an investor has a pledge to a raise that goes on or was completed, or was introduced to its business."""
    pledged = select(Pledge.id).where(
        Pledge.account_id == account_id,
        Pledge.pitch_id == found.id,
        Pledge.__table__.c.status.in_((*LIVE, PledgeStatus.COMPLETED)),
    )
    met = select(Introduction.id).join(Pitch, Pitch.id == Introduction.pitch_id)
    met = met.where(
        Introduction.account_id == account_id,
        Pitch.business_id == found.business_id,
        Introduction.__table__.c.status == IntroductionStatus.AGREED,
    )
    known = select(or_(pledged.exists(), met.exists()))
    return bool(session().scalar(known))


def sums_of(pitch: Pitch, account_ids: Collection[UUID]) -> Sums:
    """What some investors pledged, committed and invested in a raise: each sum apart, and none of them added to another."""
    column = Pledge.__table__.c
    pledged = select(column.status, func.sum(Pledge.amount)).where(
        column.pitch_id == pitch.id, column.account_id.in_(list(account_ids)), column.status.in_(LIVE)
    )
    rows: dict[str, Money] = {str(s): m for s, m in session().execute(pledged.group_by(column.status))}
    return Sums(
        target=pitch.amount,
        taken=NO_MONEY,
        pledged=rows.get(PledgeStatus.PLEDGED, NO_MONEY),
        committed=rows.get(PledgeStatus.COMMITTED, NO_MONEY),
        completed=_completed(pitch, account_ids),
    )


def _completed(pitch: Pitch, account_ids: Collection[UUID]) -> Money:
    invested = Investment.__table__.c
    query = select(func.sum(Investment.amount)).where(
        invested.pitch_id == pitch.id,
        invested.account_id.in_(list(account_ids)),
        invested.status.in_(COMPLETED),
    )
    return session().scalar(query) or NO_MONEY


def of_account(account_id: UUID) -> Sequence[Syndicate]:
    """The syndicates that an investor leads, offered to lead, or is a member of, now, the newest first."""
    return _with_part(account_id, LIVE_LEADS, LIVE_MEMBERS)


def ever_of_account(account_id: UUID) -> Sequence[Syndicate]:
    """The same, with those that ended with their raise: an investor's own history."""
    leads = (*LIVE_LEADS, LeadStatus.ENDED)
    return _with_part(account_id, leads, (*LIVE_MEMBERS, MemberStatus.ENDED))


def _with_part(
    account_id: UUID, leads: Collection[LeadStatus], members: Collection[MemberStatus]
) -> Sequence[Syndicate]:
    led = select(LEAD.syndicate_id).where(LEAD.account_id == account_id, LEAD.status.in_(leads))
    joined = select(MEMBER.syndicate_id).where(MEMBER.account_id == account_id, MEMBER.status.in_(members))
    query = _whole().where(or_(COLUMN.id.in_(led), COLUMN.id.in_(joined)))
    return session().scalars(query.order_by(COLUMN.begun_at.desc(), COLUMN.id).limit(MOST)).all()


def with_members_of(pitch_id: UUID) -> set[UUID]:
    """The accounts of those who lead the syndicate of a raise or are members of it now."""
    led = select(SyndicateLead.account_id).join(Syndicate, COLUMN.id == LEAD.syndicate_id)
    led = led.where(COLUMN.pitch_id == pitch_id, LEAD.status == LeadStatus.LEADING)
    joined = select(SyndicateMember.account_id).join(Syndicate, COLUMN.id == MEMBER.syndicate_id)
    joined = joined.where(COLUMN.pitch_id == pitch_id, MEMBER.status == MemberStatus.JOINED)
    return set(session().scalars(led)) | set(session().scalars(joined))
