"""What evidence brings to the house."""

from __future__ import annotations

from crm.evidence.jobs import load_demo
from crm.evidence.policy import POLICY
from crm.evidence.service.counting import load_indicators
from crm.evidence.views import asking, counting, proving
from crm.evidence.workflow import MACHINE, OUTPUTS
from crm.web.feature import Feature, Panel, Tab

FEATURE = Feature(
    name="evidence",
    blueprints=(asking.blueprint, counting.blueprint, proving.blueprint),
    policy=POLICY,
    machines=(MACHINE, OUTPUTS),
    panels=(
        Panel("What help came to", "evidence/_panel_outputs.html", 35, counting.load_panel, Tab.SUPPORT),
        Panel("Finance they seek", "evidence/_panel.html", 40, asking.load_panel, Tab.MONEY),
    ),
    timeline=asking.timeline,
    reference=load_indicators,
    demo=load_demo,
)
