"""What the worker does with a feed that was looked through: makes its services, some at a time, or takes them back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import Database, session
from crm.db.states import advance
from crm.directory.models import Provider, Service
from crm.directory.service.keeping import ServiceDetails, make
from crm.directory.workflow import ServiceStatus
from crm.feeds import queries
from crm.feeds.models import FeedImport, IncomingService
from crm.feeds.rules.addressing import short_name_of
from crm.feeds.workflow import IMPORTS, Act, ImportStatus, Verdict
from crm.kernel.folding import same_name
from crm.kernel.permissions import SYSTEM

AT_ONCE = 50
"""Services in one transaction: a crash loses at most these, and they are made the next time."""


def take_next(database: Database) -> bool:
    """Make the next services of the import that has waited longest; whether there was one."""
    with database.transaction():
        found = _held(ImportStatus.TAKING)
        if found is not None:
            take_some(found)
    return found is not None


def take_some(found: FeedImport) -> None:
    """Make the next services of an import; with the last of them it is taken in."""
    IMPORTS.target(Act.FINISH_TAKING, found.status)
    rows = queries.to_take(found, AT_ONCE)
    _make(found, list(rows))
    if len(rows) < AT_ONCE:
        session().flush()
        made = created(services=queries.in_directory(found.id).made)
        audit.record(Act.FINISH_TAKING, found, advance(IMPORTS, found, Act.FINISH_TAKING) | made, by=SYSTEM)


def _make(found: FeedImport, rows: list[IncomingService]) -> None:
    known, providers = queries.known_services(), queries.known_providers()
    for row in rows:
        if row.match_key in known:  # somebody has added it since the feed was read
            row.verdict, row.service_id = Verdict.KNOWN, known[row.match_key]
            continue
        provider = providers.get(same_name(row.provider), row.provider)
        made = make(
            short_name_of(found.address, row.external_id, name=row.name),
            ServiceDetails(provider, _fields(found, row)),
            status=ServiceStatus.CHECK,
            by=SYSTEM,
        )
        row.service_id, row.became = made.id, made.version


def _fields(found: FeedImport, row: IncomingService) -> dict[str, object]:
    return {
        "name": row.name,
        "description": row.description,
        "url": row.url,
        "needs": row.needs,
        "source": f"Feed of {found.publisher}, {found.address}",
    }


def undo_next(database: Database) -> bool:
    """Take back the next services of the import that has waited longest; whether there was one."""
    with database.transaction():
        found = _held(ImportStatus.UNDOING)
        if found is not None:
            undo_some(found)
    return found is not None


def undo_some(found: FeedImport) -> None:
    """Take back the next services of an import; with the last of them it is taken back."""
    IMPORTS.target(Act.FINISH_UNDOING, found.status)
    rows = queries.to_undo(found, AT_ONCE)
    for row in rows:
        _take_back(row, since=found.asked_at)
    if len(rows) < AT_ONCE:
        session().flush()
        left = created(left=queries.in_directory(found.id).made)
        audit.record(Act.FINISH_UNDOING, found, advance(IMPORTS, found, Act.FINISH_UNDOING) | left, by=SYSTEM)


def _take_back(row: IncomingService, *, since: datetime) -> None:
    """Delete a service that is as it was made and that nothing else names; any other stays, as one that is in use."""
    made, became = row.service, row.became
    row.became = None
    session().flush()
    if made is None or made.version != became or made.status is not ServiceStatus.CHECK:
        return
    try:
        with session().begin_nested():
            row.service_id = None
            session().flush()
            audit.record(Act.UNDO, made, {"name": (made.name, None)}, by=SYSTEM)
            _delete(made, since=since)
    except IntegrityError:
        session().refresh(row)


def _delete(made: Service, *, since: datetime) -> None:
    """The service, and its provider where the feed brought it, this was the last that it provides and nobody answers for it."""
    owner = session().get(Provider, made.provider_id)
    session().delete(made)
    session().flush()
    if owner is None or owner.created_at < since or owner.contact_email is not None:
        return
    if not queries.count_of_provided(owner.id):
        session().delete(owner)
        session().flush()


def _held(status: ImportStatus) -> FeedImport | None:
    """The first import in a state of the worker's, held, if it is still in it."""
    found = queries.next_with(status)
    found = queries.held(found.id) if found is not None else None
    return found if found is not None and found.status is status else None
