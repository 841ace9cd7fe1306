"""What evidence brings to the house."""

from __future__ import annotations

from crm.evidence import views
from crm.evidence.jobs import load_demo
from crm.evidence.policy import POLICY
from crm.evidence.workflow import MACHINE
from crm.web.feature import Feature, Panel

FEATURE = Feature(
    name="evidence",
    blueprints=(views.blueprint,),
    policy=POLICY,
    machines=(MACHINE,),
    panels=(Panel("Finance they seek", "evidence/_panel.html", 40, views.load_panel),),
    timeline=views.timeline,
    demo=load_demo,
)
