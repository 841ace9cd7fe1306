"""The network's manager views the network as an investor: to help them, with a reason, and never to act for them."""

from __future__ import annotations

from crm.angels.investors.models import Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.workflow import Act
from crm.audit import service as audit
from crm.kernel.errors import require_reason
from crm.kernel.permissions import Actor


def view_as(found: Angel, *, reason: str, by: Actor) -> None:
    """Record that a manager views as this investor from now on, and why."""
    POLICY.require(by, Act.VIEW_AS, found)
    require_reason(reason)
    audit.record(Act.VIEW_AS, found, {"reason": (None, reason)}, by=by)


def stop_viewing(found: Angel, *, by: Actor) -> None:
    """Record that they stopped. ``by`` is the manager, not the investor."""
    POLICY.require(by, Act.VIEW_AS, found)
    audit.record(Act.STOP_VIEWING, found, {}, by=by)
