"""The checks of a company: every one on any award to it, by whom and when; the newest counts for all that it is awarded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_on
from crm.businesses.models import Business
from crm.db.remembering import remembered
from crm.db.session import session
from crm.programme.awards.models import Award
from crm.programme.awards.queries.awards import AWARD, brief
from crm.programme.awards.rules.offering import SOUND_WORDS, is_sound
from crm.programme.awards.workflow import Act, AwardStatus

MOST = 10
LIVE = (AwardStatus.PREPARED, AwardStatus.OFFERED, AwardStatus.ACCEPTED)


@dataclass(frozen=True)
class Known:
    """The newest status of a company, and how a person knew it: empty where Companies House said it."""

    status: str
    at: datetime
    reason: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether money can be offered and paid to it."""
        return is_sound(self.status)


@remembered
def known_of(business_ids: frozenset[UUID]) -> Mapping[UUID, Known]:
    """The newest status of some companies, whichever of their awards it was recorded on, or on the page of the business: two queries.

    What the page of a business has counts only where it forbids: before money moves, a company is checked on an award.
    """
    checked = select(
        Award.business_id, Award.register_status, Award.register_checked_at, Award.register_reason
    ).where(Award.business_id.in_(business_ids), Award.register_checked_at.is_not(None))
    found: dict[UUID, Known] = {}
    for business_id, status, at, reason in session().execute(checked):
        assert at is not None, "the query asks for it"
        _keep_newer(found, business_id, Known(status, at, reason))
    own = select(Business.id, Business.register_status, Business.register_checked_at).where(
        Business.id.in_(business_ids), _is_forbidden(Business), Business.register_checked_at.is_not(None)
    )
    for business_id, word, day in session().execute(own):
        if word and day:
            _keep_newer(found, business_id, Known(word, day))
    return found


def _keep_newer(found: dict[UUID, Known], business_id: UUID, one: Known) -> None:
    """The newest counts; of two of the same moment, the one that forbids."""
    known = found.get(business_id)
    if known is None or (known.at, not known.is_sound) < (one.at, not one.is_sound):
        found[business_id] = one


def _is_forbidden(of: type[Award | Business]) -> Any:
    return of.register_status.not_in(("", *SOUND_WORDS))


def known(found: Award) -> Known | None:
    """The newest status of the company of one award."""
    return known_of(frozenset((found.business_id,))).get(found.business_id)


def not_in_order() -> Sequence[Award]:
    """The awards that are prepared, offered or under way of companies whose newest status forbids paying them."""
    query = brief().join(Business, Business.id == Award.business_id)
    told = select(Award.business_id).where(_is_forbidden(Award), Award.register_checked_at.is_not(None))
    query = query.where(AWARD.status.in_(LIVE), or_(Award.business_id.in_(told), _is_forbidden(Business)))
    rows = session().scalars(query.order_by(Award.prepared_at, Award.id)).all()
    newest = known_of(frozenset(each.business_id for each in rows)) if rows else {}
    return [each for each in rows if each.business_id in newest and not newest[each.business_id].is_sound]


@dataclass(frozen=True)
class Check:
    """One check: the status that was found, when, by whom, how a person knew it where it was recorded by hand, and on which award."""

    status: str
    at: datetime
    by: str
    reason: str
    award_id: UUID


def checks_of(found: Award) -> Sequence[Check]:
    """The newest checks of the company on any of its awards, newest first."""
    ids = session().scalars(select(Award.id).where(Award.business_id == found.business_id)).all()
    return [_check(each) for each in entries_on("award", ids, act=Act.CHECK_COMPANY, limit=MOST)]


def _check(found: AuditEntry) -> Check:
    told = found.values.changes if found.values else {}
    status, reason = (
        str((told.get(name) or ("", ""))[1] or "") for name in ("register_status", "register_reason")
    )
    return Check(status, found.at, found.actor_name or "", reason, UUID(found.thing_id))


def hold_company(found: Award) -> None:
    """Let nobody else record what is known of the company of an award, on any of its awards, until this transaction ends."""
    session().execute(select(Business.id).where(Business.id == found.business_id).with_for_update())
