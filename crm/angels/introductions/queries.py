"""Reads of introductions, and what keeps two people from being introduced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.policy import introductions_visible_to
from crm.angels.introductions.workflow import IntroductionStatus as S
from crm.angels.investors.queries.gate import admission_of, admissions_of
from crm.angels.investors.rules.gate import NOBODY, Closed, why_not_shown
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.workflow import OVER
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.figures.queries import due_after, figure_on
from crm.kernel.clock import has_come, is_past, to_local, today
from crm.kernel.permissions import Actor

COLUMN = Introduction.__table__.c
LIVE = (S.REQUESTED, S.HELD, S.AGREED)
MOST = 500
LATE = "late"
NEWEST = Order(
    (COLUMN.requested_at, COLUMN.id), lambda each: (each.requested_at, each.id), is_descending=True
)


def _whole() -> Select[Introduction]:
    return select(Introduction).options(
        joinedload(Introduction.pitch).joinedload(Pitch.business).undefer(Business.shared),
        joinedload(Introduction.account),
        joinedload(Introduction.answered_by),
    )


def introduction(introduction_id: UUID) -> Introduction | None:
    """One introduction with its pitch, business and investor."""
    return session().scalar(_whole().where(COLUMN.id == introduction_id))


def live_one(pitch_id: UUID, account_id: UUID) -> Introduction | None:
    """The request of an investor for a pitch that is not over."""
    query = _whole().where(
        COLUMN.pitch_id == pitch_id, COLUMN.account_id == account_id, COLUMN.status.in_(LIVE)
    )
    return session().scalar(query)


def introductions(actor: Actor, *, status: str = "", cursor: str | None = None) -> Slice[Introduction]:
    """One page of the introductions that an actor may see, newest first; the "late" ones wait for the manager's help."""
    query = _whole().join(Pitch, Pitch.id == COLUMN.pitch_id).where(introductions_visible_to(actor))
    if status == LATE:
        query = query.where(_is_late(today()))
    elif status:
        query = query.where(COLUMN.status == status)
    return slice_of(query, NEWEST, cursor=cursor)


def _is_late(on: date) -> ColumnElement[bool]:
    return and_(COLUMN.status == S.REQUESTED, has_come(COLUMN.task_on, on=on))


def waiting_for(pitch_id: UUID) -> Sequence[Introduction]:
    """The requests for a pitch that are not answered, or held."""
    query = _whole().where(COLUMN.pitch_id == pitch_id, COLUMN.status.in_((S.REQUESTED, S.HELD)))
    return session().scalars(query.order_by(COLUMN.requested_at).limit(MOST)).all()


def waiting_of(account_id: UUID) -> Sequence[Introduction]:
    """The requests of an investor that are not answered, or held."""
    query = _whole().where(COLUMN.account_id == account_id, COLUMN.status.in_((S.REQUESTED, S.HELD)))
    return session().scalars(query.order_by(COLUMN.requested_at).limit(MOST)).all()


def met_by(account_id: UUID) -> Sequence[Introduction]:
    """The introductions of an investor that took place and whose pitch goes on."""
    query = _whole().join(Pitch, Pitch.id == COLUMN.pitch_id)
    query = query.where(COLUMN.account_id == account_id, COLUMN.status == S.AGREED)
    query = query.where(Pitch.__table__.c.status.not_in(OVER))
    return session().scalars(query.order_by(COLUMN.requested_at).limit(MOST)).all()


def earlier_meeting(account_id: UUID, business_id: UUID) -> Introduction | None:
    """The latest introduction of an investor to a business that took place, through whichever of its raises."""
    query = _whole().join(Pitch, Pitch.id == COLUMN.pitch_id)
    query = query.where(
        COLUMN.account_id == account_id, COLUMN.status == S.AGREED, Pitch.business_id == business_id
    )
    return session().scalar(query.order_by(COLUMN.met_at.desc(), COLUMN.id).limit(1))


def last_refusal(pitch_id: UUID, account_id: UUID) -> Introduction | None:
    """The latest request of an investor for a pitch that the business declined."""
    query = select(Introduction).where(
        COLUMN.pitch_id == pitch_id, COLUMN.account_id == account_id, COLUMN.status == S.DECLINED
    )
    return session().scalar(query.order_by(COLUMN.requested_at.desc(), COLUMN.id).limit(1))


def held_of(account_id: UUID) -> Sequence[Introduction]:
    """What is held until an investor certifies again."""
    query = _whole().where(COLUMN.account_id == account_id, COLUMN.status == S.HELD)
    return session().scalars(query.order_by(COLUMN.requested_at).limit(MOST)).all()


def every_held() -> Sequence[Introduction]:
    """All that is held."""
    return session().scalars(_whole().where(COLUMN.status == S.HELD).order_by(COLUMN.id).limit(MOST)).all()


