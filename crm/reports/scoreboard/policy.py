"""Who sees what Action 6 came to."""

from __future__ import annotations

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role
from crm.reports.scoreboard.workflow import Act

MANAGERS = (Role.HUB_MANAGER, Role.PROGRAMME_MANAGER, Role.NETWORK_MANAGER)
"""Those who answer for a part of Action 6."""
READERS = (Role.ADMINISTRATOR, Role.AUDITOR, *MANAGERS)
"""Those who may open the rows behind a number, as far as the pages of these rows let them."""

POLICY = Policy([rule(Act.VIEW, *READERS, Role.FUNDER)], view=Act.VIEW)
