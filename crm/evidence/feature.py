"""What evidence brings to the house."""

from __future__ import annotations

from crm.evidence.jobs import load_demo
from crm.evidence.measures import FOR_REPORTS
from crm.evidence.policy import POLICY
from crm.evidence.rules import (
    INSTRUMENTS,
    MEDIA,
    OUTPUT_STATUSES,
    PROGRAMMES,
    STANDINGS,
    UNITS,
    UNMET_REASONS,
    amount_said,
)
from crm.evidence.service.counting import load_indicators
from crm.evidence.views import asks, outputs, proofs
from crm.evidence.workflow import MACHINE, OUTPUTS
from crm.kernel.measures import in_hundredths
from crm.web.feature import Feature, Panel, Tab

FEATURE = Feature(
    name="evidence",
    blueprints=(asks.blueprint, outputs.blueprint, proofs.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE, OUTPUTS),
    panels=(
        Panel("Outcomes", "evidence/_panel_outputs.html", 35, outputs.load_panel, Tab.SUPPORT),
        Panel("Finance sought", "evidence/_panel.html", 40, asks.load_panel, Tab.MONEY),
    ),
    timeline=asks.timeline,
    pages={"ask": ("asks.ask", "ask_id"), "output": ("outputs.output", "output_id")},
    reference=load_indicators,
    demo=load_demo,
    words={
        "ask": "finance sought",
        "ask.instrument": INSTRUMENTS,
        "ask.medium": MEDIA,
        "ask.unmet_reason": UNMET_REASONS,
        "ask.status": STANDINGS,
        "output.status": OUTPUT_STATUSES,
        "output.programme": PROGRAMMES,
        "baseline.fte_hundredths": in_hundredths,
        "output.amount": amount_said,
        "indicator.unit": UNITS,
    },
)
