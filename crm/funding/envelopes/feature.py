"""What envelopes bring to the house."""

from __future__ import annotations

from crm.funding.envelopes.jobs import load_demo
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.rules import ACCOUNTS, LINES, MOVEMENTS
from crm.funding.envelopes.views import changes, envelopes, ledger, underspend
from crm.funding.envelopes.workflow import CHANGES, Act, ChangeStatus
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.web.feature import Area, Feature, NavigationItem, Waiting

FEATURE = Feature(
    name="envelopes",
    blueprints=tuple(each.blueprint for each in (envelopes, changes, ledger, underspend)),
    policy=POLICY,
    machines=(CHANGES,),
    navigation=(
        NavigationItem("Envelopes", "envelopes.envelopes", Act.VIEW, Area.FUNDING, order=40),
        NavigationItem("Underspend", "envelope_underspend.underspend", Act.VIEW, Area.FUNDING, order=48),
        NavigationItem("Reconciliation", "envelope_ledger.reconciliation", Act.VIEW, Area.FUNDING, order=49),
    ),
    waits=(
        Waiting(
            "Limits to approve",
            (Role.APPROVER,),
            Act.APPROVE,
            changes.limits_to_approve,
            (ChangeStatus.PROPOSED,),
        ),
    ),
    words={
        "envelope": "envelope",
        "envelope_change": "change to the limit",
        "ledger_entry": "ledger entry",
        "envelope_change.status": spoken,
        "envelope_line.line": LINES,
        "ledger_entry.line": LINES,
        "ledger_entry.movement": MOVEMENTS,
        "ledger_entry.source": ACCOUNTS,
        "ledger_entry.target": ACCOUNTS,
    },
    demo=load_demo,
    pages={"envelope": ("envelopes.envelope", "envelope_id")},
)
