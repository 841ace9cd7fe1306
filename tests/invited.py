"""Invitations to colleagues, absences and handovers, made as a test needs them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from crm.accounts.models import Handover
from crm.businesses.models import Business, Invitation
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope, Standing
from crm.signposting.models import Absence
from tests import factories

_number = count(1)


def invitation(owner: Business, **fields: Any) -> Invitation:
    """Sent by an owner of the business."""
    host = factories.account()
    factories.grant(host, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(owner.id))
    given = {"email": f"invited{next(_number)}@made.example", "standing": Standing.CONTRIBUTOR}
    given |= {"invited_by_id": host.id, "invited_at": now(), "last_day": today() + timedelta(days=14)}
    made: Invitation = factories.kept(Invitation(business_id=owner.id, **given | fields))
    return made


def absence(who: UUID, **fields: Any) -> Absence:
    given = {"first_day": today(), "last_day": today() + timedelta(days=3)} | fields
    made: Absence = factories.kept(Absence(account_id=who, **given))
    return made


def handover(giver: UUID) -> Handover:
    made: Handover = factories.kept(Handover(giver_id=giver, at=now()))
    return made
