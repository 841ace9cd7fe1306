"""What envelopes bring to the house."""

from __future__ import annotations

from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.workflow import CHANGES
from crm.web.feature import Feature

FEATURE = Feature(
    name="envelopes",
    policy=POLICY,
    machines=(CHANGES,),
    words={
        "envelope_change": "change to the limit",
        "ledger_entry": "ledger entry",
    },
)
