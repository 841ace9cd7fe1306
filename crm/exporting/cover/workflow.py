"""What can be done with checks of export contracts and with the record of who was shut out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What can be done with checks of export contracts, and with the case that their record makes."""

    VIEW = "view_cover_check"
    CHECK = "check_export_contract"
    WITHDRAW = "withdraw_cover_check"
    ANSWER = "record_answer_to_shut_out"
    LIST = "list_cover_checks"
    EXTRACT = "extract_cover_checks"
    REFER = "refer_from_cover_check"
    ASK = "ask_for_referral_from_cover_check"
    VIEW_CASE = "view_turnover_case"
    LIST_SHUT_OUTS = "list_shut_outs"
    WRITE_LETTER = "write_letter_to_department"


def why_withdrawn(check: Any) -> str | None:
    """Why nothing can be done from a check: it was withdrawn."""
    return "This check was withdrawn." if check.withdrawn_at else None


def why_not_answer(check: Any) -> str | None:
    """Why nothing can be recorded that met the need after all: no threshold of turnover stood in the way."""
    if check.shut_out_id is None:
        return "No threshold of turnover shut the business out of what this check asked for."
    return why_withdrawn(check)
