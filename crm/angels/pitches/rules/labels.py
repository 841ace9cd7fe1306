"""What the states and choices of pitches are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.angels.investors.rules.labels import ARTICLES, BASES, CLOSED, GROUNDS, INSTRUMENTS, REMEDIES
from crm.angels.pitches.rules.pitching import NO_SHARES, SHARES, TITLES, Headroom
from crm.kernel.calendar import day_in_words
from crm.kernel.money import Money

__all__ = [
    "ARTICLES",
    "BARRIERS",
    "BASES",
    "CHANNELS",
    "CLOSED",
    "FIELDS",
    "GROUNDS",
    "HELP",
    "INSTRUMENTS",
    "NEXT",
    "OUTCOMES",
    "PITCH_COLOURS",
    "PITCH_STATUSES",
    "RELIEFS",
    "REMEDIES",
    "VERDICTS",
    "changes_told",
    "reliefs_told",
    "terms_told",
]

CHANNELS = {
    "list": "In a list",
    "page": "Full page",
    "file": "File",
    "comparison": "In a comparison",
    "letter": "By email",
    "night": "At a pitch night",
}
RELIEFS = {
    "no": "No",
    "intended": "We plan to ask HMRC for advance assurance",
    "assured": "HMRC has given advance assurance",
}
PITCH_STATUSES = {
    "draft": "Draft",
    "screening": "Being screened",
    "published": "Published",
    "paused": "Paused",
    "declined": "Declined",
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
    "draft": "Next: add the missing information, then submit it for screening.",
    "screening": "Next: the network reviews it and emails you its decision, with reasons. You do not need to do anything now.",
    "published": "Next: answer questions and requests from investors. You have 15 working days to answer each request.",
    "paused": "Next: resume the pitch, or close the raise. Investors cannot see it now.",
    "declined": "Next: see what could help below, and talk to your adviser. You can start another pitch.",
    "withdrawn": "You withdrew this pitch. You can start another one.",
    "closed": "This raise has closed. You can start another pitch.",
}
NEXT_WHEN_COMPLETE = "Next: check what it says. When you are ready, submit it for screening."
"""The same of a draft with nothing missing."""
NEXT_WHEN_SENT_BACK = "Next: change what the network asks for, then submit it again."
"""The same of a draft that the network sent back."""
VERDICTS = {
    "for": "Ready to show",
    "against": "Not ready to show",
    "interest": "Interest declared",
}
OUTCOMES = {
    "funded": "All of it was raised",
    "part_funded": "Part of it was raised",
    "unfunded": "Nothing was raised",
}
BARRIERS = {
    "commercial_focus": "It does not yet show how it will make money",
    "investor_understanding": "Investors here do not know this kind of business well enough",
    "collateral": "There is too little security for the money",
    "key_person": "It depends on one person",
    "too_early": "It is too early",
    "too_small": "The amount is too small for this network",
    "too_large": "The amount is too large for this network",
    "terms_not_acceptable": "The terms do not work for investors",
    "not_eligible": "It does not fit what the network is for",
    "turned_down": "Too few of the investors who looked at it invested",
    "other": "Another reason",
}
"""Why a pitch is not taken on, or came to nothing: the first four are the barriers that the evaluation of the Creative
Growth Programme names, so that their change can be measured."""
HELP = {
    "commercial_focus": "An adviser can go through your business model and your figures with you.",
    "investor_understanding": "An adviser can help you explain your sector to investors who do not know it.",
    "collateral": "Ask an adviser about guarantees and lenders who know creative businesses, and record your rights.",
    "key_person": "An adviser can help you build a team, and record what only you know.",
    "too_early": "Look at the scale-up programme and at grants for early-stage businesses.",
    "too_small": "Look at grants and community lenders in the support directory.",
    "too_large": "An adviser can suggest funds that invest larger amounts.",
    "terms_not_acceptable": "An adviser can explain which terms are usual, and who can give legal advice.",
    "not_eligible": "The support directory lists other help for your business.",
}
"""What could help next, by why it was not taken on."""


NI_TRADE = "The limits are those for companies that trade in goods or electricity in Northern Ireland"


def reliefs_told(found: Any, room: Headroom) -> list[dict[str, str]]:
    """What a pitch says about SEIS and EIS, with how much of the raise could fall under each, as rows of key and value."""
    if found.instrument not in SHARES:
        return [{"key": "SEIS and EIS", "value": NO_SHARES}]
    return [
        {
            "key": "SEIS",
            "value": RELIEFS[found.seis] + _room_told(room.seis, "SEIS", is_sought=found.seis != "no"),
        },
        {
            "key": "EIS",
            "value": RELIEFS[found.eis] + _eis_told(found, room),
        },
    ]


def _eis_told(found: Any, room: Headroom) -> str:
    told = _room_told(room.eis, "EIS", room, is_sought=found.eis != "no")
    return f"{told}. {NI_TRADE}" if told and found.is_ni_trade else told


def _room_told(room: Money, name: str, whole: Headroom | None = None, *, is_sought: bool) -> str:
    if not is_sought:
        return ""
    if room:
        return f". Up to {room} of this raise could fall under {name}"
    if whole is not None and whole.seis:
        return f". SEIS comes first, and up to {whole.seis} of this raise could fall under it, so nothing is left for EIS"
    return f". No part of this raise could fall under {name}: its limits are used up"


def changes_told(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is different between two versions of a pitch, as rows of key and value: sums and terms with both, texts by name."""
    was, now_ = ({each["key"]: each["value"] for each in terms_told(kept)} for kept in (before, after))
    keys = [key for key in {**was, **now_} if was.get(key) != now_.get(key)]
    rows = [
        {"key": key, "value": f"{was.get(key, 'not said')} → {now_.get(key, 'not said')}"} for key in keys
    ]
    texts = [title for name, title in TITLES.items() if before.get(name) != after.get(name)]
    return rows + [{"key": title, "value": "Changed"} for title in texts]


