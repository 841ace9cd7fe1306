"""What coverage brings to the house."""

from __future__ import annotations

from crm.coverage.jobs import load_demo, work_on_coverage
from crm.coverage.policy import POLICY
from crm.coverage.rules.bands import BANDS
from crm.coverage.rules.wanted import WANTED
from crm.coverage.views import coverage, imagining, shut_outs, weighing
from crm.coverage.workflow import Act
from crm.web.feature import Area, Feature, Job, NavigationItem

FEATURE = Feature(
    name="coverage",
    blueprints=(coverage.blueprint, imagining.blueprint, shut_outs.blueprint, weighing.blueprint),
    policy=POLICY,
    navigation=(
        NavigationItem("Coverage", "coverage.coverage", Act.VIEW, Area.DIRECTORY, order=21),
        NavigationItem(
            "Shut out by rules", "shut_outs.shut_outs", Act.LIST_SHUT_OUTS, Area.REPORTS, order=59
        ),
    ),
    jobs=(Job("count what support each district has", work_on_coverage),),
    demo=load_demo,
    pages={"district_figures": ("weighing.figures", "figures_id")},
    words={
        "district_figures": "figures of creative businesses",
        "coverage_total.band": BANDS,
        "coverage_gap.band": BANDS,
        "shut_out.wanted": WANTED,
    },
)
