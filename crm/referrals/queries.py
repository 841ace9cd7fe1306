"""Reads of referrals: one of them, lists as far as the actor may see, and what a provider's come to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.directory.models import Service
from crm.figures.queries import figure_on
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor
from crm.referrals.models import Referral, ReferralConversation
from crm.referrals.policy import visible_to
from crm.referrals.rules import Told
from crm.referrals.workflow import OPEN, OUTSTANDING, ReferralStatus

COLUMNS = Referral.__table__.c
S = ReferralStatus
NEWEST = Order((COLUMNS.created_at, COLUMNS.id), lambda row: (row.created_at, row.id), is_descending=True)
MOST = 100
COUNTED = 10_000
BACK = (S.DECLINED, S.LAPSED, S.OBJECTED)
WAITING = (S.ANNOUNCED, *OUTSTANDING)
DESK = ("for_me", "my_late", "my_back", "my_drafts")


@dataclass(frozen=True)
class Search:
    """What is looked for among referrals; ``show`` is one of `rules.SHOWN`."""

    show: str = "outstanding"
    provider_id: UUID | None = None


def _listed() -> Select[Referral]:
    return select(Referral).options(
        joinedload(Referral.business),
        joinedload(Referral.service).joinedload(Service.provider),
        joinedload(Referral.recipient),
        joinedload(Referral.sender),
        joinedload(Referral.holder),
    )


def _whole() -> Select[Referral]:
    return _listed().options(
        joinedload(Referral.business).undefer(Business.shared),
        joinedload(Referral.person),
        selectinload(Referral.chosen).joinedload(ReferralConversation.conversation),
    )


def referral(referral_id: UUID) -> Referral | None:
    """One referral with everything that belongs to it."""
    return session().scalar(_whole().where(COLUMNS.id == referral_id))


def read_again(found: Referral) -> None:
    """Let a referral know what belongs to it now."""
    session().scalar(_whole().where(COLUMNS.id == found.id).execution_options(populate_existing=True))


def referral_with(conversation_id: UUID) -> Referral | None:
    """The referral that was completed by a conversation."""
    return session().scalar(_listed().where(COLUMNS.conversation_id == conversation_id))


def referrals(search: Search, actor: Actor, *, cursor: str | None = None) -> Slice[Referral]:
    """One page of referrals, the newest first."""
    return slice_of(_listed().where(*_asked(search, actor)), NEWEST, cursor=cursor)


def count_of(search: Search, actor: Actor) -> int:
    """How many a search finds; more than ten thousand are not counted out."""
    bounded = select(COLUMNS.id).where(*_asked(search, actor)).limit(COUNTED + 1).subquery()
    return session().scalar(select(func.count()).select_from(bounded)) or 0


def _asked(search: Search, actor: Actor) -> list[ColumnElement[bool]]:
    asked = [visible_to(actor), *_shown(search.show, actor)]
    if search.provider_id is not None:
        services = select(Service.id).where(Service.provider_id == search.provider_id)
        asked.append(COLUMNS.service_id.in_(services))
    return asked


def _shown(show: str, actor: Actor) -> list[ColumnElement[bool]]:
    sent, received = COLUMNS.holder_id == actor.account_id, COLUMNS.recipient_id == actor.account_id
    mine = or_(sent, received)
    shown: dict[str, list[ColumnElement[bool]]] = {
        "for_me": [received, COLUMNS.status == S.SENT],
        "my_late": [sent, is_late(today())],
        "my_back": [sent, COLUMNS.status.in_(BACK)],
        "my_drafts": [sent, COLUMNS.status == S.DRAFT],
        "outstanding": [COLUMNS.status.in_(WAITING)],
        "mine": [mine],
        "late": [is_late(today())],
        "back": [COLUMNS.status.in_(BACK)],
        "all": [],
    }
    return shown[show]


def is_late(on: date) -> ColumnElement[bool]:
    """That an answer should have come before a day."""
    return and_(COLUMNS.status == S.SENT, is_past(COLUMNS.due_on, on=on))


def in_hand_of(account_ids: Collection[UUID]) -> Sequence[Referral]:
    """What some people sent or draft and have to see to an end, and what they received and have not ended; newest first."""
    sent = and_(COLUMNS.holder_id.in_(account_ids), COLUMNS.status.in_((S.DRAFT, *WAITING, *BACK)))
    received = and_(COLUMNS.recipient_id.in_(account_ids), COLUMNS.status.in_(OUTSTANDING))
    shared = joinedload(Referral.business).undefer(Business.shared)
    query = _listed().options(shared).where(or_(sent, received))
    return session().scalars(query.order_by(COLUMNS.created_at.desc(), COLUMNS.id).limit(MOST)).all()


def referrals_of(business_id: UUID) -> Sequence[Referral]:
    """The referrals of a business, the newest first."""
    query = _listed().where(COLUMNS.business_id == business_id)
    return session().scalars(query.order_by(COLUMNS.created_at.desc(), COLUMNS.id).limit(MOST)).all()


def open_to(business_id: UUID, service_id: UUID | None = None) -> Sequence[Referral]:
    """The referrals of a business that are drafted, told of or under way: all to services, or those to one service."""
    asked = [COLUMNS.service_id == service_id] if service_id else [COLUMNS.service_id.is_not(None)]
    query = _listed().where(COLUMNS.business_id == business_id, COLUMNS.status.in_(OPEN), *asked)
    return session().scalars(query.order_by(COLUMNS.created_at, COLUMNS.id).limit(MOST)).all()


@dataclass(frozen=True)
class Sent:
    """The latest referrals of a business that a page with services shows, oldest first."""

    rows: tuple[Referral, ...]

    def but(self, paths: Collection[str]) -> Sent:
        """Those that were drafted from other places than these."""
        return Sent(tuple(each for each in self.rows if each.path not in paths))

    def drafted_at(self, service: Service, path: str) -> Referral | None:
        """The one to a service that was drafted from this very place."""
        return next((each for each in self._to(service) if each.path == path), None)

    def under_way_at(self, service: Service, place: str) -> Referral | None:
        """The one to a service that is under way from the same place on another page: from the same action of another result."""
        rows = (each for each in self._to(service) if each.is_open and each.path.partition("#")[2] == place)
        return next(rows, None) if place else None

    def elsewhere(self, service: Service, path: str) -> Referral | None:
        """The one to a service that was drafted from another place, or by hand."""
        return next((each for each in self._to(service) if each.path != path), None)

    def _to(self, service: Service) -> list[Referral]:
        return [each for each in reversed(self.rows) if each.service_id == service.id]


def sent_since(business_id: UUID, moment: datetime) -> Sent:
    """The referrals of a business to services that were drafted since a moment, or are still open."""
    is_shown = or_(COLUMNS.created_at >= moment, COLUMNS.status.in_(OPEN))
    query = _listed().where(COLUMNS.business_id == business_id, COLUMNS.service_id.is_not(None), is_shown)
    rows = session().scalars(query.order_by(COLUMNS.created_at.desc(), COLUMNS.id).limit(MOST)).all()
    return Sent(tuple(reversed(rows)))


@remembered
def referrals_from(business_ids: Sequence[UUID]) -> Sequence[Referral]:
    """The referrals of some businesses that they were told of or that were sent, for their founders: never a draft."""
    is_known = or_(COLUMNS.sent_at.is_not(None), COLUMNS.told_at.is_not(None))
    query = _listed().where(COLUMNS.business_id.in_(business_ids), is_known)
    return session().scalars(query.order_by(COLUMNS.created_at.desc(), COLUMNS.id).limit(MOST)).all()


def sent_to_providers(business_id: UUID, *, after: datetime | None) -> Sequence[Referral]:
    """The referrals of a business that went to providers, whatever came of them, the oldest first; ``after`` a moment, or all."""
    asked = [
        COLUMNS.business_id == business_id,
        COLUMNS.service_id.is_not(None),
        COLUMNS.sent_at.is_not(None),
    ]
    if after is not None:
        asked.append(COLUMNS.sent_at > after)
    return session().scalars(_whole().where(*asked).order_by(COLUMNS.sent_at, COLUMNS.id).limit(MOST)).all()


def to_release(on: date) -> Sequence[Referral]:
    """The referrals to which no business can object any more and that were not sent yet, the longest waiting first."""
    asked = (COLUMNS.status == S.ANNOUNCED, is_past(COLUMNS.objects_until, on=on))
    query = _whole().where(*asked).order_by(COLUMNS.objects_until, COLUMNS.id)
    return session().scalars(query.limit(1_000)).all()


def to_chase(on: date) -> Sequence[Referral]:
    """The referrals that were not answered in time, the longest late first."""
    query = _whole().where(is_late(on)).order_by(COLUMNS.due_on, COLUMNS.id)
    return session().scalars(query.limit(1_000)).all()


def told_about(provider_id: UUID) -> list[Told]:
    """How each referral to a provider stands: for its record."""
    services = select(Service.id).where(Service.provider_id == provider_id)
    query = select(COLUMNS.status, COLUMNS.sent_at, COLUMNS.answered_at, COLUMNS.helped)
    query = query.where(COLUMNS.service_id.in_(services), COLUMNS.sent_at.is_not(None))
    rows = session().execute(query.order_by(COLUMNS.sent_at.desc(), COLUMNS.id).limit(5_000))
    return [Told(row.status, row.sent_at, row.answered_at, row.helped) for row in rows]


def services_on_offer() -> Sequence[Service]:
    """Every service in the directory with its provider, by name."""
    query = select(Service).options(joinedload(Service.provider)).order_by(Service.name, Service.id)
    return session().scalars(query.limit(2_000)).all()


def service_with_id(service_id: UUID) -> Service | None:
    """One service with its provider."""
    return session().scalar(
        select(Service).where(Service.id == service_id).options(joinedload(Service.provider))
    )


def possible_recipients(actor: Actor) -> Sequence[Account]:
    """Everybody active who advises somewhere, but for whoever asks: whom a referral can go to."""
    grants = RoleGrant.__table__.c
    held = select(grants.account_id).where(grants.role.in_(HUB_ROLES), holds_on(today()))
    table = Account.__table__.c
    query = select(Account).where(table.id.in_(held), table.status == AccountStatus.ACTIVE)
    query = query.where(table.id != actor.account_id) if actor.account_id else query
    return session().scalars(query.order_by(table.name, table.id).limit(500)).all()


def count_for_desk(actor: Actor) -> dict[str, int]:
    """What waits for somebody: sent to them, late, come back to them, and not sent yet; by the list that shows just these."""
    asked = {show: and_(*_shown(show, actor)) for show in DESK}
    counts: list[Any] = [func.count().filter(condition).label(name) for name, condition in asked.items()]
    row = session().execute(select(*counts).where(visible_to(actor), or_(*asked.values()))).one()
    return dict(row._mapping)  # noqa: SLF001 the documented way to a row's names


def gone_silent(actor: Actor, *, before: datetime) -> Sequence[Referral]:
    """The referrals of somebody that were accepted before a moment and have no outcome, the longest silent first."""
    is_open = COLUMNS.status.in_((S.ACCEPTED, S.UNDER_WAY))
    query = _whole().where(COLUMNS.holder_id == actor.account_id, is_open, COLUMNS.answered_at < before)
    return session().scalars(query.order_by(COLUMNS.answered_at, COLUMNS.id).limit(20)).all()


def may_be_chased(found: Referral) -> bool:
    """Whether its provider was reminded less often than the figure ``referral.most_chases`` says."""
    return found.chases < int(figure_on("referral.most_chases", on=today()))
