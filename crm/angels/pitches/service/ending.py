"""Evidence of showings is deleted once the time for which it is kept is over; a row and a line of the trail stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from crm.angels.investors.models import BlockedPromotion, Certification, CertificationAttempt
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.pitches.models import EvidenceEnd, Promotion
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries.ending import last_day_of
from crm.angels.pitches.workflow import Act
from crm.audit import service as audit
from crm.db.base import Base
from crm.db.changes import created
from crm.db.session import session
from crm.documents import service as documents
from crm.documents.queries import documents_about
from crm.figures.queries import figure_on
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor

NO_LONGER_KEPT = "The time for which evidence is kept is over"


def end_evidence(account_id: UUID, *, by: Actor) -> EvidenceEnd:
    """Delete what showed that showings to one investor were lawful. Refused while any of it is still to be kept.

    That it was there, how much, and until when it was kept stays.
    """
    POLICY.require(by, Act.END_EVIDENCE)
    days = _days_of(account_id)
    signed, tried = rows_of(Certification, account_id), rows_of(CertificationAttempt, account_id)
    shown = rows_of(Promotion, account_id)
    counts = {"showings": len(shown), "statements": len(signed), "attempts": len(tried)}
    made = EvidenceEnd(account_id=account_id, ended_on=today(), **days, **counts)
    session().add(made)
    session().flush()
    for each in signed:
        _let_go(each, by=by)
    for rows in (shown, rows_of(BlockedPromotion, account_id), tried, signed):
        _delete(rows)
    audit.record(Act.END_EVIDENCE, made, created(account_id=account_id, **days, **counts), by=by)
    return made


def _days_of(account_id: UUID) -> dict[str, date]:
    """The last day of the evidence about somebody, and the last on which it had to be kept. Raises `Conflict` until then."""
    last = last_day_of(account_id)
    months = int(figure_on("angel.evidence_months", on=today()))
    if last is None or add_months(last, months) >= today():
        raise Conflict("This evidence is still to be kept.")
    return {"last_on": last, "kept_until": add_months(last, months)}


def _let_go(found: Certification, *, by: Actor) -> None:
    """The files of a statement, and the words that the trail has of it."""
    for each in documents_about(Certification.__tablename__, found.id):
        documents.remove(each)
    audit.erase_all_values(found, reason=NO_LONGER_KEPT, by=by)


def _delete(rows: Iterable[Base]) -> None:
    for each in rows:
        session().delete(each)
    session().flush()
