"""What is spent on a project, within its budget: recorded, and cancelled where it was recorded wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import refuse_if
from crm.ip.testbed.models import Project, ProjectSpend
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import seeing
from crm.ip.testbed.rules.spending import begun_on
from crm.ip.testbed.workflow import Act, why_not_spend
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Invalid, refuse_all, says_something
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

CANCELLED = "This spend was cancelled already."


@dataclass(frozen=True)
class SpendDetails:
    """When, what for and how much, in whole pence."""

    spent_on: date
    what: str
    amount: Money


def spend(found: Project, details: SpendDetails, *, is_late: bool = False, by: Actor) -> ProjectSpend:
    """Record a sum spent. What passes the budget is refused: two who record at once are counted one after the other.

    ``is_late`` says that it was spent after the last day of the project, as for writing up its result.
    """
    POLICY.require(by, Act.SPEND, found)
    seeing.hold(found)
    refuse_if(why_not_spend(found))
    require_sound(found, details, is_late=is_late)
    made = ProjectSpend(
        project_id=found.id, **fields_of(details), recorded_at=now(), recorded_by_id=by.account_id
    )
    session().add(made)
    changes = amend(found, spent=found.spent + details.amount)
    session().flush()
    told = created(what=details.what, spent_on=details.spent_on, amount=details.amount)
    audit.record(Act.SPEND, found, told | changes, by=by)
    return made


def require_sound(found: Project, details: SpendDetails, *, is_late: bool = False) -> None:
    """Refuse a sum that was not spent, with everything that is wrong. Raises `Invalid`."""
    refuse_all((*_faults_in_day(found, details.spent_on, is_late=is_late), *_faults_in_sum(found, details)))


def _faults_in_day(found: Project, day: date, *, is_late: bool) -> Iterator[Invalid]:
    earliest = begun_on(found.starts_on, found.proposed_at)
    if day > today():
        yield Invalid("The day must be today or earlier", field="spent_on")
    elif day < earliest:
        words = f"The project began on {day_in_words(earliest)}. Enter that day or later"
        yield Invalid(words, field="spent_on")
    elif is_past(found.ends_on, on=day) and not is_late:
        words = f"The last day of the project was {day_in_words(found.ends_on)}. If it was spent after that, tick the box below"
        yield Invalid(words, field="spent_on")


def _faults_in_sum(found: Project, details: SpendDetails) -> Iterator[Invalid]:
    if details.amount <= NO_MONEY:
        yield Invalid("Enter an amount of more than £0", field="amount")
    reason = found.money.why_not_spend(details.amount)
    if reason:
        yield Invalid(reason, field="amount")


def why_not_cancel(spent: ProjectSpend) -> str | None:
    """Why a spend cannot be cancelled: it was already, or the project is over."""
    return CANCELLED if spent.cancelled_at else why_not_spend(spent.project)


def cancel_spend(spent: ProjectSpend, *, reason: str, by: Actor) -> None:
    """Cancel a spend that was recorded wrongly. The line stays, with the reason."""
    found = spent.project
    POLICY.require(by, Act.CANCEL_SPEND, found)
    seeing.hold(found)
    session().refresh(spent, ["cancelled_at"])
    refuse_if(why_not_cancel(spent))
    if not says_something(reason):
        raise Invalid("Say why it is cancelled", field="reason")
    amend(spent, cancelled_at=now(), reason=reason.strip())
    changes = amend(found, spent=found.spent - spent.amount)
    session().flush()
    audit.record(Act.CANCEL_SPEND, found, created(what=spent.what, reason=spent.reason) | changes, by=by)
