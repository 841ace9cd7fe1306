"""What cohorts bring to the house."""

from __future__ import annotations

from crm.kernel.measures import in_percent
from crm.programme.cohort.jobs import work_on_proposals
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.rules.labels import DIMENSIONS, MEASURES, OUTCOMES
from crm.programme.cohort.views import cohort_drafts, cohort_proposals, cohorts, showing
from crm.programme.cohort.workflow import DRAFTS, PROPOSALS, Act
from crm.web.feature import Area, Feature, Job, NavigationItem

FEATURE = Feature(
    name="cohort",
    blueprints=tuple(each.blueprint for each in (cohorts, cohort_drafts, cohort_proposals)),
    policy=POLICY,
    machines=(DRAFTS, PROPOSALS),
    navigation=(
        NavigationItem(
            "Cohorts",
            "cohorts.cohorts",
            Act.LIST_COHORTS,
            Area.COHORT,
            order=30,
            also=("/cohort-drafts", "/cohort-proposals"),
        ),
    ),
    jobs=(Job("propose cohorts", work_on_proposals),),
    links=showing.links,
    pages={
        "cohort": ("cohorts.cohort", "cohort_id"),
        "cohort_draft": ("cohort_drafts.cohort_draft", "cohort_draft_id"),
        "cohort_proposal": ("cohort_proposals.cohort_proposal", "cohort_proposal_id"),
    },
    words={
        "cohort_draft": "draft cohort",
        "cohort_proposal": "proposed cohort",
        "cohort.dimension": DIMENSIONS,
        "cohort.measure": MEASURES,
        "cohort.least": in_percent,
        "decision.outcome": OUTCOMES,
    },
)
