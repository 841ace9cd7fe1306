"""What an enquiry asks, step by step, how it is referred to, and how its clock is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.calendar import working_days_between
from crm.kernel.clock import is_past
from crm.kernel.telephones import why_not_called
from crm.signposting.rules.finding import Answers


@dataclass(frozen=True)
class Step:
    """One page of an enquiry: its name in the address, and what it asks."""

    name: str
    title: str


STEPS = (
    Step("where", "Where do you work?"),
    Step("business", "Which business is it?"),
    Step("work", "What do you do?"),
    Step("help", "What do you need help with?"),
    Step("finance", "Are you looking for finance?"),
    Step("you", "Who are you?"),
    Step("check", "Check what you told us"),
)
ASKED_STEPS = STEPS[:-1]


def step(name: str) -> Step | None:
    """The step of this name."""
    return next((each for each in STEPS if each.name == name), None)


def step_after(name: str) -> Step:
    """The step that follows; after the last that asks, the check."""
    names = [each.name for each in STEPS]
    return STEPS[min(names.index(name) + 1, len(STEPS) - 1)]


def step_before(name: str) -> Step | None:
    """The step before; None before the first."""
    at = [each.name for each in STEPS].index(name)
    return STEPS[at - 1] if at else None


def first_open(answers: Mapping[str, Any]) -> Step:
    """The first step that was not answered; the check where all were."""
    return next((each for each in ASKED_STEPS if each.name not in answers), STEPS[-1])


"""Of a telephone number that can be called from anywhere in the country; a few more for an extension."""


def seeks_finance(told: Any) -> bool | None:
    """Whether finance is sought; None where it was not asked: the steps on the web ask it, a colleague's page does not."""
    if told.ask:
        return True
    return False if getattr(told, "way", "web") == "web" else None


def why_not_reachable(email: str | None, phone: str | None) -> str | None:
    """Why nobody could answer an enquiry; None where there is an email address, or a number that can be called."""
    if phone or email:
        return why_not_called(phone) if phone else None
    return "Enter an email address or a telephone number, so that we can answer"


def one_of_each_set(readiness: Iterable[str]) -> list[str]:
    """The answers to readiness assessments, as an address carries them, the last of each set."""
    return list({each.partition(".")[0]: each for each in readiness}.values())


def carried(answers: Answers, readiness: Sequence[str] = ()) -> dict[str, Any]:
    """What was told before, for the steps of an enquiry to begin with; each step is still asked.

    ``readiness`` are the answers to readiness assessments, as an address carries them.
    """
    told: dict[str, Any] = {"carried_readiness": list(readiness)} if readiness else {}
    if answers.postcode:
        told["carried_place"] = answers.postcode
    work = {
        "groups": list(answers.groups),
        "form": answers.form,
        "people": answers.people,
        "turnover": answers.turnover,
        "months": answers.months,
        "stage": answers.stage,
        "exports": answers.exports,
    }
    if any(work.values()):
        told["carried"] = {name: value for name, value in work.items() if value}
    if answers.needs:
        told["carried_needs"] = list(answers.needs)
    return told


def clock_in_words(due_on: date, *, on: date, bank_holidays: frozenset[date]) -> str:
    """How long there is for a first answer, in working days: "due in 2 working days", "1 working day late"."""
    if due_on == on:
        return "due today"
    late = is_past(due_on, on=on)
    days = working_days_between(*((due_on, on) if late else (on, due_on)), bank_holidays=bank_holidays)
    counted = f"{days} working day{'' if days == 1 else 's'}"
    return (f"{counted} late" if days else "late since its last day") if late else f"due in {counted}"
