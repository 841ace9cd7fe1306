"""Adding, editing and checking one service."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.directory.policy import POLICY
from crm.directory.workflow import ACT_TO, MACHINE, Act, ServiceStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor

IN_ORDER = (
    ("min_turnover", "max_turnover", "The largest turnover must not be less than the smallest"),
    ("min_employees", "max_employees", "The most people must not be fewer than the fewest"),
    ("min_trading_months", "max_trading_months", "The longest trading must not be shorter than the shortest"),
    ("amount_min", "amount_max", "The largest amount must not be less than the smallest"),
    ("opens_on", "closes_on", "The last day must not be before the first"),
)


@dataclass(frozen=True)
class ServiceDetails:
    """A service as it is filled in. ``fields`` holds the columns of `Service.fields`, as typed values.

    ``seen`` is the version that was on the screen, if there was one.
    """

    provider: str
    fields: dict[str, Any] = field(default_factory=dict)
    seen: int | None = None


def add(service_id: str, details: ServiceDetails, *, by: Actor) -> Service:
    """Add a service, to be checked before it is offered."""
    POLICY.require(by, Act.ADD)
    if queries.service(service_id):
        raise Invalid("There is a service with this short name already", field="service_id")
    return make(service_id, details, status=MACHINE.start, by=by)


def make(service_id: str, details: ServiceDetails, *, status: ServiceStatus, by: Actor) -> Service:
    """A new row and its line in the trail, for `add` and for an import."""
    require_order(details.fields)
    owner = provider_named(details.provider, by=by)
    made = Service(
        service_id=service_id, provider_id=owner.id, **details.fields, _status=status, changed_at=now()
    )
    session().add(made)
    session().flush()
    audit.record(Act.ADD, made, created(provider=owner.name, status=status, **details.fields), by=by)
    return made


def edit(service: Service, details: ServiceDetails, *, by: Actor) -> Changes:
    """Change what is known of a service; the history keeps what it was. What was seen must still be what is there."""
    POLICY.require(by, Act.EDIT, service)
    require_as_shown(service, details.seen)
    changes = change(service, details, by=by)
    if changes:
        audit.record(Act.EDIT, service, changes, by=by)
    return changes


def change(service: Service, details: ServiceDetails, *, by: Actor) -> Changes:
    """Set what differs, provider included, and return it; the line in the trail is the caller's."""
    require_order(details.fields)
    changes = amend(service, **details.fields)
    if details.provider != service.provider.name:
        changes["provider"] = (service.provider.name, details.provider)
        service.provider_id = provider_named(details.provider, by=by).id
    if changes:
        service.changed_at = now()
    return changes


def confirm(service: Service, source: str, *, by: Actor) -> None:
    """Confirm that a service was checked today and is open."""
    _check(service, Act.CONFIRM, source, by=by)


def doubt(service: Service, source: str, *, by: Actor) -> None:
    """Mark a service as to be checked; it is not offered until it is confirmed."""
    _check(service, Act.DOUBT, source, by=by)


def close(service: Service, source: str, *, by: Actor) -> None:
    """Close a service; it stays listed, with the reason."""
    _check(service, Act.CLOSE, source, by=by)


def retire(service: Service, source: str, *, by: Actor) -> None:
    """Mark a service as no longer running; it stays on record."""
    _check(service, Act.RETIRE, source, by=by)


def _check(service: Service, act: Act, source: str, *, by: Actor) -> None:
    POLICY.require(by, act, service)
    changes = advance(MACHINE, service, act)
    checked_on: date | None = service.checked_on if act is Act.DOUBT else today()
    changes |= amend(service, checked_on=checked_on, checked_note="", status_note=source, source=source)
    service.changed_at = now()
    audit.record(act, service, changes, by=by)


def move_to(service: Service, status: ServiceStatus) -> Changes:
    """Bring a service to the state that a file says it is in."""
    return {} if service.status is status else advance(MACHINE, service, ACT_TO[status])


def provider_named(name: str, *, by: Actor) -> Provider:
    """The provider of this name, added if there is none yet."""
    found = session().scalar(select(Provider).where(Provider.name == name))
    if found is not None:
        return found
    made = Provider(name=name, created_at=now())
    session().add(made)
    session().flush()
    audit.record("add_provider", made, created(name=name), by=by)
    return made


def require_order(fields: dict[str, Any]) -> None:
    """Refuse limits that nothing could lie between."""
    for low, high, message in IN_ORDER:
        least, most = fields.get(low), fields.get(high)
        if least is not None and most is not None and most < least:
            raise Invalid(message, field=high)
