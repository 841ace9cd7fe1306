"""Whether the people in a database are the demonstration's, whose passwords are published, or real ones."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, String, column, func, inspect, not_, or_, select, table
from sqlalchemy.exc import SQLAlchemyError

from crm.config import Settings, settings_or_end
from crm.config.reading import end
from crm.db.session import Database
from crm.db.types import UtcDateTime

INVENTED = "@demo.example"
"""What the addresses of the demonstration's people end with."""
RESERVED = (".example", ".invalid", ".test")
"""Addresses that end with these are nobody's (RFC 2606)."""
WITH_REAL_PEOPLE = (
    "DATABASE_URL names a database with people who were there before the demonstration, and CRM_ENV is demo: "
    "give the demonstration a database of its own"
)
WITH_INVENTED_PEOPLE = (
    "DATABASE_URL names a database with the demonstration's people, whose passwords are published, and CRM_ENV is "
    "production: give the service a database of its own"
)
_PEOPLE = table("account", column("email", String()), column("created_at", UtcDateTime()))


def settings_that_fit() -> Settings:
    """The settings of the environment; the process ends where they, or the people in their database, do not let it start."""
    settings = settings_or_end()
    database = Database(settings.database_url)
    fault = fault_of_people(database, settings.environment)
    database.engine.dispose()
    if fault:
        end(["This database is not one for these settings:", f"- {fault}"])
    return settings


def fault_of_people(database: Database, environment: str) -> str:
    """Why a database is not one for this environment; empty where it is one, is not there yet or does not answer."""
    if environment not in ("demo", "production") or _is_missing(database):
        return ""
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table(_PEOPLE.name):
                return ""
            return _fault(connection, environment)
    except SQLAlchemyError:
        return ""  # said by whoever asks it next, or waited for


def _fault(connection: Connection, environment: str) -> str:
    people = _PEOPLE.c
    first = connection.scalar(select(func.min(people.created_at)).where(people.email.endswith(INVENTED)))
    if environment == "production":
        return WITH_INVENTED_PEOPLE if first is not None else ""
    real = not_(or_(*(people.email.endswith(each) for each in RESERVED)))
    earlier = select(people.email).where(real).limit(1)
    if first is not None:
        earlier = earlier.where(people.created_at < first)
    return WITH_REAL_PEOPLE if connection.scalar(earlier) is not None else ""


def _is_missing(database: Database) -> bool:
    """Whether it is an embedded database that was not made yet: to ask it would make it."""
    url = database.engine.url
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()
