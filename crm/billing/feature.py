"""What billing brings to the house."""

from __future__ import annotations

from crm.billing.policy import POLICY
from crm.billing.views import blueprint
from crm.billing.workflow import Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="billing",
    blueprints=(blueprint,),
    policy=POLICY,
    navigation=(
        NavigationItem("Your membership", "billing.membership", Act.VIEW_OWN, Area.MEMBERSHIP, order=61),
        NavigationItem("Memberships", "billing.memberships", Act.LIST, Area.INVESTORS, order=62),
    ),
)
