"""The CHECKs of exporting and of intellectual property, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.businesses.models import Business
from tests.exporting import trade
from tests.ip import acting
from tests.rules import coverage_samples

CHECKS = {
    **coverage_samples.CHECKS,
    "ck_market_named": "UPDATE market SET name = ''",
    "ck_market_with_source": "UPDATE market SET source = ''",
    "ck_market_edition_both_days_or_none": "UPDATE market_edition SET ends_on = NULL",
    "ck_market_edition_days_in_order": "UPDATE market_edition SET ends_on = '1999-12-31'",
    "ck_market_edition_cancelled_with_reason": "UPDATE market_edition SET status = 'cancelled'",
    "ck_export_country_value_not_negative": "UPDATE export_country SET value = -1",
    "ck_export_country_won_with_day": "UPDATE export_country SET won_on = '2026-05-01'",
    "ck_export_country_abroad": "UPDATE export_country SET country = 'GB'",
    "ck_readiness_action_one_owner": "UPDATE readiness_action SET person_id = NULL",
    "ck_readiness_action_ended_if_not_to_do": "UPDATE readiness_action SET status = 'done'",
    "ck_readiness_action_dropped_with_reason": "UPDATE readiness_action SET reason = 'because'",
    "ck_export_task_one_owner": "UPDATE export_task SET person_id = NULL",
    "ck_export_barrier_other_in_words": "UPDATE export_barrier SET words = ''",
    "ck_export_barrier_removed_later": "UPDATE export_barrier SET removed_on = '1999-12-31'",
    "ck_export_barrier_how_if_removed": "UPDATE export_barrier SET how = 'by a loan'",
    "ck_delegation_has_seats": "UPDATE delegation SET seats = 0",
    "ck_delegation_days_in_order": "UPDATE delegation SET returns_on = '1999-12-31'",
    "ck_delegation_share_within_cost": "UPDATE delegation SET share = cost + 1",
    "ck_delegation_days_to_answer": "UPDATE delegation SET answer_days = 0",
    "ck_delegation_cancelled_with_reason": "UPDATE delegation SET status = 'cancelled'",
    "ck_delegation_place_seated_if_offered": "UPDATE delegation_place SET seat = NULL",
    "ck_delegation_place_seat_counted": "UPDATE delegation_place SET seat = 0",
    "ck_cover_check_answered_on_a_day": "UPDATE cover_check SET answered_on = '2026-11-24'",
    "ck_cover_check_answered_if_shut_out": (
        "UPDATE cover_check SET answered_with = 'an adviser', answered_on = '2026-11-24', "
        "answered_at = '2026-11-24 10:00:00+00', shut_out_id = NULL"
    ),
    "ck_delegation_place_agreed_in_full": "UPDATE delegation_place SET agreed_cost = NULL, agreed_share = 0",
    "ck_delegation_place_agreed_share_within_cost": "UPDATE delegation_place SET agreed_cost = 100, agreed_share = 101",
    "ck_delegation_place_waiting_in_order": "UPDATE delegation_place SET status = 'waiting', seat = NULL",
    "ck_delegation_place_assessed_at_if_assessed": "UPDATE delegation_place SET assessed_at = NULL",
    "ck_delegation_place_assessed_with_reason": "UPDATE delegation_place SET reason = ''",
    "ck_delegation_return_months_counted": "UPDATE delegation_return SET months = -1",
    "ck_delegation_return_meetings_not_negative": "UPDATE delegation_return SET meetings = -1",
    "ck_delegation_return_leads_not_negative": "UPDATE delegation_return SET leads = -1",
    "ck_delegation_return_sales_not_negative": "UPDATE delegation_return SET sales = -1",
    "ck_delegation_return_asked_before_reminded": "UPDATE delegation_return SET reminded_at = '2026-01-01 00:00:00+00:00'",
}


def rows(made: Business) -> None:
    """At least one row in every table of both that has a wall."""
    trade.visit(made)
    acting.on_an_open_one()
    trade.task(trade.country(made))
    trade.barrier(made)
    trade.went(made)
    coverage_samples.rows(made)
