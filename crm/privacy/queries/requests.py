"""Reads of the register of requests about personal data, and of proposals to erase a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import is_on_desks
from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import is_past
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.workflow import Act, RequestKind
from crm.privacy.workflow import RequestStatus as S

COLUMNS, ERASURES = DataRequest.__table__.c, PersonErasure.__table__
BY_DUE = Order((COLUMNS.due_on, COLUMNS.id), lambda row: (row.due_on, row.id))
NEWEST = Order((COLUMNS.received_on, COLUMNS.id), lambda row: (row.received_on, row.id), is_descending=True)
MOST = 50


def data_request(request_id: UUID) -> DataRequest | None:
    """One request."""
    return session().get(DataRequest, request_id)


def reference_is_taken(reference: str) -> bool:
    """Whether a request is referred to like that."""
    return session().scalar(select(COLUMNS.id).where(COLUMNS.reference == reference)) is not None


def _shown(show: str, on: date) -> tuple[ColumnElement[bool], ...]:
    shows: Mapping[str, tuple[ColumnElement[bool], ...]] = {
        "": (COLUMNS.status == S.OPEN,),
        "late": (COLUMNS.status == S.OPEN, is_past(COLUMNS.due_on, on=on)),
        "erasure": (COLUMNS.status == S.OPEN, COLUMNS.kind == RequestKind.ERASURE),
        "answered": (COLUMNS.status == S.ANSWERED,),
        "refused": (COLUMNS.status == S.REFUSED,),
        "all": (),
    }
    return shows[show]


def _of(show: str, on: date) -> Select[DataRequest]:
    return select(DataRequest).where(*_shown(show, on))


def requests(show: str, *, on: date, cursor: str | None = None) -> Slice[DataRequest]:
    """One page of requests: of those that wait the first that is due on top, else the newest."""
    order = NEWEST if show in ("answered", "refused", "all") else BY_DUE
    return slice_of(_of(show, on), order, cursor=cursor)


def count_of(show: str, *, on: date) -> int:
    """How many there are."""
    found = _of(show, on).with_only_columns(COLUMNS.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def to_answer() -> Sequence[DataRequest]:
    """What waits for an answer, the first that is due on top, without those of which an erasure is proposed."""
    proposed = select(ERASURES.c.request_id).where(ERASURES.c.status == "proposed")
    query = select(DataRequest).where(COLUMNS.status == S.OPEN, COLUMNS.id.not_in(proposed))
    return session().scalars(query.order_by(COLUMNS.due_on, COLUMNS.id).limit(MOST)).all()


def others_open(emails: Sequence[str], *, but: UUID) -> Sequence[DataRequest]:
    """Other requests of these addresses that are not answered."""
    query = select(DataRequest).where(COLUMNS.email.in_(emails), COLUMNS.status == S.OPEN, COLUMNS.id != but)
    return session().scalars(query.order_by(COLUMNS.due_on, COLUMNS.id).limit(MOST)).all()


def copies_of(found: DataRequest) -> Sequence[AuditEntry]:
    """When a copy was made for a request, and by whom; the newest first."""
    return entries_about(found, act=Act.MAKE_COPY)


def _whole() -> Select[PersonErasure]:
    return select(PersonErasure).options(
        joinedload(PersonErasure.request),
        joinedload(PersonErasure.proposed_by),
        joinedload(PersonErasure.decided_by),
    )


def erasure(erasure_id: UUID) -> PersonErasure | None:
    """One proposal with its request, as it is now."""
    query = _whole().where(PersonErasure.id == erasure_id)
    return session().scalar(query.execution_options(populate_existing=True))


def erasures_of(request_id: UUID) -> Sequence[PersonErasure]:
    """The proposals that a request led to, the newest first."""
    query = _whole().where(ERASURES.c.request_id == request_id)
    return session().scalars(query.order_by(ERASURES.c.proposed_at.desc()).limit(MOST)).all()


def open_erasure(request_id: UUID) -> PersonErasure | None:
    """The proposal of a request that waits for another person: one at most."""
    query = _whole().where(ERASURES.c.request_id == request_id, ERASURES.c.status == "proposed")
    return session().scalar(query)


@remembered
def erasures_on_desks() -> Sequence[PersonErasure]:
    """Every proposal that is not decided, and what became of the others lately and nobody marked as read; the oldest first."""
    query = _whole().where(is_on_desks(ERASURES))
    return session().scalars(query.order_by(ERASURES.c.proposed_at, ERASURES.c.id).limit(MOST)).all()
