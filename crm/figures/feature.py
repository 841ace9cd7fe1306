"""What dated figures bring to the house."""

from __future__ import annotations

from crm.figures.policy import POLICY
from crm.figures.service import load_shipped
from crm.figures.views import blueprint, todos
from crm.figures.workflow import MACHINE, Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="figures",
    blueprints=(blueprint,),
    policy=POLICY,
    todos=todos,
    machines=(MACHINE,),
    navigation=(NavigationItem("Dated figures", "figures.figures", Act.VIEW, Area.FIGURES, order=85),),
    reference=load_shipped,
)
