"""What signposting brings to the house."""

from __future__ import annotations

from crm.signposting.policy import POLICY, Act
from crm.signposting.views import blueprint
from crm.web.feature import Feature, NavigationItem

FEATURE = Feature(
    name="signposting",
    blueprints=(blueprint,),
    policy=POLICY,
    navigation=(NavigationItem("Find support", "signposting.start", Act.FIND_SUPPORT, order=10),),
)
