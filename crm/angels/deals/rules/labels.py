"""What the states and choices of deals are called on a page."""

from __future__ import annotations

from crm.angels.investors.rules.instruments import CLEARED
from crm.angels.investors.rules.labels import INSTRUMENTS

PLEDGE_STATUSES = {
    "waiting": "On the waiting list",
    "offered": "Place offered",
    "pledged": "Pledged",
    "committed": "Committed",
    "completed": "Invested",
    "withdrawn": "Withdrawn",
    "declined": "Turned down by the business",
    "lapsed": "Offer not taken up in time",
    "ended": "Ended with the raise",
}
PLEDGE_COLOURS = {
    "waiting": "yellow",
    "offered": "orange",
    "pledged": "blue",
    "committed": "purple",
    "completed": "green",
    "withdrawn": "grey",
    "declined": "grey",
    "lapsed": "grey",
    "ended": "grey",
}
INVESTMENT_STATUSES = {
    "reported": "Reported by one side",
    "differs": "Reports differ",
    "matched": "Both sides agree",
    "confirmed": "Settled by the network",
    "reversed": "Reversed",
}
INVESTMENT_COLOURS = {
    "reported": "blue",
    "differs": "red",
    "matched": "green",
    "confirmed": "green",
    "reversed": "grey",
}
SIDES = {"company": "The business", "investor": "The investor"}
SHARE_RELIEFS = {"none": "No tax relief", "seis": "SEIS", "eis": "EIS"}
CAN_BE_ISSUED = {name: words for name, words in INSTRUMENTS.items() if name in CLEARED}
EXEMPTIONS = {
    "total": "The total is within the limit for small offers",
    "people": "Too few people are offered it to need a prospectus",
    "qualified": "It is offered to qualified investors only",
}
FIELDS = {
    "pledge.account_id": "Investor",
    "pledge.pitch_version": "Version of the pitch",
    "pledge.pledged_at": "Pledged",
    "pledge.offered_until": "Place offered until",
    "pledge.committed_at": "Committed",
    "pledge.end_reason": "Reason",
    "raise_exemption.kinds": "Exemptions relied on",
    "raise_exemption.raised_before": "Other offers in twelve months",
    "raise_exemption.people_before": "People offered it elsewhere",
    "investment.account_id": "Investor",
    "investment.investor_name": "Investor outside the network",
    "investment.pledge_id": "Pledge",
    "investment.first_side": "First reported by",
    "investment.issued_on": "Day of issue",
    "investment.share_class": "Class of shares",
    "investment.relief": "Tax relief",
    "investment.completed_at": "Completed",
    "investment.settle_note": "How it was settled",
    "investment.reverse_reason": "Reason for reversing it",
}
"""What a stored field is called on the audit log, where its own name would not do."""
