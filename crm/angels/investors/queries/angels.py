"""Reads of angels and of what they signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from crm.accounts.queries import account
from crm.angels.investors.models import (
    Angel,
    BlockedPromotion,
    Certification,
    CertificationAttempt,
    GateVisit,
    RegulatoryBasis,
    StatementWording,
)
from crm.angels.investors.models.angels import MONTHS_OF_A_CHECK
from crm.angels.investors.policy import INSIDE
from crm.angels.investors.rules.identity import Identity
from crm.angels.investors.workflow import Act, AngelStatus, CheckOutcome, Ground
from crm.audit.queries import entries_about
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.kernel.calendar import add_months
from crm.kernel.clock import has_come

ANGEL = Angel.__table__.c
MOST, MOST_WAITING, LONGEST_SEARCH = 200, 20, 100
NEWEST = Order((ANGEL.applied_at, ANGEL.id), lambda each: (each.applied_at, each.id), is_descending=True)
OVER = (AngelStatus.DECLINED, AngelStatus.LEFT)
OUTSIDE = (AngelStatus.LEFT, AngelStatus.SUSPENDED)


def angel(angel_id: UUID) -> Angel | None:
    """One angel, with the account if there is one."""
    return session().scalar(select(Angel).where(ANGEL.id == angel_id).options(joinedload(Angel.account)))


def angel_of(account_id: UUID) -> Angel | None:
    """The place in the network that an account has now."""
    query = select(Angel).where(ANGEL.account_id == account_id, ANGEL.status.not_in(OVER))
    return session().scalar(query.options(joinedload(Angel.account)))


def latest_of(account_id: UUID) -> Angel | None:
    """The place in the network that an account has, or had last: what they told us of themselves outlives their leaving."""
    query = select(Angel).where(ANGEL.account_id == account_id)
    return session().scalar(query.order_by(ANGEL.applied_at.desc(), ANGEL.id).limit(1))


@dataclass(frozen=True)
class Departure:
    """That an investor is no longer in the network, and since when, if they left it themselves."""

    at: datetime | None


def departure_of(account_id: UUID | None) -> Departure | None:
    """That an account had a place in the network and has none now; None for members, applicants and strangers."""
    found = latest_of(account_id) if account_id else None
    if found is None or found.status is not AngelStatus.LEFT or angel_of(found.account_id or found.id):
        return None
    left = entries_about(found, act=Act.LEAVE, limit=1)
    return Departure(left[0].at if left else None)


def suspension_of(account_id: UUID | None) -> Angel | None:
    """The place in the network of an account that is suspended there."""
    found = latest_of(account_id) if account_id else None
    return found if found is not None and found.status is AngelStatus.SUSPENDED else None


def why_not_pay(account_id: UUID) -> str | None:
    """Why an account pays for no membership: it left the network or is suspended there, and a membership opens nothing."""
    if suspension_of(account_id) is not None:
        return "Your place in the angel network is suspended, so there is nothing to pay for now."
    if departure_of(account_id) is None:
        return None
    return "You have left the angel network, so there is nothing to pay for. Apply to join again first."


def outside(account_ids: Collection[UUID]) -> dict[UUID, AngelStatus]:
    """Those of some accounts that left the network and have no place in it now, or are suspended there: one query."""
    query = select(ANGEL.account_id, ANGEL.status).where(ANGEL.account_id.in_(list(account_ids)))
    found: dict[UUID, set[AngelStatus]] = {}
    for account_id, status in session().execute(query.where(ANGEL.status != AngelStatus.DECLINED)):
        found.setdefault(account_id, set()).add(status)
    here = {key: known - {AngelStatus.LEFT} for key, known in found.items()}
    return {
        key: AngelStatus.SUSPENDED if known else AngelStatus.LEFT
        for key, known in here.items()
        if known <= {AngelStatus.SUSPENDED}
    }


def inside(account_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some accounts that are in the network now: accepted, or suspended."""
    query = select(ANGEL.account_id).where(ANGEL.account_id.in_(list(account_ids)), ANGEL.status.in_(INSIDE))
    return set(session().scalars(query))


def identity_of(account_id: UUID) -> Identity:
    """What names an investor: their account, the telephone of their place in the network, the firms of their statements."""
    own, found = account(account_id), latest_of(account_id)
    signed = [each.particulars for each in certifications_of(account_id)]
    firms = {str(each[name]) for each in signed for name in ("organisation", "company") if each.get(name)}
    assert own is not None
    return Identity(own.name, own.email, found.phone if found else "", tuple(sorted(firms)))


def live_with(email: str) -> Angel | None:
    """The applicant or member with an address."""
    return session().scalar(select(Angel).where(ANGEL.email == email, ANGEL.status.not_in(OVER)))


def angels(status: str = "", *, text: str = "", cursor: str | None = None) -> Slice[Angel]:
    """One page of angels, the newest application first. ``text`` is part of a name, an address or a telephone number."""
    query = select(Angel).where(ANGEL.status == status) if status else select(Angel)
    if text:
        query = query.where(_is_called(text))
    return slice_of(query, NEWEST, cursor=cursor)


def _is_called(text: str) -> ColumnElement[bool]:
    return has_words(text[:LONGEST_SEARCH], ANGEL.name, ANGEL.email, ANGEL.phone)


def called(text: str, *, most: int) -> Sequence[Angel]:
    """Those whose name, address or telephone number has these words, by name."""
    return (
        session()
        .scalars(select(Angel).where(_is_called(text)).order_by(ANGEL.name, ANGEL.id).limit(most))
        .all()
    )


