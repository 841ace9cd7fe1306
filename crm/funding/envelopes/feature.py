"""What envelopes bring to the house."""

from __future__ import annotations

from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.rules import ACCOUNTS, LINES, MOVEMENTS
from crm.funding.envelopes.workflow import CHANGES
from crm.kernel.workflow import spoken
from crm.web.feature import Feature

FEATURE = Feature(
    name="envelopes",
    policy=POLICY,
    machines=(CHANGES,),
    words={
        "envelope_change": "change to the limit",
        "ledger_entry": "ledger entry",
        "envelope_change.status": spoken,
        "envelope_line.line": LINES,
        "ledger_entry.line": LINES,
        "ledger_entry.movement": MOVEMENTS,
        "ledger_entry.source": ACCOUNTS,
        "ledger_entry.target": ACCOUNTS,
    },
)
