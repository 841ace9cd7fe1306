"""What evidence brings to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.businesses.workflow import Act as BusinessAct
from crm.db.erasing import wholly
from crm.db.processing import CONTACTS, PUBLIC_TASK, Processing
from crm.evidence.jobs import load_demo
from crm.evidence.measures import FOR_REPORTS
from crm.evidence.policy import POLICY
from crm.evidence.rules import (
    CAUSES,
    CROSSING_STATUSES,
    INSTRUMENTS,
    MEDIA,
    OCCASIONS,
    OUTPUT_STATUSES,
    PROGRAMMES,
    SHUT_OUT_RULES,
    STANDINGS,
    UNITS,
    UNMET_REASONS,
    amount_said,
)
from crm.evidence.service.counting import load_indicators
from crm.evidence.service.crossing import look_again, look_again_at_all
from crm.evidence.views import asks, crossings, outputs, proofs
from crm.evidence.workflow import CROSSINGS, MACHINE, OUTPUTS, Act, CrossingStatus
from crm.kernel.measures import in_hundredths
from crm.web.feature import HOURLY, Feature, Follow, Panel, Tab, Timed, Waiting

FEATURE = Feature(
    name="evidence",
    blueprints=(asks.blueprint, outputs.blueprint, proofs.blueprint, crossings.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE, OUTPUTS, CROSSINGS),
    waits=(
        Waiting(
            "Services that a business can use now",
            HUB_ROLES,
            Act.FOLLOW_UP_CROSSING,
            crossings.crossings_to_follow_up,
            (CrossingStatus.WAITING,),
        ),
    ),
    follows=(Follow(BusinessAct.RECORD_FIGURES, look_again),),
    timed=(Timed("look again at who rules shut out", HOURLY, look_again_at_all),),
    panels=(
        Panel("Outcomes", "evidence/_panel_outputs.html", 35, outputs.load_panel, Tab.SUPPORT),
        Panel("Finance sought", "evidence/_panel.html", 40, asks.load_panel, Tab.MONEY),
    ),
    timeline=asks.timeline,
    pages={
        "ask": ("asks.ask", "ask_id"),
        "output": ("outputs.output", "output_id"),
        "crossing": ("crossings.crossing", "crossing_id"),
    },
    reference=load_indicators,
    demo=load_demo,
    words={
        "ask": "finance sought",
        "ask.instrument": INSTRUMENTS,
        "ask.medium": MEDIA,
        "ask.unmet_reason": UNMET_REASONS,
        "ask.status": STANDINGS,
        "shut_out": "shut-out",
        "shut_out.occasion": OCCASIONS,
        "shut_out.rule": SHUT_OUT_RULES,
        "crossing": "service that can be used now",
        "crossing.cause": CAUSES,
        "crossing.status": CROSSING_STATUSES,
        "output.status": OUTPUT_STATUSES,
        "output.programme": PROGRAMMES,
        "baseline.fte_hundredths": in_hundredths,
        "output.amount": amount_said,
        "indicator.unit": UNITS,
    },
    fields={
        "shut_out.actual": "The business had",
        "shut_out.offer_name": "Offer",
        "shut_out.occasion": "When",
    },
    processing=Processing(
        "Finance sought, and rules that shut businesses out",
        "to show what support is missing in the region",
        CONTACTS,
        PUBLIC_TASK,
    ),
    erasure={
        **wholly(
            "Businesses that a rule shut out", "what was told to a business then is never changed", "shut_out"
        ),
    },
)
