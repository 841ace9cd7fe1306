"""What international trade brings to the house: its wings, and the demonstration of all of them."""

from __future__ import annotations

from crm.exporting.cover.feature import FEATURE as COVER
from crm.exporting.delegations.feature import FEATURE as DELEGATIONS
from crm.exporting.jobs.demonstration import load_demo
from crm.exporting.plans.feature import FEATURE as PLANS
from crm.web.feature import Feature

FEATURE = Feature(name="exporting", wings=(PLANS, DELEGATIONS, COVER), demo=load_demo)
