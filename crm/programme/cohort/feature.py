"""What cohorts bring to the house."""

from __future__ import annotations

from crm.kernel.measures import in_percent
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.rules.labels import DIMENSIONS, MEASURES, OUTCOMES
from crm.programme.cohort.views import cohort_drafts, cohorts, showing
from crm.programme.cohort.workflow import DRAFTS, Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="cohort",
    blueprints=tuple(each.blueprint for each in (cohorts, cohort_drafts)),
    policy=POLICY,
    machines=(DRAFTS,),
    navigation=(NavigationItem("Cohorts", "cohorts.cohorts", Act.LIST_COHORTS, Area.COHORT, order=30),),
    links=showing.links,
    pages={
        "cohort": ("cohorts.cohort", "cohort_id"),
        "cohort_draft": ("cohort_drafts.cohort_draft", "cohort_draft_id"),
    },
    words={
        "cohort_draft": "draft cohort",
        "cohort.dimension": DIMENSIONS,
        "cohort.measure": MEASURES,
        "cohort.least": in_percent,
        "decision.outcome": OUTCOMES,
    },
)
