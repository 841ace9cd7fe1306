"""What the front page says of the directory, and whether the system is ready to serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.db.migrating import newest_revision, revision_of
from crm.db.session import session
from crm.directory.queries import Search, count_of, providers_listed
from crm.directory.workflow import ServiceStatus
from crm.watch.queries import lacking


def readiness() -> dict[str, Any]:
    """What must be so before people are sent to this process: each by name, and whether it is; ``missing`` says what is not there.

    The database answers, is migrated, and holds what comes with the product: without it pages fail. Nothing else: a mail server that is away would take every healthy process out of a balancer (alarms: `crm.watch`).
    """
    try:
        session().execute(text("SELECT 1"))
        is_migrated = revision_of(session().connection()) == newest_revision()
    except SQLAlchemyError:
        return {"database": False, "migrations": False, "reference": False}
    missing = lacking() if is_migrated else None
    checks = {"database": True, "migrations": is_migrated, "reference": missing == []}
    return checks | ({"missing": missing} if missing else {})


@dataclass(frozen=True)
class Listed:
    """How many services the directory lists, from how many providers, and how many of them are open."""

    services: int
    providers: int
    are_open: int


def listed() -> Listed:
    """The figures of the front page: as many services as the directory counts."""
    services, are_open = count_of(Search()), count_of(Search(status=ServiceStatus.OPEN))
    return Listed(services, len(providers_listed()), are_open)
