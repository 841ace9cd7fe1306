"""Whether an account is the same person as another, by whichever of their accounts (P45)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account
from crm.db.session import session
from crm.kernel.proposals import why_another
from crm.programme.claims.rules.apart import same_mailbox


def is_same_person(account_id: UUID | None, *others: UUID | None) -> bool:
    """Whether an account is one of some others, or its emails reach the mailbox of one of them."""
    if account_id is None or not any(others):
        return False
    own = session().get(Account, account_id)
    known = [session().get(Account, each) for each in others if each]
    return own is not None and any(each and same_mailbox(each.email, own.email) for each in known)


def why_apart(account_id: UUID | None, *others: UUID | None, did: str, then: str) -> str | None:
    """Why an account does not do the second part of something: it, or one with the same mailbox, did the first."""
    if not is_same_person(account_id, *others):
        return None
    return why_another(did, then, is_account=account_id in others)


def accounts_at_once(ids: Iterable[UUID | None]) -> Sequence[Account]:
    """The accounts of some people in one query: while a caller holds them, `is_same_person` asks the database nothing."""
    wanted = {each for each in ids if each is not None}
    return session().scalars(select(Account).where(Account.id.in_(wanted)).order_by(Account.id)).all()
