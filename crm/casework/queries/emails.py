"""Reads of email templates and of the emails that were written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.accounts.models import Account
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import latest_consents
from crm.businesses.workflow import ConsentPurpose
from crm.casework.models import (
    EmailTemplate,
    WrittenEmail,
)
from crm.db.session import session
from crm.notices.models import Letter


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


def closed_among(people: Collection[Person]) -> set[str]:
    """The addresses of those of some people whose account was deactivated: their own, or one with their address."""
    ids, addresses = [each.account_id for each in people], [each.email for each in people]
    is_theirs = or_(Account.id.in_(ids), Account.email.in_(addresses))
    is_closed = Account.__table__.c.status == AccountStatus.DEACTIVATED
    found = session().execute(select(Account.id, Account.email).where(is_theirs, is_closed)).all()
    closed = {row.id for row in found} | {row.email for row in found}
    return {each.email for each in people if each.email and closed & {each.account_id, each.email}}


def written_once(once: str, people: Collection[Person]) -> dict[UUID | str, datetime]:
    """When an email to many was written to some people: by their ids and by the addresses that it went to."""
    ids, addresses = [each.id for each in people], [each.email for each in people]
    query = select(WrittenEmail.person_id, Letter.to_address, WrittenEmail.written_at).join(
        Letter, Letter.id == WrittenEmail.letter_id
    )
    is_theirs = or_(WrittenEmail.person_id.in_(ids), Letter.to_address.in_(addresses))
    found: dict[UUID | str, datetime] = {}
    for row in session().execute(query.where(WrittenEmail.once == once, is_theirs)):
        found[row.person_id] = found[row.to_address] = row.written_at
    return found


def emails_about(table: str, row_id: UUID) -> Sequence[WrittenEmail]:
    """The emails of one letter to many, by the names of the businesses and the people, each with its letter."""
    query = select(WrittenEmail).options(
        contains_eager(WrittenEmail.person), contains_eager(WrittenEmail.letter)
    )
    query = query.join(WrittenEmail.person).join(WrittenEmail.letter).join(WrittenEmail.business)
    query = query.where(Letter.about_table == table, Letter.about_id == row_id)
    return session().scalars(query.order_by(Business.sort_name, Person.name, WrittenEmail.id)).all()


def reason_not_to_send(letter: Letter) -> str | None:
    """Asked when an email to many is about to leave: somebody may have left or withdrawn their consent meanwhile."""
    query = select(WrittenEmail).options(joinedload(WrittenEmail.person), joinedload(WrittenEmail.business))
    rows = session().scalars(query.where(WrittenEmail.letter_id == letter.id)).all()
    here = [each for each in rows if each.person.left_on is None and not each.business.is_archived]
    if not here:
        return "The person had left, or the record was archived, before the email left."
    ids = [each.business_id for each in here]
    given = latest_consents(ids, ConsentPurpose(letter.context["purpose"]))
    if any(each in given and given[each].withdrawn_at is None for each in ids):
        return None
    return "Consent was withdrawn before the email left."
