"""Who leads a delegation: handed over with a caseload, or changed by its lead or a manager of their hub."""

from __future__ import annotations

from uuid import UUID

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import seeing
from crm.exporting.delegations.workflow import Act, why_not_change, why_not_hand
from crm.kernel.calendar import days_in_words
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue


def hand(delegation_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Let a colleague lead a delegation. False if it moved on."""
    found = seeing.delegation(delegation_id)
    if found is None or found.lead_id != from_id or why_not_change(found):
        return False
    POLICY.require(by, Act.PLAN, found)
    audit.record(Act.CHANGE, found, amend(found, lead_id=to), by=by)
    return True


def pass_on(found: Delegation, to: Account, *, version: int | None, by: Actor) -> None:
    """Let another person lead a delegation. They are told, and so is who led it before, unless it is their own doing."""
    POLICY.require(by, Act.HAND, found)
    seeing.hold(found)
    refuse_if(why_not_hand(found))
    require_as_shown(found, version)
    if to.id == found.lead_id:
        raise Invalid(f"{to.name} leads this delegation already", field="lead")
    before = found.lead
    changes = amend(found, lead_id=to.id)
    session().flush()
    audit.record(Act.HAND, found, changes, by=by)
    for each in (before, to):
        if each is not None and each.id != by.account_id:
            _tell(each, found, now_leads=to, before=before, by=by)


def _tell(
    reader: Account, found: Delegation, *, now_leads: Account, before: Account | None, by: Actor
) -> None:
    context = {
        "title": found.title,
        "when": days_in_words(found.departs_on, found.returns_on),
        "lead": now_leads.name,
        "lead_email": now_leads.email,
        "before": before.name if before else "",
        "is_you": reader.id == now_leads.id,
        "by_name": by.name,
        "path": f"/delegations/{found.id}",
    }
    queue("delegation_lead", Reader(reader.email, reader.name, reader.id), having=Extras(context))
