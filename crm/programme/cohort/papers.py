"""The decision pack of a cohort as a file to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import moment_in_words
from crm.kernel.money import NO_MONEY
from crm.kernel.text import series
from crm.programme.cohort.models import CohortDraft, Decision
from crm.programme.cohort.queries.drafts import Weighed
from crm.programme.cohort.rules.balancing import Reached
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.labels import DIMENSIONS, shares_in_words, together_in_words
from crm.programme.cohort.rules.money import in_full, said_parts
from crm.programme.cohort.rules.sharing import Sharing
from crm.programme.cohort.service.deciding import Others
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "pack.typ"
MOST_NAMED = 5


def pack_pdf(told: dict[str, Any], *, service_name: str) -> bytes:
    """The pack as a tagged PDF (PDF/UA-1): who is chosen and why, and never who gave which score (P37)."""
    return set_paper(SHEET, {**told, "service_name": service_name})


def pack_told(
    sound: Weighed,
    others: Others,
    *,
    helped: Sequence[tuple[str, str, str]],
    later: Sequence[Decision],
) -> dict[str, Any]:
    """Everything that the pack says, as words."""
    draft = sound.draft
    return {
        "round": draft.round.name,
        "draft": draft.name,
        "facts": _facts(sound),
        "chosen": [_row(sound, each) for each in sound.selected],
        "partial": [
            f"{one.name}: {in_full(place.amount)} of {in_full(one.sum)}. {place.part_reason}".strip()
            for one, place in sound.partial
        ],
        "waiting": [
            [str(place), each.name, each.reference, each.total]
            for place, each in enumerate(others.waiting, 1)
        ],
        "refused": [
            [str(each.rank or "–"), each.name, each.reference, each.total] for each in others.refused
        ],
        "departures": [_departure(one, over, sound.places[one.id].reason) for one, over in sound.departures],
        "overridden": [
            f"{one.name}: {', '.join(one.fails) or 'no longer below'}. {place.override_reason}"
            for one, place in sound.overridden
        ],
        "targets": [_target(each) for each in sound.targets],
        "target_reason": draft.target_reason,
        "sharings": [_limit(each, sound.limits_on) for each in sound.sharings],
        "limit_reason": draft.limit_reason,
        "helped": [f"{business}: {why}" for business, _, why in helped],
        "balance": _balance(sound),
        "later": [_later(each) for each in later],
    }


def _limit(found: Sharing, on: date | None) -> str:
    """What an enterprise is awarded beside what it can be given, and what is taken off its limit."""
    day = f"on {day_in_words(on)}" if on else "today"
    taken = series([f"{each.amount.in_full()} {each.words}" for each in found.known.parts])
    limit = f"Of the limit of {found.known.limit.in_full()}, {taken}."
    return f"{'Too much' if found.is_over else 'Fits'}. {found.words} {day}. {limit}"


def _facts(sound: Weighed) -> list[tuple[str, str]]:
    draft = sound.draft
    found = [("Awards", str(len(sound.selected))), ("Money", in_full(draft.money))]
    found += [("Total score", sound.score_in_words), ("Waiting list", str(draft.reserves))]
    return [*found, *_signed("Proposed", draft), *_signed("Confirmed", draft)]


def _signed(what: str, draft: CohortDraft) -> list[tuple[str, str]]:
    """Who proposed or confirmed it, and when, if anyone did."""
    at = draft.proposed_at if what == "Proposed" else draft.confirmed_at
    by = draft.proposed_by if what == "Proposed" else draft.confirmed_by
    return [(what, moment_in_words(at) + (f" by {by.name}" if by else ""))] if at else []


def _row(sound: Weighed, each: Candidate) -> list[str]:
    place = sound.places[each.id]
    award = said_parts(place.amount, place.capital, line=sound.draft.cohort.line)
    return [str(each.rank or "–"), each.name, each.reference, each.total, in_full(each.sum), award]


def _departure(one: Candidate, over: Sequence[Candidate], reason: str) -> str:
    named = ", ".join(f"rank {each.rank} ({each.name})" for each in over[:MOST_NAMED])
    more = f" and {len(over) - MOST_NAMED} more" if len(over) > MOST_NAMED else ""
    return f"Rank {one.rank}, {one.name}, is chosen over {named}{more}. {reason or 'No reason given yet'}"


def _target(each: Reached) -> str:
    return f"{'Met' if each.is_met else 'Not met'}. {each.aim.words}: {each.words}"


def _balance(sound: Weighed) -> list[dict[str, Any]]:
    return [
        {
            "title": ". ".join(
                filter(None, (DIMENSIONS[dimension], together_in_words([each.share for each in parts])))
            ),
            "rows": [
                [each.words, str(each.count), in_full(each.money), share]
                for each, share in zip(parts, shares_in_words([each.share for each in parts]), strict=True)
            ],
        }
        for dimension, parts in sound.balance
        if parts
    ]


def _later(each: Decision) -> str:
    said = f"Awarded from the waiting list. {each.promoted_reason} " if each.promoted_reason else ""
    if each.released != NO_MONEY:
        said += f"Ended: {in_full(each.released)} was not claimed and was released. "
    if each.withdrawn_at:
        said += f"Award withdrawn on {moment_in_words(each.withdrawn_at)}. {each.withdrawn_reason}"
    return f"{each.application.business.name}: {said.strip()}"
