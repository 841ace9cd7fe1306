"""What can be done with the case for a Regional Creative Development Fund."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done with the fund case."""

    VIEW = "view_fund_case"
    LIST = "list_asks_of_fund_case"
    EXTRACT = "extract_asks_of_fund_case"
    DOWNLOAD = "download_fund_case"
    CALCULATE = "download_fund_case_workbook"