def count_waiting() -> int:
    """How many wait for an answer."""
    query = select(func.count()).select_from(Angel).where(ANGEL.status == AngelStatus.APPLIED)
    return session().scalar(query) or 0


def certifications_of(account_id: UUID) -> Sequence[Certification]:
    """An investor's statements, newest first."""
    query = select(Certification).where(Certification.account_id == account_id)
    query = query.options(joinedload(Certification.wording)).order_by(
        Certification.signed_on.desc(), Certification.signed_at.desc()
    )
    return session().scalars(query.limit(MOST)).all()


def certification(certification_id: UUID) -> Certification | None:
    """One statement with its wording and signer."""
    query = select(Certification).where(Certification.id == certification_id)
    options = (joinedload(Certification.wording), joinedload(Certification.account))
    return session().scalar(query.options(*options))


def certification_with_file(certification_id: UUID) -> Certification | None:
    """One statement that came with a certificate."""
    found = certification(certification_id)
    return found if found is not None and found.document_id is not None else None


def attempts_of(account_id: UUID) -> Sequence[CertificationAttempt]:
    """An investor's refused statements, newest first."""
    query = select(CertificationAttempt).where(CertificationAttempt.account_id == account_id)
    return session().scalars(query.order_by(CertificationAttempt.tried_at.desc()).limit(MOST)).all()


def statements_ending(on: date, *, within: int) -> Sequence[Certification]:
    """Those near their end of which their investor was not reminded."""
    return [each for each in statements_near_end(on, within=within) if each.reminded_at is None]


def statements_near_end(on: date, *, within: int) -> Sequence[Certification]:
    """Statements of members whose last day is within so many days, and that no later one follows.

    ``valid_until`` is the day after the last one.
    """
    later = aliased(Certification)
    is_followed = (
        select(later.id)
        .where(
            later.account_id == Certification.account_id,
            later.revoked_at.is_(None),
            later.valid_until > Certification.valid_until,
        )
        .exists()
    )
    query = select(Certification).where(
        Certification.revoked_at.is_(None),
        ~has_come(Certification.valid_until, on=on),
        Certification.valid_until <= on + timedelta(days=within + 1),
        ~is_followed,
    )
    in_ = select(Angel.account_id).where(ANGEL.status == AngelStatus.ACCEPTED)
    query = query.where(Certification.account_id.in_(in_)).options(joinedload(Certification.account))
    return session().scalars(query.order_by(Certification.valid_until).limit(MOST)).all()


def certificates_waiting(on: date) -> Sequence[Certification]:
    """Certificates that are attached, run still and were not confirmed, the oldest first."""
    query = select(Certification).where(
        Certification.ground == Ground.CERTIFIED,
        Certification.document_id.is_not(None),
        Certification.confirmed_at.is_(None),
        Certification.revoked_at.is_(None),
        ~has_come(Certification.valid_until, on=on),
        Certification.account_id.in_(select(Angel.account_id).where(ANGEL.status.not_in(OVER))),
    )
    query = query.options(joinedload(Certification.account))
    return (
        session().scalars(query.order_by(Certification.signed_at, Certification.id).limit(MOST_WAITING)).all()
    )


def checks_over(on: date) -> Sequence[Angel]:
    """Members with no check that counts: it is too old, or none was required; the oldest first."""
    query = select(Angel).where(
        ANGEL.status == AngelStatus.ACCEPTED,
        or_(
            and_(
                Angel.check_outcome == CheckOutcome.PASSED,
                Angel.checked_on <= add_months(on, -MONTHS_OF_A_CHECK),
            ),
            Angel.check_outcome == CheckOutcome.NOT_REQUIRED,
        ),
    )
    return session().scalars(query.order_by(Angel.checked_on, Angel.id).limit(MOST_WAITING)).all()


def wordings() -> Sequence[StatementWording]:
    """Every wording, by ground, the newest first."""
    query = select(StatementWording).order_by(StatementWording.ground, StatementWording.valid_from.desc())
    return session().scalars(query.limit(MOST)).all()


def wording(wording_id: UUID) -> StatementWording | None:
    """One wording."""
    return session().get(StatementWording, wording_id)


def wording_on(ground: Ground, *, on: date) -> StatementWording | None:
    """The form of a ground on a day: an approved one before any other, of these the one that began last."""
    rows = [each for each in wordings() if each.ground is ground and each.can_be_signed(on=on)]
    return min(rows, key=lambda each: (not each.is_approved, -each.valid_from.toordinal()), default=None)


def bases() -> Sequence[RegulatoryBasis]:
    """Every basis that was recorded, the latest first."""
    query = select(RegulatoryBasis).options(joinedload(RegulatoryBasis.recorded_by))
    order = (RegulatoryBasis.valid_from.desc(), RegulatoryBasis.recorded_at.desc())
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def blocked_of(account_id: UUID, *, since: datetime | None = None) -> Sequence[BlockedPromotion]:
    """Emails that the gate held back from an investor, latest first."""
    query = select(BlockedPromotion).where(BlockedPromotion.account_id == account_id)
    if since:
        query = query.where(BlockedPromotion.blocked_at >= since)
    return session().scalars(query.order_by(BlockedPromotion.blocked_at.desc()).limit(MOST)).all()


def visits() -> Sequence[GateVisit]:
    """How the last visits of a stranger went, the latest first."""
    return session().scalars(select(GateVisit).order_by(GateVisit.visited_at.desc()).limit(14)).all()
