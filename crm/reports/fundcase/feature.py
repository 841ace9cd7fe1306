"""What the fund case brings to the house."""

from __future__ import annotations

from crm.reports.fundcase.jobs import load_demo
from crm.reports.fundcase.policy import POLICY
from crm.reports.fundcase.views import HERE, blueprint
from crm.reports.fundcase.workflow import Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="fundcase",
    blueprints=(blueprint,),
    policy=POLICY,
    demo=load_demo,
    navigation=(
        NavigationItem("Fund case", HERE, Act.VIEW, Area.REPORTS, order=54, also=("fund_case.asks",)),
    ),
)
