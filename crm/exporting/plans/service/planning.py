"""Export plans: countries with a route and tasks, and barriers met and removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.businesses.service.writing import owner_reader, tell_owner
from crm.casework.queries import are_active_staff
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.exporting.plans import queries
from crm.exporting.plans.models import ExportBarrier, ExportCountry, ExportTask
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.rules.countries import abroad, country_name, in_sentence, is_sanctioned
from crm.exporting.plans.rules.sound import Fault, fault_in_barrier, fault_in_country, fault_in_first_sale
from crm.exporting.plans.workflow import COUNTRIES, Act, BarrierKind, CountryStatus, Route
from crm.kernel.clock import now, require_ahead, today
from crm.kernel.errors import Conflict, Invalid, require_all
from crm.kernel.folding import folded
from crm.kernel.money import Money
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class CountryDetails:
    """How a business sells in a country (its code), and what it expects: sales in pounds, the day of the first one."""

    country: str
    route: Route
    aim: str = ""
    value: Money | None = None
    win_on: date | None = None


@dataclass(frozen=True)
class TaskDetails:
    """Something to do by a day, by a person at the business or by one of our staff: one of the two."""

    title: str
    due_on: date
    person_id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True)
class BarrierDetails:
    """What stood in the way since a day; when and how it was removed, if it was."""

    kind: BarrierKind
    met_on: date
    words: str = ""
    removed_on: date | None = None
    how: str = ""


def _refuse(fault: Fault | None) -> None:
    if fault:
        raise Invalid(fault[1], field=fault[0])


def add_country(business: Business, details: CountryDetails, *, by: Actor) -> ExportCountry:
    """Add a country to the export plan of a business. Each country is in a plan once (A56)."""
    POLICY.require(by, Act.ADD_COUNTRY, business)
    require_in_use(business)
    _require_country(business.id, details, kept=None)
    fields = fields_of(details)
    made = ExportCountry(business_id=business.id, **fields, added_at=now(), _status=COUNTRIES.start)
    made.added_by_id = by.account_id
    session().add(made)
    session().flush()
    audit.record(Act.ADD_COUNTRY, made, created(business_id=business.id, **fields), by=by)
    return made


def _require_country(business_id: UUID, details: CountryDetails, *, kept: ExportCountry | None) -> None:
    is_active = kept is None or kept.status is CountryStatus.ACTIVE
    win_on = None if kept and kept.win_on == details.win_on else details.win_on
    require_all(
        lambda: _require_new_country(business_id, details, kept=kept),
        lambda: _refuse(fault_in_country(details.value, win_on, is_active=is_active, on=today())),
    )


def _require_new_country(business_id: UUID, details: CountryDetails, *, kept: ExportCountry | None) -> None:
    if details.country not in abroad():
        raise Invalid("Choose a country from the list", field="country")
    known = queries.country_in_plan(business_id, details.country)
    if known is not None and (kept is None or known.id != kept.id):
        name = country_name(details.country)
        raise Invalid(f"{name} is in this export plan already. Change it there", field="country")


def change_country(found: ExportCountry, details: CountryDetails, *, version: int | None, by: Actor) -> None:
    """Change a country of a plan."""
    POLICY.require(by, Act.CHANGE_COUNTRY, found)
    require_in_use(found.business)
    require_as_shown(found, version)
    _require_country(found.business_id, details, kept=found)
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CHANGE_COUNTRY, found, changes, by=by)


def _move(found: ExportCountry, act: Act, *, won_on: date | None = None, by: Actor) -> None:
    POLICY.require(by, act, found)
    require_in_use(found.business)
    changes = advance(COUNTRIES, found, act) | amend(found, won_on=won_on)
    audit.record(act, found, changes, by=by)


def win_country(found: ExportCountry, *, won_on: date | None, is_allowed: bool = False, by: Actor) -> None:
    """Record that the business sells in the country now, since the day of its first sale there.

    Where sanctions apply, only with the word that they allow it.
    """
    POLICY.require(by, Act.WIN_COUNTRY, found)
    require_all(
        lambda: _require_allowed(country_name(found.country), is_allowed=is_allowed),
        lambda: _refuse(fault_in_first_sale(won_on, on=today())),
    )
    _move(found, Act.WIN_COUNTRY, won_on=won_on, by=by)


def _require_allowed(country: str, *, is_allowed: bool) -> None:
    if is_sanctioned(country) and not is_allowed:
        where = in_sentence(country)
        raise Invalid(f"Confirm that UK trade sanctions allow these sales to {where}", field="allowed")


def drop_country(found: ExportCountry, *, by: Actor) -> None:
    """Set a country aside; its tasks wait with it."""
    _move(found, Act.DROP_COUNTRY, by=by)


def resume_country(found: ExportCountry, *, by: Actor) -> None:
    """Work on a country again: what was its first sale counts no longer."""
    _move(found, Act.RESUME_COUNTRY, by=by)


def add_task(country: ExportCountry, details: TaskDetails, *, by: Actor) -> ExportTask:
    """Add something to do for a country."""
    POLICY.require(by, Act.ADD_TASK, country)
    require_in_use(country.business)
    _require_task(country, details, kept=None)
    fields = fields_of(details)
    made = ExportTask(country_id=country.id, **fields)
    session().add(made)
    session().flush()
    told = {name: value for name, value in fields.items() if name in ("title", "due_on")}
    audit.record(Act.ADD_TASK, made, created(**told), by=by)
    _tell_owner(made, by=by)
    return made


def _tell_owner(found: ExportTask, *, by: Actor) -> None:
    """Whoever has a task from somebody else is told at once."""
    loaded = queries.task(found.id)
    if loaded is not None:
        business, owner = loaded.business, owner_reader(loaded.account, loaded.person)
        path = f"/businesses/{business.id}/export-plan"
        tell_owner(owner, loaded.title, business=business, due_on=loaded.due_on, path=path, by=by)


def _require_task(country: ExportCountry, details: TaskDetails, *, kept: ExportTask | None) -> None:
    require_all(
        lambda: require_ahead(details.due_on, field="due_on", kept=kept.due_on if kept else None),
        lambda: _require_owner(country, details, kept=kept),
    )


def _require_owner(country: ExportCountry, details: TaskDetails, *, kept: ExportTask | None) -> None:
    same = kept is not None and (kept.person_id, kept.account_id) == (details.person_id, details.account_id)
    if same or _is_owner(country, details):
        return
    raise Invalid("Choose who does it", field="owner")


def _is_owner(country: ExportCountry, details: TaskDetails) -> bool:
    if details.account_id is not None:
        return details.person_id is None and bool(are_active_staff([details.account_id], on=today()))
    here = {each.id for each in people_of(country.business_id) if not each.left_on}
    return details.person_id in here


def change_task(found: ExportTask, details: TaskDetails, *, version: int | None, by: Actor) -> None:
    """Change what is to be done, by whom or by when."""
    POLICY.require(by, Act.CHANGE_TASK, found)
    require_in_use(found.business)
    require_as_shown(found, version)
    _require_task(found.country, details, kept=found)
    changes = amend(found, **fields_of(details))
    if changes:
        told = {name: pair for name, pair in changes.items() if name != "person_id"}
        audit.record(Act.CHANGE_TASK, found, told, by=by)
    if changes.keys() & {"person_id", "account_id"}:
        session().expire(found, ["person", "account"])
        _tell_owner(found, by=by)


def hand_task(task_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Give a task that a colleague has still to do to another; False if it moved on."""
    found = queries.task(task_id)
    if found is None or found.account_id != from_id or found.done_at is not None:
        return False
    POLICY.require(by, Act.CHANGE_TASK, found)
    audit.record(Act.CHANGE_TASK, found, amend(found, account_id=to), by=by)
    return True


