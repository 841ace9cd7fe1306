"""Whether an account is the same person as another, by whichever of their accounts (P45)."""

from __future__ import annotations

from uuid import UUID

from crm.accounts.queries import account
from crm.programme.claims.rules.apart import same_mailbox


def is_same_person(account_id: UUID | None, *others: UUID | None) -> bool:
    """Whether an account is one of some others, or its emails reach the mailbox of one of them."""
    own = account(account_id) if account_id else None
    known = [account(each) for each in others if each]
    return own is not None and any(each and same_mailbox(each.email, own.email) for each in known)
