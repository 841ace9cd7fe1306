"""What the lists of a network's year are called, and what is asked from them."""

from __future__ import annotations

from datetime import date

from crm.angels.investors.rules.gate import Closed
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.rules.members import OVER, SOON, TO_ASK, Show
from crm.angels.year.rules.raises import ShowRaises

KINDS = {
    Kind.RENEW: "Ask to renew, pay or certify",
    Kind.WAKE: "Ask whether they are still interested",
    Kind.CHECK: "Ask for a new identity check",
    Kind.UPDATE: "Ask the founder for an update",
    Kind.CLOSE: "Ask the founder to close or extend the raise",
}
USUAL = {
    Show.ALL: Kind.RENEW,
    Show.RENEWALS: Kind.RENEW,
    Show.SILENT: Kind.WAKE,
    Show.CHECKS: Kind.CHECK,
    ShowRaises.STALLED: Kind.UPDATE,
    ShowRaises.ENDING: Kind.CLOSE,
}
"""What is chosen on a list unless the manager chooses otherwise."""
SHOWS = {
    Show.ALL: "All members",
    Show.RENEWALS: "Renewals",
    Show.SILENT: "Silent",
    Show.CHECKS: "Identity checks",
}
SHOWS_OF_RAISES = {
    ShowRaises.STALLED: "Stalled",
    ShowRaises.ENDING: "Ending soon",
    ShowRaises.ALL: "All published",
}
GATES = {
    "open": "Open",
    Closed.SUSPENDED: "Suspended",
    Closed.NOT_CERTIFIED: "Not certified yet",
    Closed.EXPIRED: "Statement ended",
    Closed.REVOKED: "Statement withdrawn",
    Closed.UNCONFIRMED: "Certificate to be confirmed",
    Closed.NOT_PAID: "Not paid",
    TO_ASK: "Not paid, and not asked lately",
    Closed.ON_ITS_WAY: "Payment on its way",
    Closed.NETWORK: "No legal basis today",
}
"""Whether pitches are open to a member, and what keeps them closed: in a column."""
FIELDS = {
    "network_yearly_letter.asked": "Sent to",
    "network_mailing.note": "Added in their own words",
    "network_email_choice.is_stopped": "Emails stopped",
}


def month_words(month: str, soon: int) -> str:
    """What a month of the renewals is called: "November 2026", or what stands for one."""
    known = {OVER: "Already ended", SOON: f"Within {soon} days"}
    return known.get(month) or f"{date.fromisoformat(f'{month}-01'):%B %Y}"
