"""Reads of feeds: their imports, what each brought, and what the worker has to do next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.directory.models import Provider, Service
from crm.directory.rules.reading import MOST_SERVICES
from crm.feeds.models import FeedImport, IncomingService
from crm.feeds.rules.addressing import mark_of_key
from crm.feeds.workflow import ImportStatus, Verdict
from crm.kernel.folding import same_name

IMPORTS, ROWS = FeedImport.__table__.c, IncomingService.__table__.c
NEWEST = Order((IMPORTS.asked_at, IMPORTS.id), lambda row: (row.asked_at, row.id), is_descending=True)
IN_ITS_ORDER = Order((ROWS.page, ROWS.place), lambda row: (row.page, row.place))
IN_HAND = (ImportStatus.READING, ImportStatus.READY, ImportStatus.TAKING, ImportStatus.UNDOING)


def feed_import(import_id: UUID) -> FeedImport | None:
    """One import, with who asked for it."""
    query = select(FeedImport).where(IMPORTS.id == import_id).options(joinedload(FeedImport.asked_by))
    return session().scalar(query)


def held(import_id: UUID) -> FeedImport | None:
    """One import, read again and held until the transaction ends: two workers, or a worker and a person, take turns."""
    return session().get(FeedImport, import_id, with_for_update=True, populate_existing=True)


def imports(status: str = "", cursor: str | None = None) -> Slice[FeedImport]:
    """One page of imports, the latest first."""
    query = select(FeedImport).options(joinedload(FeedImport.asked_by))
    return slice_of(query.where(IMPORTS.status == status) if status else query, NEWEST, cursor=cursor)


def count_of_imports(status: str = "") -> int:
    """How many imports there are."""
    query = select(func.count()).select_from(FeedImport)
    return session().scalar(query.where(IMPORTS.status == status) if status else query) or 0


def counts_by_status() -> dict[ImportStatus, int]:
    """How many imports wait for a person, by where they stand."""
    waiting = (ImportStatus.READY, ImportStatus.FAILED)
    query = select(IMPORTS.status, func.count()).where(IMPORTS.status.in_(waiting)).group_by(IMPORTS.status)
    return {row[0]: row[1] for row in session().execute(query)}


def in_hand(address: str) -> FeedImport | None:
    """The import of a feed that is not over yet."""
    query = select(FeedImport).where(IMPORTS.address == address, IMPORTS.status.in_(IN_HAND))
    return session().scalar(query.limit(1))


def counts(import_id: UUID) -> dict[Verdict, int]:
    """How many services of a feed became what."""
    query = select(ROWS.verdict, func.count()).where(ROWS.import_id == import_id).group_by(ROWS.verdict)
    return {row[0]: row[1] for row in session().execute(query)}


def incoming(import_id: UUID, *, verdict: str = "", cursor: str | None = None) -> Slice[IncomingService]:
    """One page of what a feed brought, in its own order, with the service of the directory that each is."""
    query = select(IncomingService).where(ROWS.import_id == import_id)
    query = query.options(joinedload(IncomingService.service))
    return slice_of(query.where(ROWS.verdict == verdict) if verdict else query, IN_ITS_ORDER, cursor=cursor)


@dataclass(frozen=True)
class InDirectory:
    """What has come of an import in the directory: services that it made, and those that can still be taken in."""

    made: int
    new: int
    needed: int


def in_directory(import_id: UUID) -> InDirectory:
    """How many services an import has in the directory, and how many it could bring: all, and those with a need of ours."""
    is_new = _is_new()
    query = select(
        func.count().filter(ROWS.verdict == Verdict.NEW, ROWS.service_id.is_not(None)),
        func.count().filter(*is_new),
        func.count().filter(*is_new, _is_needed()),
    )
    made, new, needed = session().execute(query.where(ROWS.import_id == import_id)).one()
    return InDirectory(made, new, needed)


def count_of_services() -> int:
    """How many services the directory holds."""
    return session().scalar(select(func.count()).select_from(Service)) or 0


def is_any_for_the_worker() -> bool:
    """Whether an import waits for the worker: to be read, taken in or taken back."""
    waiting = (ImportStatus.READING, ImportStatus.TAKING, ImportStatus.UNDOING)
    return session().scalar(select(IMPORTS.id).where(IMPORTS.status.in_(waiting)).limit(1)) is not None


def next_with(status: ImportStatus) -> FeedImport | None:
    """The import in a state of the worker's that was asked for first."""
    query = select(FeedImport).where(IMPORTS.status == status).order_by(IMPORTS.asked_at, IMPORTS.id)
    return session().scalar(query.limit(1))


def ids_before(import_id: UUID, external_ids: Collection[str]) -> set[str]:
    """Which of these ids of a feed came before."""
    return _before(import_id, ROWS.external_id, external_ids)


def keys_before(import_id: UUID, keys: Collection[str]) -> set[str]:
    """Which of these services came before, by provider and name."""
    return _before(import_id, ROWS.match_key, keys)


def _before(import_id: UUID, column: ColumnElement[str], values: Collection[str]) -> set[str]:
    query = select(column).where(ROWS.import_id == import_id, column.in_(list(values)))
    return set(session().scalars(query))


def count_read(import_id: UUID) -> int:
    """How many services of a feed have been read."""
    query = select(func.count()).select_from(IncomingService).where(ROWS.import_id == import_id)
    return session().scalar(query) or 0


def known_services() -> Mapping[str, UUID]:
    """Every service of the directory by the mark of its provider and name."""
    query = select(Provider.name, Service.name, Service.id).join(Service, Service.provider_id == Provider.id)
    rows = session().execute(query.order_by(Service.id).limit(MOST_SERVICES))
    return {mark_of_key(provider, name): service_id for provider, name, service_id in rows}


def known_providers() -> Mapping[str, str]:
    """What each provider of the directory is called there, by what its name is compared by."""
    names = session().scalars(select(Provider.name).order_by(Provider.name).limit(MOST_SERVICES))
    return {same_name(name): name for name in names}


def to_take(found: FeedImport, many: int) -> Sequence[IncomingService]:
    """The next services of an import to be made in the directory."""
    query = _rows(found.id).where(*_is_new())
    query = query.where(_is_needed()) if found.only_needed else query
    return session().scalars(query.limit(many)).all()


def to_undo(found: FeedImport, many: int) -> Sequence[IncomingService]:
    """The next services that an import made and that have not been taken back yet, each with its service."""
    query = _rows(found.id).where(ROWS.became.is_not(None)).options(joinedload(IncomingService.service))
    return session().scalars(query.limit(many)).all()


def count_of_provided(provider_id: UUID) -> int:
    """How many services of the directory a provider has."""
    query = select(func.count()).select_from(Service).where(Service.provider_id == provider_id)
    return session().scalar(query) or 0


def _rows(import_id: UUID) -> Select[IncomingService]:
    query = select(IncomingService).where(ROWS.import_id == import_id)
    return query.order_by(ROWS.page, ROWS.place)


def _is_new() -> tuple[ColumnElement[bool], ...]:
    return ROWS.verdict == Verdict.NEW, ROWS.service_id.is_(None)


def _is_needed() -> ColumnElement[bool]:
    return ROWS.needs != ()
