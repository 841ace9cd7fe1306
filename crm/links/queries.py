"""Looking at a link without using it."""

from __future__ import annotations

from sqlalchemy import select

from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import DeadLink
from crm.links.models import OneTimeLink
from crm.links.rules import DEAD, ONWARD, Purpose, hash_of


def dead(purpose: Purpose) -> DeadLink:
    """What the reader of a link that no longer works is told, to be raised."""
    return DeadLink(DEAD, onward=ONWARD[purpose])


def has_live_link(purpose: Purpose, subject_id: str) -> bool:
    """Whether a link for a purpose about a subject still works."""
    query = select(OneTimeLink.id).where(OneTimeLink.purpose == purpose, OneTimeLink.subject_id == subject_id)
    is_live = (
        OneTimeLink.used_at.is_(None),
        OneTimeLink.replaced_at.is_(None),
        OneTimeLink.expires_at > now(),
    )
    return session().scalar(query.where(*is_live).limit(1)) is not None


def live_link(token: str, purpose: Purpose) -> OneTimeLink:
    """The link behind a token, if it can still be used for this purpose.

    Expired, used, replaced, tampered with and foreign all raise the same `DeadLink`.
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
        raise dead(purpose)
    return found
