"""What the desk brings to the house."""

from __future__ import annotations

from crm.desk.jobs import demo_commands, docs_commands, reference_commands, upgrade
from crm.desk.policy import POLICY, Act
from crm.desk.views import blueprint
from crm.kernel.roles import STAFF
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="desk",
    blueprints=(blueprint,),
    policy=POLICY,
    landmarks={"home": "desk.home", "desk": "desk.desk", "contact": "desk.contact"},
    navigation=(
        NavigationItem("Desk", "desk.desk", Act.VIEW_DESK, Area.DESK, order=5, roles=tuple(STAFF)),
        NavigationItem("Home", "desk.desk", Act.VIEW_DESK, Area.DESK, order=6),
        NavigationItem("Search", "desk.search", Act.SEARCH, Area.SEARCH, order=99),
    ),
    commands=(reference_commands, demo_commands, docs_commands, upgrade),
)
