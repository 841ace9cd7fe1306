"""The walls of deals, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.businesses.models import Business
from tests import network
from tests.angels.deals import made as deals

APPEND_ONLY = ("investment_report",)
TRIGGERS = {
    "pledge_within_raise",
    "pledge_stays_within_raise",
    "investment_within_raise",
    "investment_stays_within_raise",
    "pitch_above_pledges",
}
"""Each is tried in tests/angels/deals/test_never_too_much.py, the first by several connections at once too."""
REPORT = (
    "INSERT INTO investment_report (id, investment_id, side, is_denied, amount, instrument, issued_on, shares, share_class, "
    "words, at) SELECT '00000000000000000000000000000001', investment_id, side, {}, at FROM investment_report LIMIT 1"
)
CHECKS = {
    "ck_pledge_amount_positive": "UPDATE pledge SET amount = 0",
    "ck_pledge_offered_until_a_day": "UPDATE pledge SET offered_until = '2026-12-01'",
    "ck_pledge_ended_at_if_ended": "UPDATE pledge SET ended_at = pledged_at WHERE status = 'pledged'",
    "ck_pledge_committed_at_if_committed": "UPDATE pledge SET status = 'committed' WHERE status = 'pledged'",
    "ck_pledge_declined_with_reason": "UPDATE pledge SET end_reason = '' WHERE status = 'declined'",
    "ck_raise_exemption_relies_on_one": "UPDATE raise_exemption SET kinds = ''",
    "ck_raise_exemption_not_negative": "UPDATE raise_exemption SET people_before = -1",
    "ck_raise_exemption_qualified_with_note": "UPDATE raise_exemption SET kinds = '|qualified|', note = ''",
    "ck_investment_amount_positive": "UPDATE investment SET amount = 0",
    "ck_investment_one_investor": "UPDATE investment SET investor_name = 'Made' WHERE account_id IS NOT NULL",
    "ck_investment_cleared": "UPDATE investment SET instrument = 'loan'",
    "ck_investment_shares_of_equity": "UPDATE investment SET shares = 0",
    "ck_investment_relief_for_shares": "UPDATE investment SET relief = 'seis', instrument = 'loan_note'",
    "ck_investment_completed_at_if_completed": "UPDATE investment SET completed_at = NULL WHERE status = 'confirmed'",
    "ck_investment_settled_with_reason": "UPDATE investment SET settle_note = '' WHERE status = 'confirmed'",
    "ck_investment_reversed_with_reason": "UPDATE investment SET reverse_reason = 'made' WHERE status = 'confirmed'",
    "ck_investment_reversed_at_if_reversed": "UPDATE investment SET reversed_at = NULL WHERE status = 'reversed'",
    "ck_investment_report_amount_not_negative": REPORT.format(
        "false, -1, instrument, issued_on, shares, share_class, words"
    ),
    "ck_investment_report_denied_without_sum": REPORT.format(
        "false, 0, instrument, issued_on, shares, share_class, words"
    ),
    "ck_investment_report_denied_with_words": REPORT.format(
        "true, 0, instrument, issued_on, shares, share_class, words"
    ),
}


def rows(made: Business) -> None:
    """At least one row in every table of these that has a wall."""
    shown, owner = network.pitch(made), network.admitted()
    for status in (PledgeStatus.PLEDGED, PledgeStatus.DECLINED):
        deals.pledge(shown, owner, status)
    for state in (InvestmentStatus.REPORTED, InvestmentStatus.CONFIRMED, InvestmentStatus.REVERSED):
        deals.investment(shown, owner, state)
