"""What the programme brings to the house: its wings, from the ground up, and their demonstration."""

from __future__ import annotations

from crm.programme.applications.feature import FEATURE as APPLICATIONS
from crm.programme.assessing.feature import FEATURE as ASSESSING
from crm.programme.awards.feature import FEATURE as AWARDS
from crm.programme.claims.feature import FEATURE as CLAIMS
from crm.programme.cohort.feature import FEATURE as COHORT
from crm.programme.jobs import load_demo
from crm.programme.outcomes.feature import FEATURE as OUTCOMES
from crm.programme.rounds.feature import FEATURE as ROUNDS
from crm.web.feature import Feature

FEATURE = Feature(
    name="programme",
    wings=(ROUNDS, APPLICATIONS, ASSESSING, COHORT, AWARDS, CLAIMS, OUTCOMES),
    demo=load_demo,
)
