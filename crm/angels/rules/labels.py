"""What the states and choices of the angel network are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.angels.rules.gate import Closed
from crm.kernel.calendar import day_in_words

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
CHANNELS = {
    "list": "In a list",
    "page": "Its page",
    "file": "A file",
    "comparison": "Beside another",
    "letter": "In a letter",
}
CLOSED = {
    Closed.NO_ANGEL: "Pitches are shown to members of the angel network alone.",
    Closed.SUSPENDED: "Your membership of the network is suspended.",
    Closed.NOT_CERTIFIED: "You have not certified yet what kind of investor you are. The law asks for that first.",
    Closed.EXPIRED: "Your certification has ended. It holds for twelve months: sign again to see pitches.",
    Closed.REVOKED: "Your certification was taken back. Sign again to see pitches.",
    Closed.UNCONFIRMED: "Your certificate waits to be confirmed by the network.",
    Closed.NOT_PAID: "Your certification holds, but your membership is not paid for.",
    Closed.NETWORK: "The network is closed at the moment: it shows nothing to anybody.",
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
RELIEFS = {
    "no": "No",
    "intended": "We mean to ask HMRC for advance assurance",
    "assured": "HMRC gave advance assurance",
}
PITCH_STATUSES = {
    "draft": "Being written",
    "screening": "Being screened",
    "published": "Shown to investors",
    "paused": "Paused",
    "declined": "Not taken on",
    "withdrawn": "Withdrawn",
    "closed": "Closed",
}
PITCH_COLOURS = {
    "draft": "grey",
    "screening": "blue",
    "published": "green",
    "paused": "yellow",
    "declined": "red",
    "withdrawn": "grey",
    "closed": "purple",
}
NEXT = {
    "draft": "Next: fill in what is missing, then hand it in to be screened.",
    "screening": "Next: the network reads it and answers you, with reasons. There is nothing to do for you now.",
    "published": "Next: answer questions and requests. Investors wait for you, and you have 15 working days for each request.",
    "paused": "Next: show it again, or close it. Nobody sees it now.",
    "declined": "Next: look at what could help, below, and talk to your adviser. You can begin another pitch.",
    "withdrawn": "You withdrew it. You can begin another pitch.",
    "closed": "It is over. You can begin another pitch.",
}
VERDICTS = {
    "for": "It can be shown",
    "against": "It cannot be shown as it is",
    "interest": "I have an interest in it, and no say",
}
OUTCOMES = {
    "funded": "All of it was raised",
    "part_funded": "Part of it was raised",
    "unfunded": "Nothing was raised",
}
INTRODUCTION_STATUSES = {
    "requested": "Waits for the business",
    "held": "Held until the investor certifies again",
    "agreed": "Introduced",
    "declined": "The business said no",
    "lapsed": "No answer came",
    "expired": "The investor did not certify again in time",
    "cancelled": "Cancelled",
    "taken_back": "Taken back",
}
INTRODUCTION_COLOURS = {
    "requested": "blue",
    "held": "yellow",
    "agreed": "green",
    "declined": "grey",
    "lapsed": "grey",
    "expired": "grey",
    "cancelled": "grey",
    "taken_back": "grey",
}
REFUSALS = {
    "not_now": "Not now",
    "raised": "We have raised what we need",
    "ticket": "The sum does not fit",
    "fit": "Not the right investor for us",
    "other": "Another reason",
}
BARRIERS = {
    "commercial_focus": "It does not show yet how it will earn money",
    "investor_understanding": "Investors here do not know this kind of business well enough",
    "collateral": "There is little to secure the money with",
    "key_person": "It rests on one person",
    "too_early": "It is too early",
    "too_small": "The sum is too small for this network",
    "too_large": "The sum is too large for this network",
    "terms_not_acceptable": "The terms do not work for investors",
    "not_eligible": "It is not what the network is for",
    "turned_down": "Investors looked at it and did not invest",
    "other": "Another reason",
}
"""Why a pitch is not taken on, or came to nothing: the first four are the barriers that the evaluation of the Creative
Growth Programme names, so that their change can be measured."""
HELP = {
    "commercial_focus": "An adviser can go through your business model and your figures with you.",
    "investor_understanding": "An adviser can help you to explain your trade to somebody from outside it.",
    "collateral": "Ask an adviser about guarantees and lenders who know creative work, and enter your rights.",
    "key_person": "An adviser can help you to find people, and to write down what only you know.",
    "too_early": "Look at the scale-up programme and at grants for first steps.",
    "too_small": "Look at grants and community lenders in the support directory.",
    "too_large": "An adviser knows funds that invest larger sums.",
    "terms_not_acceptable": "An adviser can tell you what terms are usual, and who to ask for legal advice.",
    "not_eligible": "The support directory lists what else there is for your business.",
}
"""What could help next, by why it was not taken on."""

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


def terms_told(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """The terms of a kept version of a pitch, as rows of key and value; what it did not say is left out."""
    last = content.get("closes_on")
    told = {
        "Raises": content.get("amount"),
        "In the form of": INSTRUMENTS.get(content.get("instrument", "")),
        "From one investor, at least": content.get("min_ticket"),
        "Until": day_in_words(date.fromisoformat(last)) if last else None,
        "SEIS": RELIEFS.get(content.get("seis", "")),
        "EIS": RELIEFS.get(content.get("eis", "")),
    }
    return [{"key": key, "value": str(value)} for key, value in told.items() if value not in {None, "£0"}]
