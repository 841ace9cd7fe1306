"""What the trade of intellectual property brings to the house."""

from __future__ import annotations

from crm.ip.policy import POLICY
from crm.ip.views import blueprint, load_actions, load_open_actions
from crm.web.feature import Feature, Part

FEATURE = Feature(
    name="ip",
    blueprints=(blueprint,),
    policy=POLICY,
    parts=(
        Part("readiness.assessment", "ip/_actions.html", load_actions),
        Part("open_readiness.result", "ip/_actions.html", load_open_actions),
    ),
)
