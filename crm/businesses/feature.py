"""What businesses bring to the house."""

from __future__ import annotations

from crm.businesses.policy import POLICY
from crm.businesses.workflow import CLAIMS, MACHINE
from crm.web.feature import Feature

FEATURE = Feature(name="businesses", policy=POLICY, machines=(MACHINE, CLAIMS))
