"""Colleagues of a business: made owners or contributors, removed, and given their access back within a day."""

from __future__ import annotations

from crm.accounts.service import roles
from crm.audit import service as audit
from crm.businesses.policy import POLICY
from crm.businesses.queries.inviting import Colleague
from crm.businesses.workflow import Act
from crm.db.changes import Changes
from crm.kernel.permissions import Actor
from crm.kernel.roles import Standing


def change_colleague(found: Colleague, standing: Standing, *, by: Actor) -> None:
    """Make a colleague an owner or a contributor; they are told. Raises `Conflict` for the only owner."""
    POLICY.require(by, Act.CHANGE_COLLEAGUE, found)
    before = found.grant.standing
    roles.change_standing(found.grant, standing, business_name=found.business.name, by=by)
    _record(Act.CHANGE_COLLEAGUE, found, {"standing": (before, standing)}, by=by)


def remove_colleague(found: Colleague, *, by: Actor) -> None:
    """Remove a colleague from a business; they are told. What they did stays. Raises `Conflict` for an owner alone."""
    POLICY.require(by, Act.REMOVE_COLLEAGUE, found)
    roles.dismiss(found.grant, business_name=found.business.name, by=by)
    _record(Act.REMOVE_COLLEAGUE, found, {"account": (found.account.id, None)}, by=by)


def restore_colleague(found: Colleague, *, by: Actor) -> None:
    """Give a colleague back the access that was removed within the last day; they are told. Raises `Conflict`."""
    POLICY.require(by, Act.RESTORE_COLLEAGUE, found)
    roles.readmit(found.grant, business_name=found.business.name, by=by)
    _record(Act.RESTORE_COLLEAGUE, found, {"account": (None, found.account.id)}, by=by)


def _record(act: Act, found: Colleague, what: Changes, *, by: Actor) -> None:
    audit.record(act, found.business, {"colleague": (found.account.name, found.account.name), **what}, by=by)
