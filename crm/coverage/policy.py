"""Who may see where there is support (everybody) and who asked for it in vain (staff), and who brings figures to weigh it by."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.coverage.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

POLICY = Policy(
    [
        rule(Act.VIEW, Role.ANYONE),
        rule(Act.IMAGINE, *SEE_ALL, *HUB_ROLES, Role.PROGRAMME_MANAGER, Role.FUNDER),
        rule(Act.LIST_FIGURES, *SEE_ALL, *HUB_ROLES, Role.PROGRAMME_MANAGER, Role.FUNDER),
        rule(Act.BRING_FIGURES, Role.ADMINISTRATOR),
        rule(Act.USE_FIGURES, Role.ADMINISTRATOR),
        rule(Act.REMOVE_FIGURES, Role.ADMINISTRATOR),
        rule(Act.LIST_SHUT_OUTS, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT_SHUT_OUTS, *SEE_ALL, *HUB_ROLES),
    ],
    view=Act.VIEW,
)
