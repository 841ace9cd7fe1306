"""What the actions of a readiness assessment bring to the house."""

from __future__ import annotations

from crm.ip.actions.policy import POLICY
from crm.ip.actions.views import blueprint, load_actions, load_open_actions
from crm.web.feature import Feature, Part

FEATURE = Feature(
    name="actions",
    blueprints=(blueprint,),
    policy=POLICY,
    parts=(
        Part("readiness.assessment", "ip/actions/_actions.html", load_actions),
        Part("open_readiness.result", "ip/actions/_actions.html", load_open_actions),
    ),
)
