"""A founder whose business has an adviser sends readiness answers to that adviser, who gets a next step and answers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm.businesses.queries.seeing import business, own_ids
from crm.businesses.service.keeping import require_in_use
from crm.casework.queries import advisers_of
from crm.casework.queries.steps import steps_ever_asked
from crm.casework.service import stepping
from crm.casework.service.stepping import Asked, StepDetails
from crm.diagnostics.queries.opened import Opened, opened_by, told_in_words
from crm.diagnostics.rules.readiness import answer_in_words
from crm.figures.queries import due_after
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM, Actor

DAYS = 3
"""Working days in which the adviser is asked to answer."""
NO_ADVISER = "No adviser looks after this business yet. Start an enquiry, and an adviser will contact you."
NOTHING = "There are no answers to send. Answer some of the questions first."


def send_to_adviser(business_id: str, tokens: Sequence[str], *, by: Actor) -> str:
    """Send readiness answers to the adviser of a founder's own business; say who answers, and by when.

    The same answers are sent once while they wait. Raises `Conflict` where the business is not theirs or has no adviser.
    """
    own = next((each for each in own_ids(by) if str(each) == business_id), None)
    found = business(own) if own else None
    adviser = advisers_of([found.id]).get(found.id) if found is not None else None
    if found is None or adviser is None:
        raise Conflict(NO_ADVISER)
    require_in_use(found)
    note, due = _note(tokens), due_after(today(), DAYS)
    if not note:
        raise Conflict(NOTHING)
    if any(each.note == note for each in steps_ever_asked(found.id) if each.done_at is None):
        raise Conflict(f"You sent these answers to {adviser.name} already.")
    asked = Asked(None, note, f"/businesses/{found.id}/support")
    details = StepDetails(_title(tokens), (adviser.id,), due, asked_by=by, asked=asked)
    stepping.add(found, details, by=SYSTEM)
    return f"We have sent your answers to {adviser.name}, who will answer by {day_in_words(due)}."


def _title(tokens: Iterable[str]) -> str:
    titles = [told_in_words(each)[0] for each in tokens]
    return f"Answer what the business asks about its {' and '.join(titles)} answers"


def _note(tokens: Iterable[str]) -> str:
    """Each assessment with its result, and every question with its answer."""
    found = [(each, opened_by(each)) for each in tokens]
    told = [line for token, each in found if each is not None for line in _lines(token, each)]
    return "\n\n".join(told)


def _lines(token: str, found: Opened) -> list[str]:
    title, done, _ = told_in_words(token)
    questions, given = found.asked.for_circumstances(found.of), found.sheet.answers
    return [
        f"{title}: {done}.",
        *(f"{each.text} {answer_in_words(each, given.get(each.key))}" for each in questions),
    ]
