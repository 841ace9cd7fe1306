"""Checking several services together, undoing that within a day, and saying who looks after which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from crm.accounts.queries import names_of
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.directory import queries
from crm.directory.models import CheckedService, Checking, Service
from crm.directory.policy import POLICY
from crm.directory.rules.labels import HOW_CHECKED
from crm.directory.service.keeping import confirm
from crm.directory.workflow import MACHINE, Act, ServiceStatus
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor

UNDOABLE_FOR = timedelta(days=1)
NONE_TICKED = "Tick at least one service"
CHECKABLE = (ServiceStatus.OPEN, ServiceStatus.CHECK)


def confirm_several(service_ids: Collection[UUID], how: str, *, by: Actor) -> Checking:
    """Mark services as checked today and running, keeping what was known before. Each has its own line in the log."""
    POLICY.require(by, Act.CONFIRM_SEVERAL)
    found = [each for each in _ticked(service_ids) if each.status in CHECKABLE]
    if not found or by.account_id is None:
        raise Invalid("These services are no longer on the list. Tick others", field="services")
    made = Checking(by_id=by.account_id, at=now())
    session().add(made)
    session().flush()
    for each in found:
        _confirm(each, how, checking=made, by=by)
    audit.record(Act.CONFIRM_SEVERAL, made, created(services=len(found)), by=by)
    return made


def _confirm(found: Service, how: str, *, checking: Checking, by: Actor) -> None:
    kept = CheckedService(
        checking_id=checking.id,
        service_id=found.id,
        was_in_doubt=found.status is ServiceStatus.CHECK,
        checked_on=found.checked_on,
        checked_note=found.checked_note,
        status_note=found.status_note,
        source=found.source,
    )
    confirm(found, HOW_CHECKED[how], by=by)
    session().flush()
    kept.became = found.version
    session().add(kept)


def undo(checking: Checking, *, by: Actor) -> tuple[int, list[str]]:
    """Put back what was known before a check: how many services, and the names of those changed since, which stay."""
    POLICY.require(by, Act.UNDO_CHECKS, checking)
    refuse_if(why_not_undone(checking))
    kept, left = queries.checked_in(checking.id), list[str]()
    for each in kept:
        if each.service.version != each.became:
            left.append(each.service.name)
            continue
        audit.record(Act.UNDO_CHECKS, each.service, _put_back(each.service, each), by=by)
    audit.record(Act.UNDO_CHECKS, checking, amend(checking, undone_at=now()), by=by)
    return len(kept) - len(left), left


def _put_back(found: Service, kept: CheckedService) -> Changes:
    changes = advance(MACHINE, found, Act.DOUBT) if kept.was_in_doubt else {}
    known = {name: getattr(kept, name) for name in ("checked_on", "checked_note", "status_note", "source")}
    found.changed_at = now()
    return changes | amend(found, **known)


def why_not_undone(checking: Checking) -> str | None:
    """Why a check can no longer be undone; None where it can."""
    if checking.undone_at is not None:
        return "These checks are undone already."
    if now() - checking.at > UNDOABLE_FOR:
        return "Checks can be undone within a day. Open each service to change it."
    return None


def look_after(service_ids: Collection[UUID], owner_id: UUID | None, *, by: Actor) -> int:
    """Say who looks after services, or that nobody does; return how many that changed."""
    POLICY.require(by, Act.LOOK_AFTER)
    if owner_id is not None and owner_id not in {each.id for each in queries.keepers()}:
        raise Invalid("Choose somebody who keeps the directory", field="owner")
    return sum(_give(each, owner_id, by=by) for each in _ticked(service_ids))


def _give(found: Service, owner_id: UUID | None, *, by: Actor) -> bool:
    changes = amend(found, owner_id=owner_id)
    if not changes:
        return False
    ids = [each for each in changes["owner_id"] if each is not None]
    names = names_of(ids)
    said = tuple(names.get(each, "") if each else None for each in changes["owner_id"])
    audit.record(Act.LOOK_AFTER, found, {"looked_after_by": (said[0], said[1])}, by=by)
    return True


def hand(service_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Give a service that a colleague looks after to another; False if it is theirs no more."""
    found = queries.service(str(service_id))
    if found is None or found.owner_id != from_id:
        return False
    POLICY.require(by, Act.LOOK_AFTER, found)
    return _give(found, to, by=by)


def _ticked(service_ids: Collection[UUID]) -> Sequence[Service]:
    if not service_ids:
        raise Invalid(NONE_TICKED, field="services")
    return queries.services_with(service_ids)
