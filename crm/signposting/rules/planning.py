"""What an action plan says of a service: why it was chosen, or why not."""

from __future__ import annotations

from typing import Any

from crm.directory.rules.matching import Match
from crm.kernel.eligibility import Outcome, Reading, Verdict

MOST_SUGGESTED = 12
MOST_MET = 3
DAYS_FOR_A_FIRST_STEP = 14
REASONS = (
    "Others fit better for now.",
    "You use it already.",
    "You have tried it before.",
    "It is not what you want at the moment.",
)
"""Why a service may be left out that is open to a business, as the business reads it."""


def why_chosen(match: Match[Any]) -> str:
    """The reasons for a service, as a sentence for the business."""
    reasons = [each for each in match.reasons if each]
    met = list(
        dict.fromkeys(_as_it_is(each) for each in match.finding.readings if each.outcome is Outcome.MET)
    )
    unknown = [each.words for each in match.finding.readings if each.outcome is Outcome.UNKNOWN]
    parts = [_sentence("; ".join(reasons[:2]))]
    if met:
        parts.append(_sentence("; ".join(met[:MOST_MET])))
    if unknown:
        parts.append(f"To be settled: {'; '.join(unknown)}.")
    return " ".join(parts)


def _as_it_is(reading: Reading) -> str:
    """What is so, without what would be needed: it is met."""
    return reading.words.removesuffix(f", needs {reading.needed}")


def why_ruled_out(match: Match[Any]) -> str:
    """What stands against a service, in words; empty where nothing does, so that a person has to say why."""
    against = [each.words for each in match.finding.readings if each.outcome is Outcome.NOT_MET]
    if match.unavailable_because:
        against.append(match.unavailable_because)
    return _sentence("; ".join(against)) if against else ""


def why_not_choosable(match: Match[Any]) -> str:
    """Why a service cannot be part of a plan; empty where it can. Nobody is sent to a closed door."""
    if not match.available:
        return f"This service cannot be chosen: {match.unavailable_because}"
    if match.verdict is Verdict.INELIGIBLE:
        return f"This service is not open to them: {why_ruled_out(match)}"
    return ""


def why_not_editable(plan: Any) -> str | None:
    """Why a plan cannot be changed: it was sent or deleted. None while it is a draft."""
    if plan.status == "draft":
        return None
    if plan.status == "discarded":
        return "This draft plan was deleted. Start a new plan on the page of the business."
    return "This plan has been sent, so it cannot be changed. Start a new plan: it will replace this one."


def why_not_tickable(step: Any) -> str | None:
    """Why a step cannot be ticked off: its plan is not the one that the business has now."""
    if step.plan.status == "sent":
        return None
    return "A newer plan has replaced this one. Tick the step off in the newer plan."


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "."
