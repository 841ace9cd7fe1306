"""What evidence brings to the house."""

from __future__ import annotations

from crm.evidence.policy import POLICY
from crm.evidence.workflow import MACHINE
from crm.web.feature import Feature

FEATURE = Feature(name="evidence", policy=POLICY, machines=(MACHINE,))
