"""The CHECKs of the directory, of complaints and of caseloads, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.businesses.models import Business
from tests.rules import caseload_samples, complaint_samples
from tests.rules.directory_samples import a_report
from tests.rules.feed_samples import a_feed

SETTLED = "UPDATE service_report SET status = 'settled', settled_at = reported_at, "
CHECKS = {
    **complaint_samples.CHECKS,
    **caseload_samples.CHECKS,
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
    "ck_feed_import_page_from_one": "UPDATE feed_import SET page = 0",
    "ck_feed_import_failed_with_words": "UPDATE feed_import SET status = 'failed'",
    "ck_incoming_service_faulty_with_words": "UPDATE incoming_service SET verdict = 'faulty'",
    "ck_incoming_service_became_something": "UPDATE incoming_service SET became = 1",
}


def rows(made: Business) -> None:
    """A report, a feed and a complaint that wait, and what is kept of a caseload."""
    for make in caseload_samples.OF_A_BUSINESS:
        make(made)
    a_report()
    a_feed()
    complaint_samples.rows(made)
