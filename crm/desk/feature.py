"""What the desk brings to the house."""

from __future__ import annotations

from crm.desk.jobs import check_deployment, demo_commands, docs_commands, reference_commands
from crm.desk.policy import POLICY, Act
from crm.desk.views import blueprint
from crm.web.feature import Feature, NavigationItem

FEATURE = Feature(
    name="desk",
    blueprints=(blueprint,),
    policy=POLICY,
    landmarks={"home": "desk.home", "desk": "desk.desk", "contact": "desk.contact"},
    navigation=(NavigationItem("Desk", "desk.desk", Act.VIEW_DESK, order=5),),
    commands=(reference_commands, demo_commands, docs_commands, check_deployment),
)
