"""The CHECKs of the directory and of complaints, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.businesses.models import Business
from tests.rules import complaint_samples
from tests.rules.directory_samples import a_report

SETTLED = "UPDATE service_report SET status = 'settled', settled_at = reported_at, "
CHECKS = {
    **complaint_samples.CHECKS,
    "ck_service_min_turnover_not_negative": "UPDATE service SET min_turnover = -1",
    "ck_service_turnover_in_order": "UPDATE service SET min_turnover = 2, max_turnover = 1",
    "ck_service_employees_in_order": "UPDATE service SET min_employees = 2, max_employees = 1",
    "ck_service_trading_in_order": "UPDATE service SET min_trading_months = 2, max_trading_months = 1",
    "ck_service_export_share_is_percent": "UPDATE service SET min_export_share_pct = 101",
    "ck_service_amount_min_not_negative": "UPDATE service SET amount_min = -1",
    "ck_service_amounts_in_order": "UPDATE service SET amount_min = 2, amount_max = 1",
    "ck_service_dates_in_order": "UPDATE service SET opens_on = '2026-02-02', closes_on = '2026-02-01'",
    "ck_provider_contact_email_in_lower_case": "UPDATE provider SET contact_name = 'Ann', contact_email = 'ANN@made.example'",
    "ck_provider_contact_with_name": "UPDATE provider SET contact_email = 'ann@made.example'",
    "ck_service_report_something_was_said": "UPDATE service_report SET said = ''",
    "ck_service_report_email_in_lower_case": "UPDATE service_report SET email = 'ANN@made.example'",
    "ck_service_report_settled_with_its_moment": "UPDATE service_report SET status = 'settled', answer = 'made'",
    "ck_service_report_settled_with_words": f"{SETTLED}answer = ''",
}


def rows(made: Business) -> None:
    """A report and a complaint that wait."""
    a_report()
    complaint_samples.rows(made)
