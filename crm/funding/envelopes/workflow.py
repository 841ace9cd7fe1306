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


class Act(StrEnum):
    """What can be done with envelopes."""

    VIEW = "view_envelope"
    OPEN = "open_envelope"
    EDIT = "edit_envelope"
    PROPOSE = "propose_limit"
    APPROVE = "approve_limit"
    REFUSE = "refuse_limit"
    WITHDRAW = "withdraw_limit"
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
