"""Reading how the service is running: as many statements at any size, and an answer where the database gives none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import exists, select, table
from sqlalchemy.exc import SQLAlchemyError

from crm.db.migrating import newest_revision, revision_of
from crm.db.session import session
from crm.figures.queries import figures_lacking
from crm.gateways.disk import disk_of
from crm.kernel.permissions import SYSTEM
from crm.notices.queries import count_failed, outbox, signs_of_life
from crm.watch.rules import Seen

REFERENCE = {
    "hub": "hubs",
    "dated_figure": "dated figures",
    "service": "services in the directory",
    "readiness_set": "readiness questions",
    "question_set": "questions of triage",
    "support_kind": "kinds of support",
    "indicator": "indicators",
    "statement_wording": "wordings of investor statements",
    "bank_holiday": "bank holidays",
}
"""The tables that `reference load` fills, in words."""
FIGURES = REFERENCE["dated_figure"]


def seen(data: Path) -> Seen:
    """Everything at once. Where the database does not answer, that is what was seen."""
    found = Seen(disk_of(data), newest_revision())
    try:
        found = replace(found, revision=revision_of(session().connection()) or "", answers=True)
        return _of_database(found) if found.is_migrated else found
    except SQLAlchemyError:
        return Seen(found.disk, found.expected)


def _of_database(found: Seen) -> Seen:
    waiting, oldest = outbox()
    return replace(
        found,
        signs=signs_of_life(),
        waiting=waiting,
        oldest=oldest,
        failed=count_failed(SYSTEM),
        loaded=_loaded(),
    )


def _loaded() -> dict[str, bool]:
    """Whether there is anything of each kind of reference data, and of the figures every one that this version asks for."""
    row = session().execute(select(*(exists().select_from(table(each)) for each in REFERENCE))).one()
    known = dict(zip(REFERENCE.values(), map(bool, row), strict=True))
    return known | {FIGURES: not figures_lacking()}


def lacking() -> list[str]:
    """The kinds of reference data that are not there, in words: pages that need them fail."""
    return [what for what, is_there in _loaded().items() if not is_there]