def why_not_finish(found: ExportTask) -> str | None:
    """Why a task cannot be marked as done: it is."""
    return "This task is done already." if found.done_at else None


def finish_task(found: ExportTask, *, by: Actor) -> None:
    """Mark a task as done."""
    POLICY.require(by, Act.FINISH_TASK, found)
    if found.done_at:
        raise Conflict(why_not_finish(found) or "")
    audit.record(Act.FINISH_TASK, found, amend(found, done_at=now()), by=by)


def why_not_reopen(found: ExportTask) -> str | None:
    """Why a task cannot be reopened: it is not done."""
    return None if found.done_at else "This task is not done yet."


def reopen_task(found: ExportTask, *, by: Actor) -> None:
    """Mark a task as not done after all."""
    POLICY.require(by, Act.REOPEN_TASK, found)
    if not found.done_at:
        raise Conflict(why_not_reopen(found) or "")
    audit.record(Act.REOPEN_TASK, found, amend(found, done_at=None), by=by)


def add_barrier(business: Business, details: BarrierDetails, *, by: Actor) -> ExportBarrier:
    """Record what stands in the way of exporting (A20)."""
    POLICY.require(by, Act.ADD_BARRIER, business)
    require_in_use(business)
    _refuse(fault_in_barrier(**fields_of(details), on=today()))
    if any(_is_same(each, details) for each in queries.barriers_of(business.id)):
        raise Invalid("This is recorded already for that day. Change it there", field="kind")
    fields = fields_of(details)
    made = ExportBarrier(business_id=business.id, **fields)
    session().add(made)
    session().flush()
    audit.record(Act.ADD_BARRIER, made, created(business_id=business.id, **fields), by=by)
    return made


def _is_same(found: ExportBarrier, details: BarrierDetails) -> bool:
    """Whether a barrier says what is to be recorded: of one kind and day, in the same words."""
    same = (found.kind, found.met_on, found.removed_on) == (details.kind, details.met_on, details.removed_on)
    return same and folded(found.words) == folded(details.words)


def change_barrier(found: ExportBarrier, details: BarrierDetails, *, version: int | None, by: Actor) -> None:
    """Change a barrier, or record when and how it was removed."""
    POLICY.require(by, Act.CHANGE_BARRIER, found)
    require_in_use(found.business)
    require_as_shown(found, version)
    _refuse(fault_in_barrier(**fields_of(details), on=today()))
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CHANGE_BARRIER, found, changes, by=by)
