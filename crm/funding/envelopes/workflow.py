"""The way of a change to an envelope's limit, and what can be done with envelopes."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ChangeStatus(StrEnum):
    """Where a change to an envelope's limit stands. Only approved ones move money."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReversalStatus(StrEnum):
    """Where the request to reverse an entry stands. Only a confirmed one writes an entry."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done with envelopes."""

    VIEW = "view_envelope"
    OPEN = "open_envelope"
    EDIT = "edit_envelope"
    PROPOSE = "propose_limit"
    APPROVE = "approve_limit"
    REFUSE = "refuse_limit"
    WITHDRAW = "withdraw_limit"
    VIEW_REVERSAL = "view_entry_reversal"
    ASK_REVERSAL = "request_entry_reversal"
    CONFIRM_REVERSAL = "confirm_entry_reversal"
    REFUSE_REVERSAL = "refuse_entry_reversal"
    WITHDRAW_REVERSAL = "withdraw_entry_reversal"
    REVERSE = "reverse_entry"
    EXTRACT = "extract_ledger"


S = ChangeStatus
CHANGES = Machine(
    "limit change",
    start=S.PROPOSED,
    moves=[
        move(Act.APPROVE, S.PROPOSED, S.APPROVED),
        move(Act.REFUSE, S.PROPOSED, S.REFUSED),
        move(Act.WITHDRAW, S.PROPOSED, S.WITHDRAWN),
    ],
)
R = ReversalStatus
REVERSALS = Machine(
    "request to reverse an entry",
    start=R.ASKED,
    moves=[
        move(Act.CONFIRM_REVERSAL, R.ASKED, R.CONFIRMED),
        move(Act.REFUSE_REVERSAL, R.ASKED, R.REFUSED),
        move(Act.WITHDRAW_REVERSAL, R.ASKED, R.WITHDRAWN),
    ],
)
