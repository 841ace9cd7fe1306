"""What checks of contracts show elsewhere: on the page of a business and on desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.businesses.models import Business
from crm.exporting.cover import queries
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import POLICY
from crm.exporting.cover.rules.counting import OVER, Attempt
from crm.exporting.cover.workflow import Act
from crm.kernel.eligibility import Outcome
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Number, Todo

MOST_TODOS = 50


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
    """Contracts whose business has grown past the threshold that shut them out, and whose need nothing has met: each to be checked again."""
    crossed = [each for each in queries.crossed(actor) if each.became == OVER]
    return tuple(_to_check(each) for each in crossed[:MOST_TODOS])


def _to_check(found: Attempt) -> Todo:
    assert found.now is not None
    reached = "the threshold" if found.now == found.threshold else f"over {found.threshold.short()}"
    words = f"Check again: turnover is now {found.now.short()}, {reached}"
    where = url_for("cover.check", business_id=found.business_id, of=found.check_id)
    about = ", ".join(filter(None, (found.business, found.country)))
    return Todo(words, None, where, about=about, since=found.happened_on)


def numbers(actor: Actor) -> tuple[Number, ...]:
    """On an export adviser's desk: how often turnover shut out a business of theirs."""
    if not actor.has(Role.EXPORT_ADVISER):
        return ()
    count = len(queries.attempts(actor))
    return (Number("Shut-outs by turnover", count, url_for("cover.shut_outs")),)