def held_until(found: Introduction) -> date:
    """The last day on which what is held waits, unless the investor may be shown the pitch before."""
    assert found.answered_at is not None
    held_on = to_local(found.answered_at).date()
    return due_after(held_on, int(figure_on("introduction.held_days", on=held_on)))


def to_expire(on: date) -> Sequence[Introduction]:
    """What was held for too long."""
    return [each for each in every_held() if is_past(held_until(each), on=on)]


def to_nudge(on: date) -> Sequence[Introduction]:
    """Requests of which the business has to be reminded, and was not yet."""
    query = _whole().where(
        COLUMN.status == S.REQUESTED,
        has_come(COLUMN.nudge_on, on=on),
        ~is_past(COLUMN.lapse_on, on=on),
        COLUMN.nudged_at.is_(None),
    )
    return session().scalars(query.order_by(COLUMN.nudge_on).limit(MOST)).all()


def to_lapse(on: date) -> Sequence[Introduction]:
    """Requests that lapse."""
    query = _whole().where(COLUMN.status == S.REQUESTED, is_past(COLUMN.lapse_on, on=on))
    return session().scalars(query.order_by(COLUMN.lapse_on).limit(MOST)).all()


def count_overdue(on: date) -> int:
    """How many requests wait for so long that the network's manager has to help: as many as the list of late ones shows."""
    return session().scalar(select(func.count()).select_from(Introduction).where(_is_late(on))) or 0


def contacts_of(found: Introduction) -> list[Account]:
    """Whom the investor sees: the contacts that the business named, or its owners where it named none when it agreed."""
    return people_told(found.pitch.business_id, found.contact_ids)


def owners_of(found: Introduction) -> list[Account]:
    """Who at the business can answer a request."""
    return people_told(found.pitch.business_id)


def told_of(found: Introduction) -> list[Account]:
    """Who at the business is written to about an introduction that it agreed to: its contacts, and who agreed."""
    agreed = (str(found.answered_by_id),) if found.answered_by_id else ()
    return people_told(found.pitch.business_id, (*found.contact_ids, *agreed))


def why_held(found: Introduction) -> Closed | None:
    """What keeps the investor from being shown the pitch now, as the gate says it; None where nothing does."""
    day = today()
    return why_not_shown(admission_of(found.account_id, on=day), found.pitch.instrument, on=day)


def with_why(found: Sequence[Introduction]) -> list[tuple[Introduction, Closed | None]]:
    """Some introductions, each with what `why_held` says of it, in a number of queries that does not grow."""
    day = today()
    known = admissions_of({each.account_id for each in found}, on=day) if found else {}
    gates = ((each, known.get(each.account_id, NOBODY)) for each in found)
    return [(each, why_not_shown(gate, each.pitch.instrument, on=day)) for each, gate in gates]


def count_for(business_ids: Collection[UUID]) -> int:
    """How many requests wait for an answer of some businesses."""
    query = select(func.count()).select_from(Introduction).join(Pitch, Pitch.id == COLUMN.pitch_id)
    query = query.where(COLUMN.status == S.REQUESTED, Pitch.business_id.in_(list(business_ids)))
    return session().scalar(query) or 0


@dataclass(frozen=True)
class Answering:
    """How many requests were answered, of how many that could have been."""

    answered: int
    asked: int

    @property
    def in_words(self) -> str:
        """For a profile; nothing is worked out of too few."""
        if not self.asked:
            return "No requests so far"
        return f"{self.answered} of {self.asked} request{'' if self.asked == 1 else 's'} answered in time"


def answering_of(business_id: UUID) -> Answering:
    """How a business answers: what lapsed counts against it, what an investor took back does not."""
    query = select(COLUMN.status, func.count()).join(Pitch, Pitch.id == COLUMN.pitch_id)
    query = query.where(Pitch.business_id == business_id).group_by(COLUMN.status)
    counts: dict[str, int] = {str(status): count for status, count in session().execute(query)}
    answered = sum(counts.get(each, 0) for each in (S.AGREED, S.HELD, S.EXPIRED, S.DECLINED))
    return Answering(answered, answered + counts.get(S.LAPSED, 0))


def keeping_of(account_id: UUID) -> Answering:
    """Of the meetings that a business agreed to, how many an investor went on with, and did not withdraw or let expire."""
    query = select(COLUMN.status, func.count()).where(
        COLUMN.account_id == account_id, COLUMN.answered_at.is_not(None)
    )
    counts: dict[str, int] = {
        str(status): count for status, count in session().execute(query.group_by(COLUMN.status))
    }
    met = counts.get(S.AGREED, 0)
    return Answering(met, met + counts.get(S.TAKEN_BACK, 0) + counts.get(S.EXPIRED, 0))
