"""Looking at a link without using it."""

from __future__ import annotations

from sqlalchemy import select

from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import NotFound
from crm.links.models import OneTimeLink
from crm.links.rules import Purpose, hash_of

DEAD = "This link has been used, has run out or was replaced by a newer one."


def live_link(token: str, purpose: Purpose) -> OneTimeLink:
    """The link behind a token, if it can still be used for this purpose.

    Expired, used, replaced, tampered with and foreign all raise the same `NotFound`.
    """
    found = session().scalar(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == hash_of(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.replaced_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
    )
    if found is None:
        raise NotFound(DEAD)
    return found
