"""What the states and choices of pitches are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.angels.investors.rules.labels import ARTICLES, BASES, CLOSED, GROUNDS, INSTRUMENTS
from crm.angels.pitches.rules.pitching import NO_SHARES, SHARES, TITLES, Headroom
from crm.kernel.calendar import day_in_words
from crm.kernel.money import Money

__all__ = [
    "ARTICLES",
    "BARRIERS",
    "BASES",
    "CHANNELS",
    "CLOSED",
    "GROUNDS",
    "HELP",
    "INSTRUMENTS",
    "NEXT",
    "OUTCOMES",
    "PITCH_COLOURS",
    "PITCH_STATUSES",
    "RELIEFS",
    "VERDICTS",
    "changes_told",
    "reliefs_told",
    "terms_told",
]

CHANNELS = {
    "list": "In a list",
    "page": "Its page",
    "file": "A file",
    "comparison": "Beside another",
    "letter": "In a letter",
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
    "paused": "Next: show it again, or close it. Investors cannot see it now.",
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
            "value": RELIEFS[found.eis] + _room_told(room.eis, "EIS", room, is_sought=found.eis != "no"),
        },
    ]


def _room_told(room: Money, name: str, whole: Headroom | None = None, *, is_sought: bool) -> str:
    if not is_sought:
        return ""
    if room:
        return f". Up to {room} of this raise could fall under {name}"
    if whole is not None and whole.seis:
        return f". SEIS comes first, and up to {whole.seis} of this raise could fall under it, so nothing is left for EIS"
    return f". Nothing of this raise could fall under {name}: its limits are used up"


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
        "Raises": content.get("amount"),
        "In the form of": INSTRUMENTS.get(content.get("instrument", "")),
        "From one investor, at least": content.get("min_ticket"),
        "Until": day_in_words(date.fromisoformat(last)) if last else None,
        "SEIS": RELIEFS.get(content.get("seis", "")),
        "EIS": RELIEFS.get(content.get("eis", "")),
    }
    return [{"key": key, "value": str(value)} for key, value in told.items() if value not in {None, "£0"}]
