"""What the states and choices of investors and their statements are called on a page."""

from __future__ import annotations

from crm.angels.investors.rules.gate import MONTHS_OF_A_STATEMENT, Closed, Ends, Standing
from crm.billing.rules import GoneBack

ANGEL_STATUSES = {
    "applied": "Applied",
    "accepted": "Accepted",
    "declined": "Declined",
    "suspended": "Suspended",
    "left": "Left",
}
ANGEL_COLOURS = {
    "applied": "blue",
    "accepted": "green",
    "declined": "grey",
    "suspended": "red",
    "left": "grey",
}
CHECKS = {
    "not_checked": "Not checked",
    "passed": "Passed",
    "failed": "Not passed",
    "not_required": "Not required",
}
GROUNDS = {
    "high_net_worth": "High net worth individual",
    "self_certified": "Self-certified sophisticated investor",
    "certified": "Certified sophisticated investor",
}
ARTICLES = {"high_net_worth": "48", "self_certified": "50A", "certified": "50"}
BASES = {
    "enterprise_exemption": "Exemption for bodies that promote enterprise",
    "appointed_representative": "Appointed representative of an authorised firm",
    "authorised": "Authorised firm",
}
CLOSED = {
    Closed.NO_ANGEL: "Only members of the angel network can see pitches.",
    Closed.SUSPENDED: "Your membership of the network is suspended.",
    Closed.NOT_CERTIFIED: "You have not certified yet what kind of investor you are. The law requires this first.",
    Closed.EXPIRED: f"Your certification has expired. It is valid for {MONTHS_OF_A_STATEMENT} months.",
    Closed.REVOKED: "Your certification was withdrawn.",
    Closed.UNCONFIRMED: "We are still checking your certificate.",
    Closed.NOT_PAID: "Your membership is not paid for.",
    Closed.ON_ITS_WAY: "Your payment for the membership has not arrived yet.",
    Closed.NETWORK: "The network is closed at the moment and shows no pitches.",
    Closed.KIND: "Your certificate does not cover this kind of investment.",
}
"""Why pitches are closed, said to the investor."""
CLOSED_TO_THEM = {
    Closed.NO_ANGEL: "they are not a member of the network",
    Closed.SUSPENDED: "their membership of the network is suspended",
    Closed.NOT_CERTIFIED: "they have not certified yet",
    Closed.EXPIRED: "their certification has expired",
    Closed.REVOKED: "their certification was withdrawn",
    Closed.UNCONFIRMED: "their certificate is waiting to be confirmed",
    Closed.NOT_PAID: "their membership is not paid for",
    Closed.ON_ITS_WAY: "their payment for the membership has not arrived yet",
    Closed.NETWORK: "the network has no legal basis today",
    Closed.KIND: "their certificate does not cover this kind of investment",
}
"""The same said of the investor to the network's staff."""
WENT_BACK = {
    GoneBack.DISPUTED: "their payment is disputed at the bank, which has not decided yet",
    GoneBack.REFUNDED: "their payment was refunded",
    GoneBack.CHARGED_BACK: "their bank gave their payment back to them",
}
"""Why a membership is not paid for, where it was paid."""
REMEDIES = {
    Closed.NO_ANGEL: "Ask the network’s manager whether you can join again.",
    Closed.SUSPENDED: "Contact the network’s manager to have it lifted.",
    Closed.NOT_CERTIFIED: "Certify what kind of investor you are.",
    Closed.EXPIRED: "Sign a new statement.",
    Closed.REVOKED: "Sign a new statement.",
    Closed.UNCONFIRMED: "You do not need to do anything.",
    Closed.NOT_PAID: "Pay for it on the page of your membership.",
    Closed.ON_ITS_WAY: "We email you when it arrives. You do not need to pay again.",
    Closed.NETWORK: "You do not need to do anything.",
    Closed.KIND: "Sign a statement that covers it.",
}
"""What the investor can do about it."""
ENDS = {
    Ends.STATEMENT: "Sign a new statement before then to keep seeing pitches.",
    Ends.MEMBERSHIP: "Renew your membership before then to keep seeing pitches.",
    Ends.NETWORK: "The network’s legal basis ends then.",
}
"""What to do before pitches close, by what closes them."""
STANDINGS = {
    Standing.HOLDS: ("Valid", "green"),
    Standing.REVOKED: ("Withdrawn", "red"),
    Standing.ENDED: ("Ended", "grey"),
    Standing.UNCONFIRMED: ("To be confirmed", "yellow"),
    Standing.UNPAID: ("Not valid without membership", "grey"),
}
INSTRUMENTS = {
    "equity": "Shares",
    "loan_note": "Loan notes",
    "convertible": "Convertible loan notes",
    "loan": "Plain loan",
    "revenue_share": "Share of revenue",
    "production": "Interest in one production",
    "other": "Something else",
}
HAPPENED = {
    "join_network": "They applied",
    "accept_angel": "{who} accepted them",
    "decline_angel": "{who} declined them",
    "suspend_angel": "{who} suspended them",
    "readmit_angel": "{who} readmitted them",
    "leave_network": "{who} left the network",
    "erase_investor": "{who} erased them",
    "check_angel": "{who} recorded an identity check",
    "set_preferences": "{who} changed their preferences",
    "accept_conduct": "{who} accepted the code of conduct",
    "view_as_angel": "{who} viewed as them",
    "stop_viewing_as_angel": "{who} stopped viewing as them",
}
"""The history of an investor, for staff."""
FIELDS = {
    "angel.again": "Note",
    "angel.references_note": "Referees’ comments",
    "angel.about": "About them",
    "angel.check_outcome": "Identity check",
    "angel.checked_on": "Date of the check",
    "angel.check_note": "Documents seen",
    "angel.conduct_version": "Version of the code of conduct",
    "angel.conduct_accepted_at": "Code of conduct accepted",
    "angel.erased_at": "Personal details erased",
    "angel.groups": "Creative sectors",
    "angel.instruments": "Types of investment",
    "angel.min_ticket": "Smallest investment",
    "angel.max_ticket": "Largest investment",
    "angel.wants_seis": "SEIS is important",
    "angel.wants_eis": "EIS is important",
    "certification.restricted_at": "Kept as evidence alone since",
    "certification.ground": "Kind of investor",
    "certification.document_id": "Certificate",
    "certification.frn": "FCA reference number",
    "certification.issued_on": "Date of the certificate",
    "certification.kinds": "Types of investment",
    "certification.ip": "Network address",
    "certification.text": "Full text",
    "certification.revoked_at": "Withdrawn",
    "certification.revoked_by_id": "Withdrawn by",
    "certification.revoked_reason": "Reason",
    "certification.rests_on_membership": "Depends on membership",
    "certification.particulars": "What was stated",
    "statement_wording.ground": "Kind of investor",
    "statement_wording.version_name": "Version",
    "statement_wording.approved_on": "Date of the approval",
    "statement_wording.approved_reference": "Reference of the approval",
    "statement_wording.signed_until": "Can be signed until",
    "statement_wording.counts_until": "Valid until",
    "statement_wording.body": "Text",
    "regulatory_basis.basis": "Legal basis",
    "regulatory_basis.frn": "FCA reference number",
}
"""What a stored field is called on the audit log, where its own name would not do."""


def said_of_again(_value: object) -> str:
    """What the history says where someone applied who had applied before."""
    return "they were in the network, or had applied, already"
