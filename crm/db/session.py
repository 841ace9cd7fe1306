"""The session: one for each request or job, ambient, and able to write only where writing was declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from crm.kernel.folding import plain

BUSY_TIMEOUT_MS = 10_000
PRIVATE, OTHERS = 0o600, 0o077
"""The permissions of a file for its owner alone, and those that anybody else could have."""
HELD_SQLITE = (5, 6)  # busy, locked: the lowest byte says it, the others say where
HELD_POSTGRESQL = (
    "40001",
    "40P01",
    "55P03",
)  # serialisation failed, a deadlock was undone, a lock was not to be had
STATEMENTS_KEPT = 3_000
"""Statements kept as they were compiled: pages and verbs have some 2,500, and to compile each again takes longer than to ask it."""
SORTED_IN_MEMORY = "-c work_mem=16MB"
"""PostgreSQL sorts and joins this much in memory: at its default of 4 MB a page over 10,000 rows went by way of the disk."""
READ_ONLY = "crm_read_only"
ACTING = "crm_acting"
"""Where a session holds the account that acts in this request, for ledgers that note who caused something."""
ANSWERABLE = "crm_answerable"
"""Where a session holds that who acts is one of our staff: a letter that names them can be answered to them."""
RECORDED = "crm_recorded"
"""Where a session holds what was recorded in the audit log in it: the kind and id of each thing, and the entry."""
FOLLOWS = "crm_follows"
"""Where a session holds what follows an act in the rooms above (`crm.db.following`)."""
HOLDS = "crm_holds"
"""Where a session holds what the rooms above say of their rows before these are changed from below (`crm.db.holding`)."""
WITHHOLDS = "crm_withholds"
"""Where a session holds why the rooms above would not have a payment about their rows released (`crm.db.holding`)."""
PROMISES = "crm_promises"
"""Where a session holds what the rooms above have decided to give before a ledger below knows of it (`crm.db.promising`)."""
ROOMS = "crm_rooms"
"""Where a session holds what each room says of the people in its rows (`crm.db.erasing`)."""

SEALS = "crm_seals"
"""Where a session holds the file, outside of the database, that the seals of the audit log are told to (`crm.gateways.anchors`)."""
SITE = "crm_site"
"""Where a session holds the name of this service and the address of its pages, for letters that are stored word for word."""

_current: ContextVar[Session] = ContextVar("session")


class ReadOnlySession(RuntimeError):
    """Something tried to write while reading: a GET changes nothing."""


def session() -> Session:
    """The session of this request or job. Raises LookupError outside of both."""
    return _current.get()


def is_held(error: DBAPIError) -> bool:
    """Whether others had the database for longer than anyone waits. Nothing was done: the same may be tried again."""
    sqlite, postgresql = getattr(error.orig, "sqlite_errorcode", 0), getattr(error.orig, "sqlstate", "")
    return sqlite & 0xFF in HELD_SQLITE or postgresql in HELD_POSTGRESQL


def is_read_only(opened: Session) -> bool:
    """Whether a session was opened for reading alone."""
    return bool(opened.info.get(READ_ONLY))


class Database:
    """One database and the ways to open it: for reading, or for one transaction of writing.

    SQLite begins a write IMMEDIATE, so that two writers wait for each other rather than fail half-way, and a
    read DEFERRED with ``query_only``; PostgreSQL reads in a READ ONLY transaction.
    """

    def __init__(
        self,
        url: str,
        *,
        follows: Mapping[Any, Any] | None = None,
        holds: Mapping[str, Any] | None = None,
        withholds: Mapping[str, Any] | None = None,
        promises: tuple[Any, ...] = (),
        rooms: tuple[Any, ...] = (),
        site: Mapping[str, str] | None = None,
        seals: Any = None,
    ) -> None:
        self.engine = _engine(url)
        self._declared = {
            FOLLOWS: follows or {},
            HOLDS: holds or {},
            WITHHOLDS: withholds or {},
            PROMISES: promises,
            ROOMS: rooms,
            SITE: site or {},
            SEALS: seals,
        }
        self._reading = self.engine.execution_options(**{READ_ONLY: True}, **_readonly_option(self.engine))
        self._connection: Connection | None = None

    def open(self, *, read_only: bool = False) -> Session:
        """A new session. Nothing is sent to the database before it is first used."""
        if self._connection is not None:
            made = Session(self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        else:
            made = Session(self._reading if read_only else self.engine, expire_on_commit=False)
        made.info |= {READ_ONLY: read_only, **self._declared}
        return made

    @contextmanager
    def using(self, opened: Session) -> Iterator[Session]:
        """Make a session the ambient one, and close it in the end; what was not committed is undone."""
        token = _current.set(opened)
        try:
            yield opened
        finally:
            _current.reset(token)
            opened.close()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction of writing: committed at the end, undone if anything is raised."""
        with self.using(self.open()) as opened:
            yield opened
            opened.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only read."""
        with self.using(self.open(read_only=True)) as opened:
            yield opened

    @contextmanager
    def within(self, connection: Connection) -> Iterator[None]:
        """Let every session join this connection's transaction, each in a savepoint: for tests."""
        self._connection = connection
        try:
            yield
        finally:
            self._connection = None


def _engine(url: str) -> Engine:
    """An engine that begins its own transactions on SQLite and checks connections on PostgreSQL."""
    if not url.startswith("sqlite"):
        sorting = {"options": SORTED_IN_MEMORY}
        return create_engine(url, connect_args=sorting, pool_pre_ping=True, query_cache_size=STATEMENTS_KEPT)
    held = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=held, query_cache_size=STATEMENTS_KEPT)
    event.listen(engine, "connect", lambda *_: _keep_to_ourselves(engine.url.database or ""), once=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _readonly_option(engine: Engine) -> dict[str, Any]:
    return {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}


def _keep_to_ourselves(path: str) -> None:
    """Let nobody else of this machine read an embedded database: it holds what the key beside it protects.

    What SQLite makes beside it later has the same permissions.
    """
    for each in (Path(path + suffix) for suffix in ("", "-wal", "-shm")):
        if path and each.is_file() and each.stat().st_mode & OTHERS:
            with suppress(PermissionError):  # it is another's, who lets us read it
                each.chmod(PRIVATE)


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves: the driver would begin too late
    for name, function in (
        ("in_small_letters", str.lower),
        ("in_plain_letters", plain),
        ("only_figures", _figures),
    ):
        connection.create_function(name, 1, _or_null(function), deterministic=True)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _or_null(function: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda text: None if text is None else function(text)


def _figures(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def _begin_sqlite(connection: Connection) -> None:
    is_read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if is_read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_read_only else "BEGIN IMMEDIATE")


@event.listens_for(Session, "before_flush")
def _refuse_flush(opened: Session, _context: Any, _instances: Any) -> None:
    if is_read_only(opened):
        raise ReadOnlySession("a session opened for reading was asked to write")


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_write(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and is_read_only(state.session):
        raise ReadOnlySession("a session opened for reading was asked to write")
