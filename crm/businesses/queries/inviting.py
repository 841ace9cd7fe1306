"""Colleagues of a business and who was removed lately; invitations that wait, and the one behind a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import lately_ended_at, people_of_business
from crm.businesses.models import Business, Invitation
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import InvitationStatus
from crm.db.session import session

STATUS = Invitation.__table__.c.status


def _whole() -> Select[Invitation]:
    """An invitation as its policy and its page need it."""
    return select(Invitation).options(
        joinedload(Invitation.business).undefer(Business.shared), joinedload(Invitation.invited_by)
    )


@dataclass(frozen=True)
class Colleague:
    """One person with access to a business, or who had it, and the grant that says what they may do."""

    business: Business
    account: Account
    grant: RoleGrant


def colleague_of(business_id: UUID, account_id: UUID) -> Colleague | None:
    """Somebody who has access to a business today."""
    return _one_of(business_id, people_of_business(business_id), account_id)


def removed_colleague(business_id: UUID, account_id: UUID, *, since: datetime) -> Colleague | None:
    """Somebody who lost access to a business since a moment."""
    return _one_of(business_id, lately_ended_at(business_id, since=since), account_id)


def _one_of(business_id: UUID, rows: list[tuple[Account, RoleGrant]], account_id: UUID) -> Colleague | None:
    found = business(business_id)
    row = next((each for each in rows if each[0].id == account_id), None)
    return Colleague(found, *row) if found and row else None


def open_invitations_by(account_id: UUID) -> Sequence[Invitation]:
    """The invitations that a person sent and that were not answered, with the business of each; the newest first."""
    query = select(Invitation).options(joinedload(Invitation.business))
    asked = (Invitation.invited_by_id == account_id, Invitation.__table__.c.status == InvitationStatus.OPEN)
    return session().scalars(query.where(*asked).order_by(Invitation.invited_at.desc(), Invitation.id)).all()


def open_invitations_of(business_id: UUID) -> Sequence[Invitation]:
    """The invitations of a business that were not answered, the newest first."""
    query = select(Invitation).where(Invitation.business_id == business_id, STATUS == InvitationStatus.OPEN)
    return session().scalars(query.order_by(Invitation.invited_at.desc(), Invitation.id).limit(100)).all()


def open_invitation_to(business_id: UUID, email: str) -> Invitation | None:
    """The invitation of a business to an address that was not answered, locked until this transaction ends."""
    query = select(Invitation).where(Invitation.business_id == business_id, Invitation.email == email)
    return session().scalar(query.where(STATUS == InvitationStatus.OPEN).with_for_update())


def invitation_of(business_id: UUID, invitation_id: UUID) -> Invitation | None:
    """One invitation of just this business."""
    return session().scalar(
        _whole().where(Invitation.id == invitation_id, Invitation.business_id == business_id)
    )


def invitation(invitation_id: UUID) -> Invitation | None:
    """One invitation, with its business and who sent it."""
    return session().scalar(_whole().where(Invitation.id == invitation_id))
