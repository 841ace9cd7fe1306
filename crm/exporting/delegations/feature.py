"""What delegations bring to the house."""

from __future__ import annotations

from crm.web.feature import Feature

FEATURE = Feature(name="delegations")
