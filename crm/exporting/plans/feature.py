"""What the calendar and the export plans bring to the house."""

from __future__ import annotations

from crm.web.feature import Feature

FEATURE = Feature(name="plans")
