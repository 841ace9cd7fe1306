"""Reads of complaints: one, those that wait, and those that nobody acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from crm.complaints.models import Complaint
from crm.complaints.workflow import ComplaintStatus as S
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.kernel.clock import has_come, is_past

COLUMNS = Complaint.__table__.c
BY_DUE = Order((COLUMNS.due_on, COLUMNS.id), lambda row: (row.due_on, row.id))
NEWEST = Order((COLUMNS.due_on, COLUMNS.id), lambda row: (row.due_on, row.id), is_descending=True)
MOST_ON_A_DESK, MOST_AT_ONCE = 50, 500


def complaint(complaint_id: UUID) -> Complaint | None:
    """One complaint."""
    return session().get(Complaint, complaint_id)


def reference_is_taken(reference: str) -> bool:
    """Whether a complaint is referred to like that."""
    return session().scalar(select(COLUMNS.id).where(COLUMNS.reference == reference)) is not None


def _shown(show: str, on: date) -> tuple[ColumnElement[bool], ...]:
    """The complaints that one list shows."""
    shows: Mapping[str, tuple[ColumnElement[bool], ...]] = {
        "": (COLUMNS.status.in_((S.OPEN, S.ACKNOWLEDGED)),),
        "acknowledge": (COLUMNS.status == S.OPEN,),
        "late": (COLUMNS.status == S.OPEN, is_past(COLUMNS.due_on, on=on)),
        "answer": (COLUMNS.status == S.ACKNOWLEDGED,),
        "answered": (COLUMNS.status == S.ANSWERED,),
        "all": (),
    }
    return shows[show]


def _of(show: str, on: date) -> Select[Complaint]:
    return select(Complaint).where(*_shown(show, on))


def complaints(show: str, *, on: date, cursor: str | None = None) -> Slice[Complaint]:
    """One page of complaints: of those that wait the first to be acknowledged on top, else the newest."""
    order = NEWEST if show in ("answered", "all") else BY_DUE
    return slice_of(_of(show, on), order, cursor=cursor)


def count_of(show: str, *, on: date) -> int:
    """How many there are."""
    found = _of(show, on).with_only_columns(COLUMNS.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def waiting(status: S) -> Sequence[Complaint]:
    """What waits in one state, the first that is due on top."""
    query = select(Complaint).where(COLUMNS.status == status).order_by(COLUMNS.due_on, COLUMNS.id)
    return session().scalars(query.limit(MOST_ON_A_DESK)).all()


def to_alert_to(on: date) -> Sequence[Complaint]:
    """Complaints that nobody acknowledged by the day of the alert, and of which nobody was told yet."""
    query = select(Complaint).where(
        COLUMNS.status == S.OPEN, has_come(COLUMNS.alert_on, on=on), COLUMNS.alerted_at.is_(None)
    )
    return session().scalars(query.order_by(COLUMNS.due_on, COLUMNS.id).limit(MOST_AT_ONCE)).all()
