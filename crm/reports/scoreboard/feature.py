"""What the scoreboard brings to the house."""

from __future__ import annotations

from crm.reports.scoreboard.policy import POLICY
from crm.reports.scoreboard.views import HERE, blueprint
from crm.reports.scoreboard.workflow import Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="scoreboard",
    blueprints=(blueprint,),
    policy=POLICY,
    navigation=(NavigationItem("Action 6", HERE, Act.VIEW, Area.REPORTS, order=51),),
)
