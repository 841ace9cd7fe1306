"""Reads of evidence whose time is over: whose it is, and its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from sqlalchemy import exists, func, select

from crm.angels.investors.models import Certification, CertificationAttempt
from crm.angels.pitches.models import Promotion
from crm.db.session import session
from crm.kernel.clock import day_of, moment_on

SHOWN, SIGNED, TRIED = (each.__table__.c for each in (Promotion, Certification, CertificationAttempt))
MOST = 200


def nothing_since(day: date) -> Sequence[UUID]:
    """Accounts with evidence, all of it from before a day: nothing was shown, signed or tried since."""
    moment = moment_on(day, time(0))
    query = select(SIGNED.account_id).union(select(TRIED.account_id)).subquery()
    who = query.c.account_id
    shown = exists().where(SHOWN.account_id == who, SHOWN.shown_on >= day)
    signed = exists().where(SIGNED.account_id == who, SIGNED.signed_on >= day)
    tried = exists().where(TRIED.account_id == who, TRIED.tried_at >= moment)
    return session().scalars(select(who).where(~shown, ~signed, ~tried).order_by(who).limit(MOST)).all()


def last_day_of(account_id: UUID) -> date | None:
    """The last day on which a pitch was shown to somebody, or they signed or tried to sign a statement."""
    own = session()
    shown = own.scalar(select(func.max(Promotion.shown_on)).where(SHOWN.account_id == account_id))
    signed = own.scalar(select(func.max(Certification.signed_on)).where(SIGNED.account_id == account_id))
    tried = own.scalar(select(func.max(CertificationAttempt.tried_at)).where(TRIED.account_id == account_id))
    days = [each for each in (shown, signed, day_of(tried) if tried else None) if each is not None]
    return max(days, default=None)
