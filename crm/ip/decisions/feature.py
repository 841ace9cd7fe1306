"""What the log of strategic decisions brings to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.db.erasing import wholly
from crm.db.processing import CONTACTS, PUBLIC_TASK, Processing
from crm.ip.decisions.jobs import load_demo
from crm.ip.decisions.measures import FOR_REPORTS
from crm.ip.decisions.policy import POLICY
from crm.ip.decisions.rules import KINDS
from crm.ip.decisions.service import remind
from crm.ip.decisions.views import blueprint, find, load_panel, timeline, to_review
from crm.ip.decisions.workflow import Act
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, NavigationItem, Panel, Tab, Timed, Waiting

FEATURE = Feature(
    name="decisions",
    blueprints=(blueprint,),
    policy=POLICY,
    measures=FOR_REPORTS,
    navigation=(
        NavigationItem("Decisions", "strategic_decisions.decisions", Act.LIST, Area.BUSINESSES, order=64),
    ),
    timed=(Timed("remind of strategic decisions to review", DAILY, remind),),
    waits=(Waiting("Strategic decisions to review", (*HUB_ROLES, Role.FOUNDER), Act.ADD, to_review),),
    finder=find,
    panels=(Panel("Strategic decisions", "ip/decisions/_panel.html", 49, load_panel, Tab.IP),),
    timeline=timeline,
    demo=load_demo,
    pages={"strategic_decision": ("strategic_decisions.decision", "strategic_id")},
    words={
        "strategic_decision": "strategic decision",
        "strategic_decision_entry": "entry of a strategic decision",
        "strategic_decision_entry.kind": KINDS,
        "strategic_decision.kind": KINDS,
    },
    fields={
        "strategic_decision.known": "What was known then",
        "strategic_decision.known_besides": "What else was known",
        "strategic_decision.decided": "What was decided",
        "strategic_decision.review_on": "Day to look at it again",
    },
    processing=Processing(
        "Strategic decisions",
        "to help a business decide about its ideas",
        CONTACTS,
        PUBLIC_TASK,
    ),
    erasure={
        **wholly(
            "Strategic decisions of a business",
            "what was known when a business decided is never changed",
            *("strategic_decision", "strategic_decision_entry"),
        ),
    },
)
