"""What billing brings to the house."""

from __future__ import annotations

from crm.billing.forms import WAYS
from crm.billing.policy import POLICY
from crm.billing.views import blueprint
from crm.billing.workflow import Act
from crm.web.feature import Area, Feature, NavigationItem

FEATURE = Feature(
    name="billing",
    blueprints=(blueprint,),
    policy=POLICY,
    words={"membership_period": "period of membership", "membership_period.way": WAYS},
    fields={
        "membership_period.account_id": "Member",
        "membership_period.starts_on": "First day",
        "membership_period.ends_on": "Last day",
        "membership_period.way": "Payment",
        "membership_period.voided_at": "Cancelled",
        "membership_period.voided_by_id": "Cancelled by",
        "membership_period.void_reason": "Reason for cancelling it",
    },
    navigation=(
        NavigationItem("Your membership", "billing.membership", Act.VIEW_OWN, Area.MEMBERSHIP, order=61),
        NavigationItem("Memberships", "billing.memberships", Act.LIST, Area.INVESTORS, order=62),
    ),
)
