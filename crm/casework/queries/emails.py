"""Reads of email templates and of the emails that were written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.casework.models import (
    EmailTemplate,
    WrittenEmail,
)
from crm.db.session import session


def templates(*, with_retired: bool = False) -> Sequence[EmailTemplate]:
    """The beginnings of e-mails by name; those in use, unless the retired ones are asked for too."""
    query = select(EmailTemplate).order_by(EmailTemplate.name, EmailTemplate.id).limit(500)
    return session().scalars(query if with_retired else query.where(EmailTemplate.retired_on.is_(None))).all()


def template(template_id: UUID) -> EmailTemplate | None:
    """One beginning of an e-mail, in use or not."""
    return session().get(EmailTemplate, template_id)


def email(email_id: UUID) -> WrittenEmail | None:
    """One e-mail with the business and the person it went to, and its letter."""
    query = select(WrittenEmail).options(
        joinedload(WrittenEmail.business).undefer(Business.shared),
        joinedload(WrittenEmail.person),
        joinedload(WrittenEmail.letter),
        joinedload(WrittenEmail.written_by),
    )
    return session().scalar(query.where(WrittenEmail.id == email_id))


def emails_to(business_id: UUID, *, most: int) -> Sequence[WrittenEmail]:
    """The e-mails that were written to a business, the latest first, each with its reader and letter."""
    query = select(WrittenEmail).options(joinedload(WrittenEmail.person), joinedload(WrittenEmail.letter))
    order = (WrittenEmail.written_at.desc(), WrittenEmail.id)
    return (
        session()
        .scalars(query.where(WrittenEmail.business_id == business_id).order_by(*order).limit(most))
        .all()
    )
