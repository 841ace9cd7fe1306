"""What the states and choices of investors and their statements are called on a page."""

from __future__ import annotations

from crm.angels.investors.rules.gate import Closed, Ends, Standing

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
    "not_checked": "Not checked yet",
    "passed": "Checked: it is them",
    "failed": "Checked: it is not certain",
    "not_required": "No check is needed",
}
GROUNDS = {
    "high_net_worth": "High net worth individual",
    "self_certified": "Self-certified sophisticated investor",
    "certified": "Certified sophisticated investor",
}
ARTICLES = {"high_net_worth": "48", "self_certified": "50A", "certified": "50"}
BASES = {
    "enterprise_exemption": "The exemption of bodies that promote enterprise",
    "appointed_representative": "Appointed representative of an authorised firm",
    "authorised": "An authorised firm itself",
}
CLOSED = {
    Closed.NO_ANGEL: "Pitches are shown to members of the angel network alone.",
    Closed.SUSPENDED: "Your membership of the network is suspended.",
    Closed.NOT_CERTIFIED: "You have not certified yet what kind of investor you are. The law asks for that first.",
    Closed.EXPIRED: "Your certification has ended. It holds for twelve months: sign again to see pitches.",
    Closed.REVOKED: "Your certification was withdrawn. Sign again to see pitches.",
    Closed.UNCONFIRMED: "Your certificate waits to be confirmed by the network.",
    Closed.NOT_PAID: "Your certification holds, but your membership is not paid for.",
    Closed.NETWORK: "The network is closed at the moment: it shows nothing to anybody.",
}
ENDS = {
    Ends.STATEMENT: "Sign a statement again before then to keep pitches open.",
    Ends.MEMBERSHIP: "Your membership lapses then. Renew it before that day to keep pitches open.",
    Ends.NETWORK: "The network's legal basis ends then.",
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
    "loan": "A plain loan",
    "revenue_share": "A share of revenue",
    "production": "An interest in one production",
    "other": "Something else",
}
HAPPENED = {
    "join_network": "They applied",
    "accept_angel": "{who} let them in",
    "decline_angel": "{who} did not let them in",
    "suspend_angel": "{who} suspended them",
    "readmit_angel": "{who} let them in again",
    "leave_network": "{who} left the network",
    "check_angel": "{who} kept what came of a check",
    "set_preferences": "{who} said what they look for",
    "accept_conduct": "{who} accepted the code of conduct",
    "view_as_angel": "{who} looked through their eyes",
    "stop_viewing_as_angel": "{who} stopped looking",
}
"""What happened to somebody's place in the network, for staff."""
HAPPENED_FIELDS = {
    "reason": "why",
    "checked_on": "day",
    "check_outcome": "outcome",
    "check_note": "note",
    "conduct_version": "version",
    "min_ticket": "smallest sum",
    "max_ticket": "largest sum",
    "wants_seis": "SEIS matters",
    "wants_eis": "EIS matters",
}
