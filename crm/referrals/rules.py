"""The words of referrals, and what a provider's record comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from crm.kernel.clock import is_past

STATUSES = {
    "draft": "Draft",
    "announced": "Business told",
    "sent": "Sent",
    "accepted": "Accepted",
    "under_way": "Under way",
    "completed": "Completed",
    "declined": "Declined",
    "lapsed": "No answer",
    "withdrawn": "Closed",
    "objected": "Business objected",
}
STATUSES_TOLD = STATUSES | {"announced": "Waiting for your yes or no", "objected": "You said no"}
"""The same, for the business itself."""
COLOURS = {
    "draft": "yellow",
    "announced": "yellow",
    "sent": "blue",
    "accepted": "light-blue",
    "under_way": "light-blue",
    "completed": "green",
    "declined": "red",
    "lapsed": "red",
    "withdrawn": "grey",
    "objected": "red",
}
OUTCOMES = {
    "helped": "The business was helped",
    "funded": "The business was given money, or the promise of it",
    "goes_on": "Help goes on, with nothing more to record here",
    "not_suitable": "It turned out not to fit",
    "no_reply": "The business did not answer",
}
SHOWN = {
    "outstanding": "Waiting for an answer or under way",
    "mine": "Followed up by me, or sent to me",
    "for_me": "Waiting for my answer",
    "my_late": "Followed up by me, answer overdue",
    "my_back": "Followed up by me, declined, objected to or not answered",
    "my_drafts": "My drafts, not sent",
    "late": "Answer overdue",
    "back": "Declined, objected to or not answered",
    "all": "All",
}
OWN = frozenset({"mine", "for_me", "my_late", "my_back", "my_drafts"})
"""What is shown only of those who refer: a provider or an auditor sends none, and has none sent to them by name."""

STOPPED = {
    "archived": "The business was archived before this was sent.",
    "consent": "The business withdrew its consent before this was sent.",
    "closed": "The service closed before this was sent.",
}
"""Why a referral of which a business was told did not leave, by what stood in its way."""
STOPS = {
    "archived": "The business is archived, so this will not be sent.",
    "consent": "The business has not agreed to be referred, or has withdrawn its consent, so this will not be sent.",
    "closed": "The service is not open now, so this will not be sent.",
}
"""The same of one that still waits, for staff."""
STOPS_FOR_BUSINESS = {
    "archived": "We will not send this: our record of your business is archived.",
    "consent": "We will not send this: you have withdrawn your agreement that we refer you to other organisations.",
    "closed": "We will not send this: the service is not open now.",
}
"""The same, for the business that was told."""


@dataclass
class Source:
    """The page from which a referral was drafted, as the rooms above are asked about it: ``gone`` is why it no longer holds."""

    referral: Any
    gone: str | None = None


@dataclass(frozen=True)
class Told:
    """Of one referral to a provider: how it stands, when it was sent and first answered."""

    status: str
    sent_at: datetime
    answered_at: datetime | None
    helped: bool | None


@dataclass(frozen=True)
class Record:
    """How a provider deals with what is sent to it. Shares are whole per cents; None where there is nothing yet."""

    sent: int
    outstanding: int
    median_days: float | None
    accepted_pct: int | None
    completed: int
    confirmed: int


def record_of(rows: Sequence[Told]) -> Record:
    """What the referrals to a provider come to: response time, acceptance, outcomes, open load."""
    answered = [each for each in rows if each.answered_at is not None]
    taken = sum(each.status in ("accepted", "under_way", "completed") for each in rows)
    settled = sum(each.status != "sent" for each in rows)
    days = [
        (each.answered_at - each.sent_at).total_seconds() / 86_400 for each in answered if each.answered_at
    ]
    return Record(
        sent=len(rows),
        outstanding=sum(each.status in ("sent", "accepted", "under_way") for each in rows),
        median_days=round(median(days), 1) if days else None,
        accepted_pct=round(100 * taken / settled) if settled else None,
        completed=sum(each.status == "completed" for each in rows),
        confirmed=sum(each.helped is True for each in rows),
    )


def clock_in_words(due_on: date | None, *, on: date) -> str:
    """How long there is for an answer, in words."""
    if due_on is None:
        return ""
    if is_past(due_on, on=on):
        return f"answer was due {due_on.day} {due_on:%B}"
    return "answer is due today" if due_on == on else f"answer is due {due_on.day} {due_on:%B}"


def said_status(status: str, *, is_own: bool) -> str:
    """How a referral stands, in words for staff, or for the people of the business."""
    return (STATUSES_TOLD if is_own else STATUSES)[status]


def joined(parts: Iterable[str | None]) -> str:
    """What is there of some parts, with commas between."""
    return ", ".join(part for part in parts if part)
