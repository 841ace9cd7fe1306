"""What the gate turns on, read from the rows: at every request, and again at every send."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from crm.accounts.queries import account, actor_of
from crm.angels.investors.models import Angel, Certification, RegulatoryBasis
from crm.angels.investors.policy import FACT, INSIDE, POLICY
from crm.angels.investors.rules.certifying import Thresholds
from crm.angels.investors.rules.gate import NOBODY, Admission, Statement
from crm.angels.investors.workflow import Act, AngelStatus
from crm.billing.queries import memberships_of, payments_on_their_way
from crm.db.remembering import remembered
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role


def facts_of(actor: Actor) -> Mapping[str, Any]:
    """What policies need to know of an angel; nothing is read of anybody else."""
    if actor.account_id is None or not actor.has(Role.ANGEL):
        return {}
    return {FACT: admission_of(actor.account_id, on=today())}


def seen_as(actor: Actor, angel_id: UUID) -> Actor | None:
    """An investor as the one who looks through their eyes is to every page; None where they may not look.

    Of what the investor may do elsewhere, as the owner of a business for example, nothing is lent.
    """
    found = session().get(Angel, angel_id)
    if found is None or not POLICY.allows(actor, Act.VIEW_AS, found):
        return None
    owner = account(found.account_id) if found.account_id else None
    if owner is None:
        return None
    grants = tuple(each for each in actor_of(owner).grants if each.role is Role.ANGEL)
    return Actor(owner.id, owner.name, grants, seen_by=actor.account_id)


def admission_of(account_id: UUID, *, on: date) -> Admission:
    """What the gate turns on, of one person on a London day."""
    return admissions_of([account_id], on=on).get(account_id, NOBODY)


def admissions_of(account_ids: Collection[UUID], *, on: date) -> dict[UUID, Admission]:
    """The same of many: five queries, however many there are. People who are not in the network are left out."""
    standing, statements = _inside(account_ids)
    memberships = memberships_of(list(standing), on=on)
    basis = basis_on(on)
    coming = payments_on_their_way([key for key, each in memberships.items() if not each.is_member])
    return {
        account_id: Admission(
            is_accepted=status is AngelStatus.ACCEPTED,
            is_suspended=status is AngelStatus.SUSPENDED,
            is_paid=memberships[account_id].is_member,
            is_lawful=basis is not None,
            paid_since=memberships[account_id].since,
            statements=tuple(statements.get(account_id, ())),
            paid_until=memberships[account_id].last_day,
            lawful_until=basis.valid_to if basis else None,
            pays_soon=account_id in coming,
        )
        for account_id, status in standing.items()
    }


def _inside(account_ids: Collection[UUID]) -> tuple[dict[UUID, AngelStatus], dict[UUID, list[Statement]]]:
    """Who of some people is in the network, and every statement that they signed here: one that ended or was revoked says
    why the gate is closed. Statements on paper, for the record only, are left out.
    """
    standing: dict[UUID, AngelStatus] = {}
    found: dict[UUID, list[Statement]] = {}
    column = Angel.__table__.c
    query = select(column.account_id, column.status, Certification).select_from(Angel)
    query = query.outerjoin(Certification, Certification.account_id == column.account_id)
    query = query.where(column.account_id.in_(list(account_ids)), column.status.in_(INSIDE))
    for account_id, status, signed in session().execute(query.order_by(Certification.signed_at)):
        standing[account_id] = status
        if signed is not None and not signed.kept_at:
            found.setdefault(account_id, []).append(signed.as_statement)
    return standing, found


@remembered
def basis_on(day: date) -> RegulatoryBasis | None:
    """What lets the network arrange introductions on a day: of the rows that hold, the one that was recorded last."""
    query = select(RegulatoryBasis).where(
        has_come(RegulatoryBasis.valid_from, on=day),
        or_(RegulatoryBasis.valid_to.is_(None), ~is_past(RegulatoryBasis.valid_to, on=day)),
    )
    order = (RegulatoryBasis.valid_from.desc(), RegulatoryBasis.recorded_at.desc())
    return session().scalar(query.order_by(*order).limit(1))


def thresholds_on(day: date) -> Thresholds:
    """The figures of the law in force on a day."""
    return Thresholds(
        income=figure_on("angel.income", on=day),
        income_step=figure_on("angel.income_step", on=day),
        assets=figure_on("angel.assets", on=day),
        assets_step=figure_on("angel.assets_step", on=day),
        turnover=figure_on("angel.turnover", on=day),
        investments=int(figure_on("angel.investments", on=day)),
        network_months=int(figure_on("angel.network_months", on=day)),
    )
