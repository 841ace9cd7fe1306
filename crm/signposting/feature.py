"""What signposting brings to the house."""

from __future__ import annotations

from crm.signposting.policy import POLICY
from crm.signposting.views.finding import blueprint
from crm.signposting.workflow import ENQUIRIES, PLANS, Act
from crm.web.feature import Feature, NavigationItem

FEATURE = Feature(
    name="signposting",
    blueprints=(blueprint,),
    policy=POLICY,
    machines=(ENQUIRIES, PLANS),
    navigation=(NavigationItem("Find support", "signposting.start", Act.FIND_SUPPORT, order=10),),
)
