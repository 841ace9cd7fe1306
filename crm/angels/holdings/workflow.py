"""A company is asked for an update every quarter; it sends one, or the next quarter comes."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class UpdateStatus(StrEnum):
    """Where a quarterly update stands. A missed one can still be sent."""

    ASKED = "asked"
    GIVEN = "given"
    MISSED = "missed"


class FiledRelief(StrEnum):
    """The reliefs that have papers."""

    SEIS = "seis"
    EIS = "eis"


class Act(StrEnum):
    """What can be done with holdings, their papers and updates."""

    PORTFOLIO = "view_own_portfolio"
    EXTRACT = "download_own_investments"
    VIEW = "view_holding"
    LIST_PAPERS = "list_relief_papers"
    RECORD = "record_relief_papers"
    CERTIFY = "give_relief_certificate"
    REMOVE = "remove_relief_certificate"
    READ = "read_relief_certificate"
    LIST_UPDATES = "list_company_updates"
    ASK = "ask_for_company_update"
    GIVE = "give_company_update"
    CORRECT = "correct_company_update"
    REMIND = "remind_of_company_update"
    MISS = "miss_company_update"


U = UpdateStatus
UPDATES = Machine(
    "company update",
    start=U.ASKED,
    moves=[
        move(Act.GIVE, (U.ASKED, U.MISSED), U.GIVEN),
        move(Act.MISS, U.ASKED, U.MISSED),
    ],
)
