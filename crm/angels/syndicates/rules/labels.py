"""What the states and choices of syndicates are called on a page."""

from __future__ import annotations

from typing import Any

SYNDICATE_STATUSES = {"forming": "No agreed terms yet", "open": "Open to join", "ended": "Ended"}
SYNDICATE_COLOURS = {"forming": "blue", "open": "green", "ended": "grey"}
LEAD_STATUSES = {
    "offered": "Waiting for the business",
    "leading": "Lead investor",
    "declined": "Turned down by the business",
    "withdrawn": "Withdrawn by the investor",
    "replaced": "Replaced by another lead",
    "ended": "Ended with the raise or membership",
}
LEAD_COLOURS = {
    "offered": "blue",
    "leading": "green",
    "declined": "grey",
    "withdrawn": "grey",
    "replaced": "grey",
    "ended": "grey",
}
TERMS_STATUSES = {
    "proposed": "Waiting for the business",
    "agreed": "Agreed",
    "declined": "Turned down by the business",
    "withdrawn": "Withdrawn by the lead",
    "replaced": "Replaced",
}
TERMS_COLOURS = {
    "proposed": "blue",
    "agreed": "green",
    "declined": "grey",
    "withdrawn": "grey",
    "replaced": "grey",
}
MEMBER_STATUSES = {
    "joined": "Joined",
    "unconfirmed": "To confirm again",
    "left": "Left",
    "ended": "Ended with the raise or membership",
}
MEMBER_COLOURS = {"joined": "green", "unconfirmed": "orange", "left": "grey", "ended": "grey"}
NAMING = {
    "members": "The lead, the business and the other members",
    "lead": "The lead and the business",
    "nobody": "None of them. I am counted in the totals only",
}
NAMED = {
    "members": "the lead, the business and the other members",
    "lead": "the lead and the business",
    "nobody": "no one",
}
SHORT_TYPES = {"equity": "Shares", "loan_note": "Loan notes", "convertible": "Convertible loan notes"}
RECORDED_ONLY = (
    "The network gives you a place to record what you agree between yourselves. It does not negotiate or check terms, hold "
    "money or give advice, and a syndicate does not commit anyone to invest. Take advice of your own before you decide."
)
FEES = "Charging other investors can be a regulated activity. Take legal advice before you ask for a fee."
FIELDS = {
    "syndicate_lead.account_id": "Investor",
    "syndicate_lead.agreed_at": "Agreed by the business",
    "syndicate_lead.reminded_at": "Business reminded",
    "syndicate_terms.number": "Version",
    "syndicate_terms.lead_id": "Recorded by the lead",
    "syndicate_terms.instrument": "Type of investment",
    "syndicate_terms.pre_money": "Valuation before the investment",
    "syndicate_terms.cap": "Valuation cap",
    "syndicate_terms.discount": "Discount on the price",
    "syndicate_terms.minimum": "Minimum for one investor",
    "syndicate_terms.closes_on": "Closing date",
    "syndicate_terms.takes_fee": "Takes a fee",
    "syndicate_terms.fee": "Fee of the lead",
    "syndicate_terms.reminded_at": "Business reminded",
    "syndicate_member.account_id": "Investor",
    "syndicate_member.terms_id": "Version of the terms",
    "syndicate_member.naming": "Named to",
    "syndicate_member.asked_at": "Asked to confirm again",
}
"""What a stored field is called on the audit log, where its own name would not do."""


def price_told(terms: Any) -> list[tuple[str, str]]:
    """What one version says of the price, as rows."""
    rows = []
    if terms.pre_money is not None:
        rows.append(("Valuation before the investment", terms.pre_money.in_full()))
    if terms.cap is not None:
        rows.append(("Valuation cap", terms.cap.in_full()))
    if terms.discount is not None:
        rows.append(("Discount", f"{terms.discount}%"))
    return rows
