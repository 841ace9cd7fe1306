"""What diagnostics bring to the house."""

from __future__ import annotations

from crm.diagnostics.policy import POLICY
from crm.diagnostics.workflow import MACHINE
from crm.web.feature import Feature

FEATURE = Feature(name="diagnostics", policy=POLICY, machines=(MACHINE,))
