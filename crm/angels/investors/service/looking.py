"""The network's manager looks through an investor's eyes: to help them, with a reason, and never to act for them."""

from __future__ import annotations

from crm.angels.investors.models import Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.workflow import Act
from crm.audit import service as audit
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor


def view_as(found: Angel, *, reason: str, by: Actor) -> None:
    """Keep that somebody looks through this investor's eyes from now on, and why."""
    POLICY.require(by, Act.VIEW_AS, found)
    if not reason.strip():
        raise Invalid("Say why", field="reason")
    audit.record(Act.VIEW_AS, found, {"reason": (None, reason)}, by=by)


def stop_viewing(found: Angel, *, by: Actor) -> None:
    """Keep that they stopped. ``by`` is who looked, not whom they looked through."""
    POLICY.require(by, Act.VIEW_AS, found)
    audit.record(Act.STOP_VIEWING, found, {}, by=by)
