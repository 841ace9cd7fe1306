"""Why lower ranks are chosen over higher ones: what such a reason must say, and which choices still lack theirs (P32)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from crm.kernel.errors import Invalid, says_something
from crm.programme.cohort.models import CohortDraft, DraftPlace
from crm.programme.cohort.rules.choosing import Candidate, passed_over

LEAST_SAID = 10
"""A reason that stays in the decision pack has at least so many signs: a letter or a full stop explains nothing."""


def is_short(reason: str) -> bool:
    """Whether a reason says too little to be read by others later."""
    return len(reason.strip()) < LEAST_SAID or not says_something(reason)


def too_short(reason: str) -> str:
    """What is added for a person who did give a reason: that it is too short, and how long it has to be."""
    return f". What you typed is too short: use at least {LEAST_SAID} characters" if reason.strip() else ""


def explain_departing(unexplained: Sequence[DraftPlace], reason: str) -> None:
    """Give one reason to all of these, which are chosen over higher ranks. Raises `Invalid` where it says too little."""
    if unexplained and is_short(reason):
        words = "Lower ranks stay in the draft. Say in a sentence why they are chosen over this one"
        raise Invalid(f"{words}{too_short(reason)}", field="reason")
    for each in unexplained:
        each.reason = reason.strip()


def departing(
    found: CohortDraft, rows: Collection[Candidate], *, but: UUID | None = None
) -> list[DraftPlace]:
    """The places without a reason that are chosen over others, as the ranking stands; as if ``but`` were not chosen."""
    known, chosen = {each.id: each for each in rows}, {each.application_id for each in found.places} - {but}
    return [
        each
        for each in found.places
        if each.application_id in chosen
        and not each.reason
        and each.application_id in known
        and passed_over(known[each.application_id], rows, chosen=chosen)
    ]
