"""What envelopes bring to the house."""

from __future__ import annotations

from crm.db.erasing import wholly
from crm.db.personal import WORK
from crm.db.processing import PUBLIC_TASK, Processing
from crm.funding.envelopes.jobs import load_demo
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.rules import ACCOUNTS, LINES, MOVEMENTS, REVERSAL_STATUSES
from crm.funding.envelopes.views import changes, envelopes, ledger, reversals, underspend
from crm.funding.envelopes.workflow import (
    CHANGES,
    REVERSALS,
    Act,
    ChangeStatus,
    ReversalStatus,
)
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.web.feature import Area, Feature, NavigationItem, Waiting

FEATURE = Feature(
    name="envelopes",
    blueprints=tuple(each.blueprint for each in (envelopes, changes, ledger, reversals, underspend)),
    policy=POLICY,
    machines=(CHANGES, REVERSALS),
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
        Waiting(
            "Ledger entries to reverse",
            (Role.FINANCE_OFFICER, Role.APPROVER),
            Act.CONFIRM_REVERSAL,
            reversals.to_confirm,
            (ReversalStatus.ASKED,),
        ),
    ),
    words={
        "envelope": "envelope",
        "envelope_change": "change to the limit",
        "entry_reversal": "request to reverse a ledger entry",
        "entry_reversal.status": REVERSAL_STATUSES,
        "ledger_entry": "ledger entry",
        "envelope_change.status": spoken,
        "envelope_line.line": LINES,
        "ledger_entry.line": LINES,
        "ledger_entry.movement": MOVEMENTS,
        "ledger_entry.source": ACCOUNTS,
        "ledger_entry.target": ACCOUNTS,
    },
    demo=load_demo,
    pages={
        "envelope": ("envelopes.envelope", "envelope_id"),
        "entry_reversal": (reversals.PAGE, "reversal_id"),
    },
    walls={
        "uq_entry_reversal_one_open": (
            "",
            "This was requested already, and waits for a second person.",
        ),
    },
    processing=Processing(
        "Public money and its ledger",
        "to account for public money",
        "people at businesses with an award, and staff who decide about money",
        PUBLIC_TASK,
    ),
    personal={
        "envelope.owner_id": WORK,
    },
    erasure={
        **wholly("Entries of the ledger", "a ledger of public money is never changed", "ledger_entry"),
    },
)
