"""The rounds whose cohort is to be chosen now, on the desks of the programme's managers."""

from __future__ import annotations

from flask import url_for

from crm.funding.envelopes.queries.ledger import read_lines
from crm.kernel.clock import day_of, has_come, today
from crm.kernel.measures import counted
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Cohort
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.money import free_of
from crm.programme.cohort.queries.unchosen import (
    Judged,
    cohorts_without_draft,
    judged_in,
    rounds_without_cohort,
)
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.models import Round
from crm.web.feature import Todo

RANKED = counted("application is ranked", "applications are ranked")


def cohorts_to_choose(actor: Actor) -> tuple[Todo, ...]:
    """Closed rounds whose applications are all assessed and that nobody chooses from, while there is money for them."""
    built = [each for each in cohorts_without_draft() if POLICY.allows(actor, Act.START_DRAFT, each)]
    bare = [each for each in rounds_without_cohort() if POLICY.allows(actor, Act.BEGIN, each)]
    judged = judged_in([*(each.round_id for each in built), *(each.id for each in bare)])
    ready = {key: found for key, found in judged.items() if found.ranked and not found.open}
    near = [each for each in built if each.round_id in ready]
    read_lines(each.envelope_id for each in near)  # one question to the database, however many cohorts
    choosing = [_to_choose(each, ready[each.round_id]) for each in near if _has_money(each)]
    return (*choosing, *(_to_begin(each, ready[each.id]) for each in bare if each.id in ready))


def _has_money(found: Cohort) -> bool:
    """Whether anything can be awarded: something is free, or it is a dry run."""
    free = free_of(found)
    return free is None or any(each.pence > 0 for each in free.values())


def _to_choose(found: Cohort, judged: Judged) -> Todo:
    return _todo("Choose the cohort", url_for("cohorts.cohort", cohort_id=found.id), found.round, judged)


def _to_begin(found: Round, judged: Judged) -> Todo:
    return _todo("Create the cohort", url_for("cohorts.begin", round_id=found.id), found, judged)


def _todo(words: str, where: str, found: Round, judged: Judged) -> Todo:
    about = f"{found.name}: {RANKED(judged.ranked)}"
    day = day_of(found.assess_until)
    return Todo(words, None, where, about=about, since=day if has_come(day, on=today()) else None)
