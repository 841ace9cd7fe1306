"""What checks of contracts show elsewhere: on the page of a business and on desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.businesses.models import Business
from crm.exporting.cover import queries
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import POLICY
from crm.exporting.cover.workflow import Act
from crm.kernel.eligibility import Outcome
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Number, Todo


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The contracts of a business that were checked."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_check = not found.is_archived and POLICY.allows(actor, Act.CHECK, found)
    return {
        "checks": queries.checks_of(found.id),
        "can_check": can_check,
        "business": found,
        "fits": _fitting,
    }


def _fitting(found: CoverCheck) -> int:
    """How many of the products that were asked for fit."""
    return sum(each["wanted"] and each["outcome"] == Outcome.MET for each in found.findings)


def crossed_to_check(actor: Actor) -> tuple[Todo, ...]:
    """Businesses that have grown past a threshold that shut them out, each to be checked again."""
    return tuple(
        Todo(
            f"Check again: turnover is now {each.turnover.short()}, over {each.threshold.short()}",
            None,
            url_for("cover.check", business_id=each.business_id),
            about=each.business,
            since=each.since,
        )
        for each in queries.crossed(actor)
    )


def numbers(actor: Actor) -> tuple[Number, ...]:
    """On an export adviser's desk: how often turnover shut out a business of theirs."""
    if not actor.has(Role.EXPORT_ADVISER):
        return ()
    count = len(queries.attempts(actor))
    return (Number("Shut-outs by turnover", count, url_for("cover.shut_outs")),)
