"""What rounds bring to the house."""

from __future__ import annotations

from crm.kernel.measures import counted, in_percent, percent
from crm.kernel.roles import STAFF, Scope
from crm.programme.rounds.policy import MANAGERS, POLICY
from crm.programme.rounds.queries import programme_names, round_names
from crm.programme.rounds.rules.labels import COMPARISONS, KINDS, ROUND_STATUSES, STRANDS, TIE_RULES
from crm.programme.rounds.views import corrections, criteria, programme, round_parts, rounds, showing, weights
from crm.programme.rounds.workflow import ROUNDS, Act, RoundStatus
from crm.web.feature import Area, Feature, NavigationItem, Waiting

FEATURE = Feature(
    name="rounds",
    blueprints=tuple(
        each.blueprint for each in (programme, rounds, round_parts, weights, criteria, corrections)
    ),
    policy=POLICY,
    machines=(ROUNDS,),
    navigation=(
        NavigationItem(
            "Rounds",
            "programme.programme",
            Act.SEE_PROGRAMME,
            Area.PROGRAMME,
            order=23,
            roles=tuple(STAFF),
        ),
        NavigationItem(
            "Scale-up programme", "programme.programme", Act.SEE_PROGRAMME, Area.PROGRAMME, order=24
        ),
    ),
    waits=(
        Waiting("Rounds to publish", MANAGERS, Act.PUBLISH, showing.rounds_to_publish, (RoundStatus.DRAFT,)),
    ),
    standings={"service": showing.standings},
    scopes={Scope.ROUND: round_names, Scope.PROGRAMME: programme_names},
    pages={"programme_round": ("programme.one_round", "round_id")},
    words={
        "programme_round": "round",
        "programme_round.threshold": in_percent,
        "programme_round.weight": in_percent,
        "programme_round.spread": counted("point"),
        "programme_round.grace_minutes": counted("minute"),
        "programme_round.least_words": counted("word"),
        "programme_round.assessors": counted("assessor"),
        "programme_round.min_trading_months": counted("month"),
        "programme_round.max_trading_months": counted("month"),
        "programme_round.strands": STRANDS,
        "round_question.kind": KINDS,
        "round_question.most_words": counted("word"),
        "programme_round.min_export_share_pct": percent,
        "round_check.percent": percent,
        "criterion.weight": in_percent,
        "programme_round.status": ROUND_STATUSES,
        "programme_round.tie_rule": TIE_RULES,
        "round_check.comparison": COMPARISONS,
    },
)
