"""Who can assess now: whose account is active, and whose role for the round has not ended."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.db.session import session
from crm.kernel.roles import Role, Scope
from crm.programme.assessing.models import Assessment, RoundAssessor
from crm.programme.assessing.policy import OPEN
from crm.programme.assessing.workflow import AssessmentStatus

ASSESSMENT = Assessment.__table__.c


def is_able(account_id: Any, round_id: Any, *, on: date) -> ColumnElement[bool]:
    """That an account can assess for a round on a day, as SQL over two columns of the query."""
    plain = func.replace(cast(round_id, String), "-", "")  # one engine stores ids without their hyphens
    held = (
        select(RoleGrant.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == Role.ASSESSOR,
            holds_on(on),
            or_(RoleGrant.scope == Scope.EVERYWHERE, func.replace(RoleGrant.scope_id, "-", "") == plain),
            Account.__table__.c.status != AccountStatus.DEACTIVATED,
        )
    )
    return held.exists()


def counts(round_id: Any, *, on: date) -> ColumnElement[bool]:
    """That an assessment counts towards what its application needs: submitted, or open with someone who can assess."""
    is_open = ASSESSMENT.status.in_(OPEN) & is_able(ASSESSMENT.assessor_id, round_id, on=on)
    return or_(ASSESSMENT.status == AssessmentStatus.SUBMITTED, is_open)


def able_of(round_id: UUID, *, on: date) -> set[UUID]:
    """The accounts on the panel of a round that can assess for it on a day."""
    query = select(RoundAssessor.account_id).where(
        RoundAssessor.round_id == round_id,
        is_able(RoundAssessor.account_id, RoundAssessor.round_id, on=on),
    )
    return set(session().scalars(query))


def is_counted(each: Assessment, able: set[UUID]) -> bool:
    """The same of an assessment that is loaded."""
    return each.status is AssessmentStatus.SUBMITTED or (each.status in OPEN and each.assessor_id in able)
