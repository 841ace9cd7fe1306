"""What diagnostics bring to the house."""

from __future__ import annotations

from crm.diagnostics import views
from crm.diagnostics.jobs import load_demo
from crm.diagnostics.policy import POLICY
from crm.diagnostics.service import load_shipped_sets
from crm.diagnostics.workflow import MACHINE, Act
from crm.kernel.workflow import spoken
from crm.web.feature import Area, Feature, NavigationItem, Panel, Tab

FEATURE = Feature(
    name="diagnostics",
    blueprints=(views.blueprint,),
    policy=POLICY,
    machines=(MACHINE,),
    navigation=(
        NavigationItem(
            "Question sets", "diagnostics.question_sets", Act.VIEW_QUESTIONS, Area.TEMPLATES, order=84
        ),
    ),
    panels=(Panel("What they need", "diagnostics/_panel.html", 8, views.load_panel, Tab.SUPPORT),),
    timeline=views.timeline,
    reference=load_shipped_sets,
    demo=load_demo,
    pages={
        "diagnosis": ("diagnostics.diagnosis", "diagnosis_id"),
        "question_set": ("diagnostics.question_set", "set_id"),
    },
    words={
        "diagnosis.status": spoken,
        "diagnosis.answered_by": spoken,
        "diagnosis.route": spoken,
    },
)
