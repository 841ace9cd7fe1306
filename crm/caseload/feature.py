"""What the caseload brings to the house."""

from __future__ import annotations

from crm.caseload.jobs import load_demo
from crm.caseload.policy import POLICY
from crm.caseload.queries.leads import led_ids
from crm.caseload.service.leading import hand
from crm.caseload.views import leads, panels, tags
from crm.caseload.workflow import Act
from crm.db.erasing import while_empty
from crm.db.personal import WORK
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.roles import Role
from crm.web.feature import Area, Caseload, Feature, NavigationItem, Part, Waiting

FEATURE = Feature(
    name="caseload",
    blueprints=(leads.blueprint, tags.blueprint),
    policy=POLICY,
    navigation=(
        NavigationItem("Tags", "tags.tags", Act.LIST_TAGS, Area.BUSINESSES, order=17, in_menu=False),
    ),
    parts=(Part("business.business", "caseload/_head.html", panels.load_head),),
    waits=(
        Waiting("Businesses whose lead adviser has left", (Role.HUB_MANAGER,), Act.ASSIGN_LEAD, panels.todos),
    ),
    works_with=lambda account_id: (led_ids(account_id),),
    caseloads=(Caseload("lead", "Businesses they lead", panels.leads_in_hand, hand),),
    timeline=panels.timeline,
    demo=load_demo,
    fields={"business.lead_id": "Lead adviser"},
    words={"business_tag": "tag of a business"},
    walls={
        "uq_tag_name": ("new", "Another person added this tag at the same moment. Save again to use it"),
        "uq_business_tag_once": ("tags", "Another person gave the business this tag at the same moment"),
        "uq_business_lead_now": (
            "account_id",
            "Another person changed the lead adviser at the same moment. Check who it is now",
        ),
    },
    processing=Processing(
        "Lead advisers",
        "to know who leads the work with a business",
        "advisers",
        PUBLIC_TASK,
    ),
    personal={
        "business_lead.account_id": WORK,
    },
    hinders=(
        while_empty(
            "business_lead.ended_at",
            "They still lead the work with a business. Hand over their caseload first.",
        ),
    ),
)
