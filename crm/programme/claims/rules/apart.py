"""Whether two accounts are one person's: nobody approves what they made through a second account (P45)."""

from __future__ import annotations


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses reach one mailbox: capitals, and what stands behind a plus sign, make no difference."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> tuple[str, str]:
    name, _, server = address.strip().casefold().rpartition("@")
    return name.partition("+")[0], server
