"""What rounds show on desks: drafts that are to be published before they open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import url_for

from crm.kernel.clock import day_of, now
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.timing import Standing
from crm.programme.rounds.workflow import Act
from crm.web.feature import Todo
from crm.web.telling import Stand

OWN_SERVICE = "csu_demo"
"""The entry of the programme itself in the directory, by its short name."""


def standings(_actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Where the programme's own entry in the directory stands: open for applications while a round is."""
    own_id, rounds = queries.public_rounds_of(OWN_SERVICE)
    if own_id is None or own_id not in ids:
        return {}
    is_open = any(each.window.standing(now()) is Standing.OPEN for each in rounds)
    words, colour = ("Open for applications", "green") if is_open else ("No round is open now", "grey")
    return {own_id: Stand(words, colour, url_for("programme.programme"))}


def rounds_to_publish(actor: Actor) -> tuple[Todo, ...]:
    """Draft rounds, the next to open first."""
    return tuple(_to_publish(each) for each in queries.drafts() if POLICY.allows(actor, Act.PUBLISH, each))


def _to_publish(found: Round) -> Todo:
    words, where = "Publish or delete the draft round", url_for("rounds.composition", round_id=found.id)
    opens = found.opens_at
    return Todo(words, None, where, about=found.name, due=day_of(opens), is_overdue=opens < now())
