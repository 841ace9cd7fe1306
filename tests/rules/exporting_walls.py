"""The CHECKs of exporting, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.businesses.models import Business
from tests.exporting import trade

CHECKS = {
    "ck_market_named": "UPDATE market SET name = ''",
    "ck_market_with_source": "UPDATE market SET source = ''",
    "ck_market_edition_both_days_or_none": "UPDATE market_edition SET ends_on = NULL",
    "ck_market_edition_days_in_order": "UPDATE market_edition SET ends_on = '1999-12-31'",
    "ck_market_edition_cancelled_with_reason": "UPDATE market_edition SET status = 'cancelled'",
    "ck_export_country_value_not_negative": "UPDATE export_country SET value = -1",
    "ck_export_country_abroad": "UPDATE export_country SET country = 'GB'",
    "ck_export_task_one_owner": "UPDATE export_task SET person_id = NULL",
    "ck_export_barrier_other_in_words": "UPDATE export_barrier SET words = ''",
    "ck_export_barrier_removed_later": "UPDATE export_barrier SET removed_on = '1999-12-31'",
    "ck_export_barrier_how_if_removed": "UPDATE export_barrier SET how = 'by a loan'",
}


def rows(made: Business) -> None:
    """At least one row in every table of exporting that has a wall."""
    trade.visit(made)
    trade.task(trade.country(made))
    trade.barrier(made)
