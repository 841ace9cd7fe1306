"""What funding brings to the house: its wings, from the ground up."""

from __future__ import annotations

from crm.funding.envelopes.feature import FEATURE as ENVELOPES
from crm.web.feature import Feature

FEATURE = Feature(name="funding", wings=(ENVELOPES,))
