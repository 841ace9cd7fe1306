"""What can be done with the portfolio of a business."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done with incomes and with the rights that protect them."""

    VIEW = "view_portfolio"
    LIST = "list_portfolios"
    EXTRACT = "download_portfolios"
    ADD_INCOME = "add_income_line"
    CORRECT_INCOME = "correct_income_line"
    REMOVE_INCOME = "remove_income_line"
    PROTECT = "link_right_to_income"
    REMOVE_PROTECTION = "unlink_right_from_income"
