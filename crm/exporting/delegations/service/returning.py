"""What came of each place: asked by email at the months of the dated figures, reminded once, recorded by the business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.rules import asked_at, is_far_beyond
from crm.exporting.delegations.service.telling import ask_for_results, tell_of_results
from crm.exporting.delegations.workflow import Act
from crm.figures.queries import figure_on
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import day_of, has_come, now, today
from crm.kernel.errors import Invalid, refuse_all
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import series

ASKED_AT = ("export.first_months", "export.second_months", "export.third_months")
ON_RETURN = 0
"""What is known on the return can be recorded at once; nobody is asked for it by letter."""


@dataclass(frozen=True)
class Results:
    """What came of a place, in all since the delegation. None is not known yet, which is not nought."""

    meetings: int | None = None
    leads: int | None = None
    sales: Money | None = None


def begin_returns(place: DelegationPlace) -> None:
    """Prepare what a place is asked, counted from the day of return."""
    back = place.delegation.returns_on
    for months in (ON_RETURN, *months_asked()):
        session().add(DelegationReturn(place_id=place.id, months=months, due_on=add_months(back, months)))
    session().flush()


def months_asked() -> list[int]:
    """After how many months a place is asked, as the dated figures say now."""
    return sorted({int(figure_on(name, on=today())) for name in ASKED_AT})


def days_asked(found: Delegation) -> str:
    """On which days those who went are asked by email, for whoever records them: "28 February and 28 May 2027"."""
    days = (add_months(found.returns_on, months) for months in months_asked())
    ahead = [day_in_words(each) for each in days if not has_come(each, on=today())]
    return f"on {series(ahead)}" if ahead else "now"


def end_returns(place: DelegationPlace) -> None:
    """Ask a place for nothing: its business did not go."""
    session().execute(delete(DelegationReturn).where(DelegationReturn.place_id == place.id))


def why_not_record(found: DelegationReturn) -> str | None:
    """Why nothing can be recorded yet: it is not asked before its day."""
    if not has_come(found.due_on, on=today()):
        return f"We ask for this on {day_in_words(found.due_on)}."
    return None


def record(
    found: DelegationReturn,
    results: Results,
    *,
    version: int | None,
    nothing_known: bool = False,
    is_checked: bool = False,
    told: str = "",
    by: Actor,
) -> None:
    """Record what came of a place so far; it can be changed later. An answer has a figure, or says that none is known yet.

    Figures count everything since the delegation: one lower than was told before, or far beyond any, is asked about (``is_checked`` answers). ``told`` is who at the business said so, where one of our staff records it: the business is told what was recorded.
    """
    POLICY.require(by, Act.RECORD, found)
    refuse_if(why_not_record(found))
    require_as_shown(found, version)
    doubts = () if is_checked else (*_in_other_months(found, results), *_far_beyond(found, results))
    refuse_all((*_faults_in_answer(results, nothing_known=nothing_known), *doubts))
    changes = amend(found, **fields_of(results), answered_at=found.answered_at or now())
    audit.record(Act.RECORD, found, changes | created(months=found.months, told=told.strip() or None), by=by)
    if changes:
        tell_of_results(found, told=told, by=by)


def _faults_in_answer(results: Results, *, nothing_known: bool) -> Iterator[Invalid]:
    if results == Results() and not nothing_known:
        yield Invalid("Enter one figure, or tick that you do not know any of them yet", field="meetings")
    if results != Results() and nothing_known:
        words = "You entered a figure and ticked that you know none. Clear the tick, or the figures"
        yield Invalid(words, field="nothing_known")
    if results.sales is not None and results.sales < NO_MONEY:
        yield Invalid("Sales must be £0 or more", field="sales")


def _in_other_months(found: DelegationReturn, results: Results) -> Iterator[Invalid]:
    """Each figure lower than the same one told at an earlier month, or higher than at a later one, at its field."""
    for other in counting.returns_of(found.place_id):
        if other.months == found.months or other.answered_at is None:
            continue
        for name, value in fields_of(results).items():
            told = getattr(other, name)
            if value is None or told is None:
                continue
            if value < told if other.months < found.months else value > told:
                yield Invalid(_less(name, told, other.months), field=name)


def _far_beyond(found: DelegationReturn, results: Results) -> Iterator[Invalid]:
    """Each figure far beyond what any delegation has told, at its field, until it is said to be right."""
    most = counting.most_told(besides=found.id)
    for name, value in fields_of(results).items():
        if value is not None and is_far_beyond(name, value, most=getattr(most, name)):
            said = value.in_full() if isinstance(value, Money) else f"{value:,}"
            words = (
                f"{name.capitalize()} of {said} are far more than any business has told us of a delegation. "
            )
            yield Invalid(f"{words}Correct the figure, or tick that it is right as it is", field=name)


def _less(name: str, told: int | Money, months: int) -> str:
    """What is asked of a figure that falls over time: it is lower than before, or higher than was told of later."""
    said = told.in_full() if isinstance(told, Money) else f"{told:,}"
    return (
        f"{name.capitalize()} were {said} {asked_at(months)}, and count everything since the delegation. "
        "Correct the figure, or tick that it is right as it is"
    )


def ask_and_remind() -> None:
    """Ask for what is due, and remind once of what was not answered within the days of the dated figure."""
    due = counting.returns_due(today())
    if not due:
        return
    patience = timedelta(days=int(figure_on("export.remind_days", on=today())))
    for each in counting.asked_now(due, on=today()):
        if each.asked_at is None:
            audit.record(Act.ASK, each, amend(each, asked_at=now()), by=SYSTEM)
            ask_for_results(each, "delegation_results")
        elif each.reminded_at is None and day_of(each.asked_at) + patience <= today():
            audit.record(Act.ASK, each, amend(each, reminded_at=now()), by=SYSTEM)
            ask_for_results(each, "delegation_results_reminder")
