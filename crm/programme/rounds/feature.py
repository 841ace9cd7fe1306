"""What rounds bring to the house."""

from __future__ import annotations

from crm.kernel.roles import STAFF, Scope
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.queries import programme_names, round_names
from crm.programme.rounds.views import criteria, programme, round_parts, rounds, weights
from crm.programme.rounds.workflow import ROUNDS, Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="rounds",
    blueprints=tuple(each.blueprint for each in (programme, rounds, round_parts, weights, criteria)),
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
    scopes={Scope.ROUND: round_names, Scope.PROGRAMME: programme_names},
    pages={"programme_round": ("programme.one_round", "round_id")},
)
