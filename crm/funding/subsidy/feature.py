"""What subsidies bring to the house."""

from __future__ import annotations

from crm.db.erasing import wholly
from crm.db.processing import CONTACTS, LEGAL_DUTY, Processing
from crm.funding.subsidy.jobs import load_demo
from crm.funding.subsidy.policy import GIVERS, POLICY
from crm.funding.subsidy.rules import KINDS, REGIMES, STATUSES
from crm.funding.subsidy.views import register, showing, subsidies, subsidy_papers
from crm.funding.subsidy.workflow import MACHINE, Act, SubsidyStatus
from crm.kernel.roles import Role
from crm.web.feature import Area, Feature, NavigationItem, Panel, Tab, Waiting

FEATURE = Feature(
    name="subsidy",
    blueprints=tuple(each.blueprint for each in (subsidies, subsidy_papers, register)),
    policy=POLICY,
    machines=(MACHINE,),
    navigation=(NavigationItem("Subsidies", "subsidy_register.register", Act.LIST, Area.FUNDING, order=45),),
    panels=(Panel("Subsidy", "funding/subsidy/_panel.html", 47, showing.load_panel, Tab.MONEY),),
    waits=(
        Waiting(
            "Papers of subsidies",
            GIVERS,
            Act.NOTIFY,
            showing.papers_in_hand,
            (SubsidyStatus.PREPARED, SubsidyStatus.CONFIRMED, SubsidyStatus.GIVEN),
        ),
        Waiting(
            "Subsidies to confirm",
            (Role.FOUNDER,),
            Act.CONFIRM,
            showing.papers_in_hand,
            (SubsidyStatus.NOTIFIED,),
        ),
        Waiting("Subsidies to publish", GIVERS, Act.PUBLISH, showing.to_publish),
    ),
    demo=load_demo,
    pages={"subsidy": ("subsidy_papers.subsidy", "subsidy_id")},
    words={
        "subsidy": "subsidy",
        "subsidy.kind": KINDS,
        "subsidy.regime": REGIMES,
        "subsidy.status": STATUSES,
        "enterprise_link": "parent company",
    },
    processing=Processing(
        "Subsidies",
        "to keep to the limit of minimal financial assistance",
        CONTACTS,
        LEGAL_DUTY,
    ),
    erasure={
        **wholly("The register of subsidies", "the law on subsidies asks for it", "subsidy"),
    },
)
