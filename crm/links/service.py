"""Minting a link, using it up, and forgetting the old ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from crm.db.session import session
from crm.kernel.calendar import ONE_DAY
from crm.kernel.clock import day_of, end_of, now
from crm.links.models import OneTimeLink
from crm.links.queries import dead, live_link
from crm.links.rules import LASTING, LIFETIME, LIVE_AT_ONCE, Purpose, hash_of, new_token

KEEP = timedelta(days=90)


def mint(purpose: Purpose, subject_id: str) -> str:
    """Make a new link and kill the older ones about the same subject; return the token, which is kept nowhere.

    Of those that may live beside it (`LIVE_AT_ONCE`), the newest do.
    """
    token, moment = new_token(), now()
    _replace_older(purpose, subject_id, but=LIVE_AT_ONCE.get(purpose, 1) - 1)
    session().add(
        OneTimeLink(
            purpose=purpose,
            subject_id=subject_id,
            token_hash=hash_of(token),
            created_at=moment,
            expires_at=_end_of_life(moment, LIFETIME[purpose]),
        )
    )
    session().flush()
    return token


def _end_of_life(made_at: datetime, lifetime: timedelta) -> datetime:
    """A life counted in days lasts to the end of the last one in London, as "for three days" is read."""
    ends_at = made_at + lifetime
    return ends_at if lifetime < ONE_DAY else end_of(day_of(ends_at))


def kill(subject_id: str) -> None:
    """Let no link about a subject work any more, whatever it is for: its letter may lie in the wrong hands."""
    for purpose in Purpose:
        _replace_older(purpose, subject_id)


def _replace_older(purpose: Purpose, subject_id: str, *, but: int = 0) -> None:
    """Kill the links of a purpose about a subject that could still be used, ``but`` so many of the newest."""
    is_live = (OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None))
    is_about_it = (OneTimeLink.purpose == purpose, OneTimeLink.subject_id == subject_id)
    newest = select(OneTimeLink.id).where(*is_about_it, *is_live)
    spared = newest.order_by(OneTimeLink.created_at.desc(), OneTimeLink.id).limit(but)
    older = [*is_about_it, *is_live, *((OneTimeLink.id.not_in(spared),) if but else ())]
    session().execute(update(OneTimeLink).where(*older).values(replaced_at=now()))


def use(token: str, purpose: Purpose) -> str:
    """Use a link up and return its subject. Of two who use it at once, one gets `NotFound`."""
    if purpose in LASTING:
        raise ValueError(f"a link for {purpose} lasts: it is opened, not used up")
    link = live_link(token, purpose)
    taken = (
        session()
        .execute(
            update(OneTimeLink)
            .where(
                OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None)
            )
            .values(used_at=now())
            .returning(OneTimeLink.subject_id)
        )
        .scalar_one_or_none()
    )
    if taken is None:
        raise dead(purpose)
    return taken


def opened(token: str, purpose: Purpose) -> str:
    """The subject of a link that lasts. Expired, replaced, tampered with and foreign all raise the same `NotFound`."""
    if purpose not in LASTING:
        raise ValueError(f"a link for {purpose} works once: it is used, not opened")
    return live_link(token, purpose).subject_id


def forget_old_links() -> None:
    """Daily: delete links that ran out three months ago."""
    session().execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now() - KEEP))
