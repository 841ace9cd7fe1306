"""What the scoreboard brings to the house."""

from __future__ import annotations

from crm.reports.scoreboard.jobs import TIMED, reports_commands
from crm.reports.scoreboard.policy import POLICY
from crm.reports.scoreboard.views import measures, rows, scoreboard
from crm.reports.scoreboard.workflow import Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="scoreboard",
    blueprints=(scoreboard.blueprint, measures.blueprint, rows.blueprint),
    policy=POLICY,
    navigation=(
        NavigationItem("Action 6", scoreboard.HERE, Act.VIEW, Area.REPORTS, order=51),
        NavigationItem("Data quality", "measure_rows.data_quality", Act.VIEW_QUALITY, Area.REPORTS, order=58),
    ),
    timed=TIMED,
    commands=(reports_commands,),
)
