"""What the register of rights brings to the house."""

from __future__ import annotations

from crm.rights.jobs import load_demo
from crm.rights.policy import POLICY
from crm.rights.rules import KINDS, STATUSES
from crm.rights.views import blueprint, load_panel
from crm.web.feature import Feature, Panel, Tab

FEATURE = Feature(
    name="rights",
    blueprints=(blueprint,),
    policy=POLICY,
    panels=(Panel("Rights", "rights/_panel.html", 43, load_panel, Tab.IP_AND_EXPORT),),
    demo=load_demo,
    words={
        "ip_right": "right",
        "ip_right.kind": KINDS,
        "ip_right.status": STATUSES,
    },
    fields={
        "ip_right.kind": "Type of right",
        "ip_right.territory": "Where it applies",
        "ip_right.number": "Registration number",
    },
)
