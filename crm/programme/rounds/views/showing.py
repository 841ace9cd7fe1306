"""What rounds show on desks: drafts that are to be published before they open."""

from __future__ import annotations

from flask import url_for

from crm.kernel.clock import day_of, now
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.workflow import Act
from crm.web.feature import Todo


def rounds_to_publish(actor: Actor) -> tuple[Todo, ...]:
    """Draft rounds, the next to open first."""
    return tuple(_to_publish(each) for each in queries.drafts() if POLICY.allows(actor, Act.PUBLISH, each))


def _to_publish(found: Round) -> Todo:
    words, where = "Publish or delete the draft round", url_for("rounds.composition", round_id=found.id)
    opens = found.opens_at
    return Todo(words, None, where, about=found.name, due=day_of(opens), is_overdue=opens < now())
