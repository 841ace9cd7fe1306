"""Whether two accounts are one person's: nobody approves what they made through a second account (P45)."""

from __future__ import annotations

from crm.kernel.emails import mailbox


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses reach one mailbox: capitals, and what stands behind a plus sign, make no difference."""
    return mailbox(one) == mailbox(other)
