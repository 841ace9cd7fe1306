"""What funding brings to the house: its wings, from the ground up."""

from __future__ import annotations

from crm.funding.envelopes.feature import FEATURE as ENVELOPES
from crm.funding.payments.feature import FEATURE as PAYMENTS
from crm.funding.subsidy.feature import FEATURE as SUBSIDY
from crm.web.feature import Feature

FEATURE = Feature(name="funding", wings=(ENVELOPES, SUBSIDY, PAYMENTS))
