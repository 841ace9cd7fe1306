"""Where a request about personal data stands, and the proposal to erase a person that another confirms."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.proposals import TwoPeople
from crm.kernel.workflow import Machine, move


class RequestKind(StrEnum):
    """What a person asks about their personal data."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    OBJECTION = "objection"


class RequestStatus(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


class ErasureStatus(StrEnum):
    """Where the proposal to erase a person stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done about the end of personal data, and with what people ask about theirs."""

    VIEW_RETENTION = "view_retention"
    VIEW_PROCESSING = "view_records_of_processing"
    END_RETENTION = "delete_at_the_end_of_retention"
    LIST = "list_data_requests"
    VIEW = "view_data_request"
    RECORD = "record_data_request"
    EXTEND = "extend_data_request"
    ANSWER = "answer_data_request"
    REFUSE = "refuse_data_request"
    MAKE_COPY = "copy_data_for_request"
    PROPOSE = "propose_erasure"
    VIEW_ERASURE = "view_erasure"
    CONFIRM = "confirm_erasure"
    REFUSE_ERASURE = "refuse_erasure"
    WITHDRAW = "withdraw_erasure"
    READ = "read_erasure"


S = RequestStatus
MACHINE = Machine(
    "request about personal data",
    start=S.OPEN,
    moves=[move(Act.ANSWER, S.OPEN, S.ANSWERED), move(Act.REFUSE, S.OPEN, S.REFUSED)],
)
ERASURES = TwoPeople(
    "erasure of a person",
    start=ErasureStatus.PROPOSED,
    confirm=Act.CONFIRM,
    refuse=Act.REFUSE_ERASURE,
    withdraw=Act.WITHDRAW,
    read=Act.READ,
)
