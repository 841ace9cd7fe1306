"""Handing a referral over to a colleague: who sent it, or who received it, has left or is away."""

from __future__ import annotations

from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.referrals import queries
from crm.referrals.policy import POLICY
from crm.referrals.workflow import Act


def hand(referral_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Let a colleague see a referral through instead of the person who sent or received it; False if it moved on."""
    found = queries.referral(referral_id)
    held = {each.id for each in queries.in_hand_of([from_id])}
    if found is None or found.id not in held:
        return False
    POLICY.require(by, Act.HAND, found)
    is_received = found.recipient_id == from_id
    if to == (found.holder_id if is_received else found.recipient_id):
        raise Invalid(
            f"The other side of the referral of {found.business.name} is the same person",
            field="everything_to",
        )
    changes = amend(found, recipient_id=to) if is_received else amend(found, holder_id=to)
    audit.record(Act.HAND, found, changes, by=by)
    session().flush()
    queries.read_again(found)
    return True
