"""What a room processes personal data for: its part of the records of processing (UK GDPR, Article 30)."""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC_TASK = "public task (Article 6(1)(e))"
CONTRACT = "contract (Article 6(1)(b))"
LEGAL_DUTY = "legal obligation (Article 6(1)(c))"
CONSENT = "consent (Article 6(1)(a))"
CONTACTS = "people at businesses"
STAFF_ALONE = "nobody outside the service"


@dataclass(frozen=True)
class Processing:
    """One activity: what it is called and for, whose data it is, on which lawful basis, and who outside of the service gets it.

    What kinds of data these are, for how long they are kept and who sees them here is read from the tables, from ``retention`` and
    ``erasure``, and from the policy of the room. ``readers`` says who sees it where no rule does, and ``tables`` are further ones, of which no other manifest speaks.
    """

    activity: str
    purpose: str
    people: str
    basis: str
    recipients: str = STAFF_ALONE
    readers: str = ""
    tables: tuple[str, ...] = ()
