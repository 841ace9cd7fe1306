"""What insurance and export finance bring to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.businesses.workflow import Act as BusinessAct
from crm.evidence.workflow import Look
from crm.exporting.cover.jobs import load_demo, load_products
from crm.exporting.cover.measures import FOR_REPORTS
from crm.exporting.cover.policy import POLICY
from crm.exporting.cover.rules.labels import RESULTS
from crm.exporting.cover.service.checking import note_withdrawn, weigh_contracts
from crm.exporting.cover.service.telling import tell_of_crossing
from crm.exporting.cover.views.cover import blueprint
from crm.exporting.cover.views.showing import crossed_to_check, load_panel, numbers
from crm.exporting.cover.workflow import Act
from crm.kernel.measures import counted
from crm.kernel.roles import Role
from crm.referrals.workflow import Look as LookAtReferral
from crm.web.feature import Area, Feature, Follow, NavigationItem, Panel, Tab, Waiting

FEATURE = Feature(
    name="cover",
    blueprints=(blueprint,),
    policy=POLICY,
    measures=FOR_REPORTS,
    navigation=(
        NavigationItem(
            "Export cover",
            "cover.checks",
            Act.LIST,
            Area.EXPORTING,
            order=63,
            roles=(Role.EXPORT_ADVISER,),
        ),
        NavigationItem(
            "Shut out by turnover",
            "cover.case",
            Act.VIEW_CASE,
            Area.EXPORTING,
            order=64,
            roles=(Role.EXPORT_ADVISER,),
        ),
        NavigationItem("Export cover", "cover.checks", Act.LIST, Area.BUSINESSES, order=63),
        NavigationItem("Shut out by turnover", "cover.case", Act.VIEW_CASE, Area.REPORTS, order=56),
    ),
    follows=(
        Follow(Look.ELSEWHERE, weigh_contracts),
        Follow(BusinessAct.RECORD_FIGURES, tell_of_crossing),
        Follow(LookAtReferral.SOURCE, note_withdrawn),
    ),
    waits=(Waiting("Businesses that grew past a threshold", HUB_ROLES, Act.CHECK, crossed_to_check),),
    numbers=numbers,
    panels=(
        Panel("Insurance and export finance", "exporting/cover/_panel.html", 45, load_panel, Tab.EXPORT),
    ),
    reference=load_products,
    demo=load_demo,
    pages={"cover_check": ("cover.cover_check", "cover_id")},
    words={
        "cover_check": "check of an export contract",
        "cover_check.payment_days": counted("day"),
        "cover_check.result": RESULTS,
    },
    fields={
        "cover_check.payment_days": "Days until payment",
        "cover_check.answered_with": "What met the need",
        "cover_check.answered_on": "Day on which the need was met",
        "cover_check.withdrawn_reason": "Reason for withdrawing",
    },
)
