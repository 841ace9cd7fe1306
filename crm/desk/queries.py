"""Whether the system is ready to serve."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.db.migrating import newest_revision, revision_of
from crm.db.session import Database, session
from crm.desk.rules import is_late
from crm.kernel.clock import now
from crm.notices.queries import oldest_waiting


def readiness(database: Database) -> dict[str, bool]:
    """What must be so before people are sent here: each by name, and whether it is."""
    try:
        session().execute(text("SELECT 1"))
        is_migrated = revision_of(database.engine) == newest_revision()
        is_on_time = is_migrated and not is_late(oldest_waiting(), at=now())
    except SQLAlchemyError:
        return {"database": False, "migrations": False, "outbox": False}
    return {"database": True, "migrations": is_migrated, "outbox": is_on_time}
