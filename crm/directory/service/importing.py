"""Taking in a whole file of services: all of it or nothing, and a second time nothing changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crm.audit import service as audit
from crm.db.changes import Changes
from crm.directory import queries
from crm.directory.models import TERMS, Service
from crm.directory.policy import POLICY
from crm.directory.rules.reading import INFORMING, read_services
from crm.directory.rules.rows import RowError, ServiceRow, ServicesRefused
from crm.directory.service.keeping import ServiceDetails, change, make, move_to
from crm.directory.workflow import Act, ServiceStatus
from crm.kernel.clock import today
from crm.kernel.permissions import Actor

COPIED = (
    "name",
    "needs",
    "description",
    "eligibility_note",
    "opens_on",
    "closes_on",
    "cost_type",
    "cost_text",
    "amount_min",
    "amount_max",
    "status_note",
    "url",
    "plan_lines",
    "verified",
    "checked_on",
    "checked_note",
    "source",
)


@dataclass
class Outcome:
    """What an import did, or would do: short names of what was added, what changed in each, and what was left out."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, Changes] = field(default_factory=dict)
    unchanged: int = 0
    newer_here: list[str] = field(default_factory=list)
    illustrative: list[str] = field(default_factory=list)
    left_out: list[RowError] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether the directory is as the file says already."""
        return not self.added and not self.changed


def import_services(source: bytes, *, with_illustrative: bool, by: Actor) -> Outcome:
    """Bring the directory to what a file says. Raises `ServicesRefused` with every fault, and then keeps nothing.

    Invented services are left out unless ``with_illustrative``. A service that was checked here on a later day than
    the file's is left as it is, and named. What the file does not name stays.
    """
    POLICY.require(by, Act.IMPORT)
    return take_in(read_services(source, today=today()), with_illustrative=with_illustrative, by=by)


def take_in(rows: Iterable[ServiceRow], *, with_illustrative: bool, by: Actor) -> Outcome:
    """Add or change each row's service."""
    known, outcome = queries.services_by_id(), Outcome()
    for row in rows:
        outcome.left_out.extend(row.left_out)
        if row.status == ServiceStatus.ILLUSTRATIVE and not with_illustrative:
            outcome.illustrative.append(row.service_id)
            continue
        _take_one(row, known.get(row.service_id), outcome, by=by)
    return outcome


def _take_one(row: ServiceRow, found: Service | None, outcome: Outcome, *, by: Actor) -> None:
    if found is None:
        make(row.service_id, details_of(row), status=ServiceStatus(row.status), by=by)
        outcome.added.append(row.service_id)
        return
    if found.checked_on and (row.checked_on is None or found.checked_on > row.checked_on):
        outcome.newer_here.append(row.service_id)
        return
    changes = change(found, details_of(row), by=by) | _moved(found, row)
    if not changes:
        outcome.unchanged += 1
        return
    audit.record(Act.IMPORT, found, changes, by=by)
    outcome.changed[row.service_id] = changes


def _moved(found: Service, row: ServiceRow) -> Changes:
    wanted = ServiceStatus(row.status)
    if wanted is not found.status and ServiceStatus.ILLUSTRATIVE in (wanted, found.status):
        message = "an invented service cannot become a real one, nor a real one invented"
        raise ServicesRefused([RowError(row.line, "status_code", message, row.status)])
    return move_to(found, wanted)


def details_of(row: ServiceRow) -> ServiceDetails:
    """A row of the file as the service's own fields, without cells that were left out."""
    left_out = {INFORMING[each.column][0] for each in row.left_out}
    fields = {name: getattr(row, name) for name in COPIED if name not in left_out}
    return ServiceDetails(row.provider, fields | {name: getattr(row.terms, name) for name in TERMS})
