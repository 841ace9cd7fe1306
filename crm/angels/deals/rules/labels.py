"""What the states and choices of deals are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.angels.investors.rules.instruments import CLEARED
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.kernel.calendar import day_in_words
from crm.kernel.money import NO_MONEY, Money

PLEDGE_STATUSES = {
    "waiting": "On the waiting list",
    "offered": "Place offered",
    "pledged": "Pledged",
    "committed": "Committed",
    "completed": "Invested",
    "withdrawn": "Withdrawn",
    "declined": "Turned down by the business",
    "lapsed": "Offer not taken up in time",
    "ended": "Ended",
}
WAITS = {
    "full": "The raise is full at the moment.",
    "behind": "Investors who pledged earlier wait for what is still open.",
    "small": "What is still open is less than the minimum of one investor.",
}
"""Why what is pledged now goes on the waiting list."""
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
    "total": "A small offer, by its total within twelve months",
    "people": "Too few people are offered it to need a prospectus",
    "qualified": "It is offered to qualified investors only",
}
FIELDS = {
    "pledge.account_id": "Investor",
    "pledge.pitch_version": "Version of the pitch",
    "pledge.offered_until": "Place offered until",
    "pledge.end_reason": "Reason",
    "investment_report.is_denied": "Says that it was not made",
    "raise_exemption.kinds": "Exemptions relied on",
    "raise_exemption.raised_before": "Other offers in twelve months",
    "raise_exemption.people_before": "People offered it elsewhere",
    "investment.account_id": "Investor",
    "investment.investor_name": "Investor outside the network",
    "investment.first_side": "First reported by",
    "investment.issued_on": "Day of issue",
    "investment.share_class": "Class of shares",
    "investment.relief": "Tax relief",
    "investment.settle_note": "How it was settled",
    "investment.reverse_reason": "Reason for reversing it",
}
"""What a stored field is called on the audit log, where its own name would not do."""


def count_said(value: Any) -> str:
    """A number of shares, as the audit log says it; nothing where none was given."""
    return f"{value:,}" if isinstance(value, int) else ""


def sums_told(totals: Mapping[tuple[str, str], tuple[int, Money]]) -> list[dict[str, Any]]:
    """Completed investments by instrument, each apart, and what one side reported or both differ on."""
    rows = []
    for name, words in CAN_BE_ISSUED.items():
        done = [totals.get((status, name), (0, NO_MONEY)) for status in ("matched", "confirmed")]
        rows.append(
            {"name": name, "words": words, "count": sum(n for n, _ in done), "sum": sum(s for _, s in done)}
        )
    return [each for each in rows if each["count"]]


def reports_told(reports: Mapping[Any, Any]) -> list[tuple[str, str, str, bool]]:
    """What each side says, as rows: what it is about, the business's and the investor's words, and whether they differ."""
    one, other = (_told(reports.get(side)) for side in ("company", "investor"))
    has_both = len(reports) == 2
    keys = [key for key in {**one, **other} if one.get(key) or other.get(key)]
    return [
        (
            key,
            one.get(key) or "–",
            other.get(key) or "–",
            bool(has_both and _differs(one.get(key), other.get(key))),
        )
        for key in keys
    ]


def _differs(one: str | None, other: str | None) -> bool:
    """Whether two sides say different things: one that says nothing of it does not differ."""
    said = [" ".join((each or "").split()).casefold() for each in (one, other)]
    return all(said) and said[0] != said[1]


def _told(report: Any) -> dict[str, str]:
    if report is None:
        return {}
    if report.is_denied:
        return {"Answer": f"There was no such investment. {report.words}"}
    return {
        "Amount": report.amount.in_full(),
        "Type": INSTRUMENTS[report.instrument],
        "Day of issue": day_in_words(report.issued_on),
        "Shares": f"{report.shares:,}" if report.shares else "",
        "Class": report.share_class,
        "Tax relief": SHARE_RELIEFS[report.relief],
        "Terms": report.terms,
    }


INVESTMENT_WAITS = {
    "network": "For the network to settle",
    "completed": "Invested: agreed or settled",
    "unconfirmed": "Reported, not yet confirmed",
} | INVESTMENT_STATUSES
"""What a list of investments can be narrowed to."""
ENDED = {
    "withdrawn": "This pledge was withdrawn.",
    "declined": "The business turned this pledge down.",
    "lapsed": "The place that was offered was not taken in time.",
    "ended": "This pledge has ended.",
    "completed": "The investment is recorded, and this pledge is complete.",
}
NEXT = {
    "investor": {
        "waiting": "There is no place for it at the moment. We email you when one becomes free.",
        "offered": "A place in the raise has become free. Take it, or withdraw your pledge.",
        "pledged": "Next: meet the business. When you agree on the terms, commit.",
        "committed": "Next: once the shares or notes are issued, record your investment.",
        **ENDED,
    },
    "business": {
        "waiting": "There is no place for it at the moment. We offer one when it becomes free.",
        "offered": "We have offered the investor a place that became free.",
        "pledged": "Next: the investor commits once you have met and agree on the terms.",
        "committed": "Next: once the money has arrived and the shares or notes are issued, record the investment.",
        **ENDED,
    },
}
NEXT["staff"] = NEXT["business"]
"""What comes next, by the side that reads it."""
