"""Where the import of a feed stands: read by the worker, looked through by a person, taken in, taken back."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ImportStatus(StrEnum):
    """Where the import of a feed stands."""

    READING = "reading"
    READY = "ready"
    FAILED = "failed"
    TAKING = "taking"
    TAKEN = "taken"
    UNDOING = "undoing"
    UNDONE = "undone"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What becomes of one service of a feed."""

    NEW = "new"
    KNOWN = "known"
    REPEATED = "repeated"
    NOT_RUNNING = "not_running"
    FAULTY = "faulty"


class Act(StrEnum):
    """What can be done with a feed."""

    LIST = "list_feed_imports"
    BRING = "bring_feed"
    FINISH_READING = "finish_reading_feed"
    FAIL = "fail_reading_feed"
    READ_ON = "read_feed_on"
    TAKE_IN = "take_in_feed"
    FINISH_TAKING = "finish_taking_feed"
    CANCEL = "cancel_feed_import"
    UNDO = "undo_feed_import"
    FINISH_UNDOING = "finish_undoing_feed"


S = ImportStatus
IMPORTS = Machine(
    "feed import",
    start=S.READING,
    moves=[
        move(Act.FINISH_READING, (S.READING,), S.READY),
        move(Act.FAIL, (S.READING,), S.FAILED),
        move(Act.READ_ON, (S.FAILED,), S.READING),
        move(Act.CANCEL, (S.READING, S.READY, S.FAILED), S.CANCELLED),
        move(Act.TAKE_IN, (S.READY,), S.TAKING),
        move(Act.FINISH_TAKING, (S.TAKING,), S.TAKEN),
        move(Act.UNDO, (S.TAKEN,), S.UNDOING),
        move(Act.FINISH_UNDOING, (S.UNDOING,), S.UNDONE),
    ],
)
AT_WORK = (S.READING, S.TAKING, S.UNDOING)
"""The states in which the worker has something to do."""
