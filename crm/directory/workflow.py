"""Where a service stands, and who says so: checked and open, to be checked, closed, or no longer run."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ServiceStatus(StrEnum):
    """Whether a service can be offered. Only an open one ever is; an illustrative one is invented for the demo."""

    OPEN = "open"
    CHECK = "check"
    CLOSED = "closed"
    HISTORIC = "historic"
    ILLUSTRATIVE = "illustrative"


class ReportStatus(StrEnum):
    """Where a report that something is wrong with a service stands."""

    OPEN = "open"
    SETTLED = "settled"


class Act(StrEnum):
    """What can be done with the directory."""

    VIEW = "view_directory"
    VIEW_CHECKING = "view_needs_checking"
    ADD = "add_service"
    EDIT = "edit_service"
    CONFIRM = "confirm_open"
    DOUBT = "doubt"
    CLOSE = "close_service"
    RETIRE = "retire_service"
    IMPORT = "import_services"
    EDIT_PROVIDER = "edit_provider"
    ASK_PROVIDER = "ask_provider"
    ANSWER_FOR_SERVICES = "answer_for_services"
    LOOK_AFTER = "look_after_service"
    CONFIRM_SEVERAL = "confirm_several"
    UNDO_CHECKS = "undo_checks"
    REPORT_WRONG = "report_wrong"
    LIST_REPORTS = "list_service_reports"
    SETTLE_REPORT = "settle_service_report"


S = ServiceStatus
MACHINE = Machine(
    "service",
    start=S.CHECK,
    moves=[
        move(Act.CONFIRM, (S.OPEN, S.CHECK, S.CLOSED, S.HISTORIC), S.OPEN),
        move(Act.DOUBT, (S.OPEN, S.CLOSED, S.HISTORIC), S.CHECK),
        move(Act.CLOSE, (S.OPEN, S.CHECK, S.HISTORIC), S.CLOSED),
        move(Act.RETIRE, (S.OPEN, S.CHECK, S.CLOSED), S.HISTORIC),
    ],
)
ACT_TO = {S.OPEN: Act.CONFIRM, S.CHECK: Act.DOUBT, S.CLOSED: Act.CLOSE, S.HISTORIC: Act.RETIRE}
"""Which act leads to which state: an import and an edit say where a service stands, not how it got there."""

REPORTS = Machine(
    "service report",
    start=ReportStatus.OPEN,
    moves=[move(Act.SETTLE_REPORT, (ReportStatus.OPEN,), ReportStatus.SETTLED)],
)
