"""What casework brings to the house."""

from __future__ import annotations

from crm.casework.jobs import load_demo, load_kinds
from crm.casework.policy import POLICY
from crm.casework.views import conversing, counting, showing
from crm.casework.workflow import CONVERSATIONS, HOURS, Act
from crm.web.feature import Feature, NavigationItem, Panel

FEATURE = Feature(
    name="casework",
    blueprints=(conversing.blueprint, counting.blueprint, showing.blueprint),
    policy=POLICY,
    machines=(CONVERSATIONS, HOURS),
    navigation=(
        NavigationItem("Reach", "support_kinds.reach", Act.VIEW_REACH, order=55),
        NavigationItem("Kinds of support", "support_kinds.support_kinds", Act.VIEW_KINDS, order=60),
    ),
    todos=showing.todos,
    panels=(
        Panel("Conversations", "casework/_panel_conversations.html", 25, showing.load_conversations),
        Panel("Hours of help", "casework/_panel_hours.html", 27, showing.load_hours),
    ),
    timeline=showing.timeline,
    reference=load_kinds,
    demo=load_demo,
)