def terms_told(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """The terms of a kept version of a pitch, as rows of key and value; what it did not say is left out."""
    last = content.get("closes_on")
    told = {
        "Raising": content.get("amount"),
        "Type of investment": INSTRUMENTS.get(content.get("instrument", "")),
        "Minimum investment": content.get("min_ticket"),
        "Open until": day_in_words(date.fromisoformat(last)) if last else None,
        "SEIS": RELIEFS.get(content.get("seis", "")),
        "EIS": RELIEFS.get(content.get("eis", "")),
        "Limits of EIS": NI_TRADE if content.get("is_ni_trade") else None,
    }
    return [{"key": key, "value": str(value)} for key, value in told.items() if value not in {None, "£0"}]


FIELDS = {
    "evidence_end.account_id": "Investor",
    "evidence_end.last_on": "Last showing, statement or attempt",
    "evidence_end.showings": "Showings deleted",
    "evidence_end.statements": "Statements deleted",
    "evidence_end.attempts": "Refused statements deleted",
    "pitch.number": "Version",
    "pitch.amount": "Amount to raise",
    "pitch.instrument": "Type of investment",
    "pitch.min_ticket": "Minimum investment",
    "pitch.use_of_funds": TITLES["use_of_funds"],
    "pitch.slate": TITLES["slate"],
    "pitch.video_url": "Web address of a video",
    "pitch.contact": "Contact details for investors",
    "pitch.closes_on": "Last day of the raise",
    "pitch.seis": "SEIS",
    "pitch.eis": "EIS",
    "pitch.seis_raised": "Total raised under SEIS",
    "pitch.eis_raised": "Total raised under EIS and VCTs",
    "pitch.eis_year": "Raised under EIS and VCTs in twelve months",
    "pitch.is_ni_trade": "Trades in goods or electricity in Northern Ireland",
    "pitch.groups": "Creative sectors",
    "pitch.closed_as": "Result",
    "pitch.raised": "Amount raised",
    "pitch.declined_for": "Main reason",
    "pitch.ask_id": "Funding need",
    "pitch.verdict": "View",
    "pitch_review.number": "Version",
    "pitch_review.verdict": "View",
    "pitch_review.words": "Reasons",
    "pitch_review.made_at": "Reviewed",
    "pitch_mark.is_followed": "Following",
    "pitch_mark.has_note": "Has a note",
    "pitch_mark.marked_at": "Changed",
    "pitch_question.account_id": "Investor",
    "pitch_question.is_public": "Shown to all investors",
    "saved_search.has_alerts": "Email alerts",
    "saved_search.criteria": "Filters",
    "saved_search.made_at": "Saved",
    "saved_search.alerted_at": "Last checked",
}
"""What a stored field is called on the audit log, where its own name would not do."""
