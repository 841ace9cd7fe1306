"""Every member of the network with what a manager decides by, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select, union_all

from crm.angels.deals.models import Pledge
from crm.angels.events.models import NightPlace
from crm.angels.introductions.models import Introduction
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import INSIDE
from crm.angels.investors.queries.gate import admissions_of
from crm.angels.investors.workflow import AngelStatus
from crm.angels.pitches.models import PitchQuestion, Promotion
from crm.angels.pitches.workflow import Channel
from crm.angels.year.models import Asked, EmailChoice
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.rules.members import Days, Member
from crm.billing.queries import gone_back, memberships_of, renewals_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import to_local

ANGEL = Angel.__table__.c
MOST = 5_000
UNSOUGHT = (Channel.LETTER,)
"""How a pitch is shown without the investor doing anything: an email that came to them."""


@remembered
def days_on(day: date) -> Days:
    """The figures that the lists go by."""
    names = ("angel.remind_days", "network.silent_days", "network.stall_days", "network.ending_days")
    return Days(*(int(figure_on(name, on=day)) for name in (*names, "network.quiet_days")))


@remembered
def members(on: date) -> Sequence[Member]:
    """Everybody in the network, suspended or not, by name."""
    asked = _last_asked().subquery()
    query = select(Angel, asked.c.asked_on).outerjoin(asked, asked.c.angel_id == ANGEL.id)
    query = query.where(ANGEL.status.in_(INSIDE)).order_by(Angel.name, Angel.id).limit(MOST)
    asked_on = {each: day for each, day in session().execute(query) if each.account_id}
    found = list(asked_on)
    ids = [each.account_id for each in found if each.account_id]
    gates, paid, renewing = admissions_of(ids, on=on), memberships_of(ids, on=on), renewals_of(ids)
    seen, stopped, back = last_seen(ids), stopped_by(ids), gone_back(ids)
    return [
        Member(
            angel_id=each.id,
            account_id=key,
            name=each.name,
            email=each.email,
            is_suspended=each.status is AngelStatus.SUSPENDED,
            gate=gates[key],
            membership=paid[key],
            renews=key in renewing,
            check=each.check_outcome,
            checked_on=each.checked_on,
            joined_on=to_local(each.decided_at or each.applied_at).date(),
            seen_on=to_local(seen[key]).date() if key in seen else None,
            takes_emails=key not in stopped,
            gone_back=back.get(key),
            asked_on=asked_on[each],
        )
        for each, key in zip(found, ids, strict=True)
    ]


def _last_asked() -> Select[UUID | None, date]:
    """When each member was last asked to renew, pay or certify, those who ever were."""
    query = select(Asked.angel_id, func.max(Asked.asked_on).label("asked_on"))
    return query.where(Asked.kind == Kind.RENEW, Asked.angel_id.is_not(None)).group_by(Asked.angel_id)


def _signs() -> tuple[Select[UUID, datetime], ...]:
    """What an investor does of their own accord, and when: looks, questions, requests to be introduced, pledges, answers to
    invitations to pitch nights.
    """
    shown = select(Promotion.account_id.label("who"), Promotion.shown_at.label("at"))
    asked = select(PitchQuestion.account_id, PitchQuestion.asked_at)
    met = select(Introduction.account_id, Introduction.requested_at)
    pledged = select(Pledge.account_id, Pledge.pledged_at)
    answered = select(NightPlace.account_id, func.coalesce(NightPlace.answered_at, NightPlace.invited_at))
    answered = answered.where(NightPlace.answered_at.is_not(None))
    return shown.where(Promotion.channel.not_in(UNSOUGHT)), asked, met, pledged, answered


def last_seen(account_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When some investors last did something of their own accord, those who ever did: one query."""
    signs = union_all(*_signs()).subquery()
    query = select(signs.c.who, func.max(signs.c.at)).where(signs.c.who.in_(list(account_ids)))
    return dict(session().execute(query.group_by(signs.c.who)).all())


def stopped_by(account_ids: Collection[UUID]) -> set[UUID]:
    """Those of some accounts that have stopped the emails that they can do without."""
    query = select(EmailChoice.account_id).where(EmailChoice.is_stopped.is_(True))
    return set(session().scalars(query.where(EmailChoice.account_id.in_(list(account_ids)))))


def choice_of(account_id: UUID) -> EmailChoice | None:
    """What an account chose of the emails that it can do without."""
    return session().scalar(select(EmailChoice).where(EmailChoice.account_id == account_id))
