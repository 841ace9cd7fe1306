"""Reads of documents. Who may see one is asked by the room that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select

from crm.db.session import session
from crm.documents.models import Document, FileShelf

MOST = 200
MOST_OF_SEVERAL = 2_000


def documents_about(kind: str, thing_id: UUID) -> Sequence[Document]:
    """The files about a thing that were not removed, in the order in which they came."""
    query = select(Document).where(Document.about_kind == kind, Document.about_id == thing_id)
    query = query.where(Document.removed_at.is_(None)).order_by(Document.kept_at, Document.id)
    return session().scalars(query.limit(MOST)).all()


def documents_about_each(kind: str, ids: Iterable[UUID]) -> dict[UUID, list[Document]]:
    """The files about each of several things that were not removed, in one question; none where a thing has none."""
    query = select(Document).where(Document.about_kind == kind, Document.about_id.in_(list(ids)))
    query = query.where(Document.removed_at.is_(None)).order_by(Document.kept_at, Document.id)
    found: dict[UUID, list[Document]] = {}
    for each in session().scalars(query.limit(MOST_OF_SEVERAL)):
        found.setdefault(each.about_id, []).append(each)
    return found


def documents_from(account_id: UUID) -> Sequence[Document]:
    """The files that an account handed in and that were not removed, the newest first."""
    query = select(Document).where(Document.kept_by_id == account_id, Document.removed_at.is_(None))
    return session().scalars(query.order_by(Document.kept_at.desc(), Document.id).limit(MOST)).all()


def document(document_id: UUID) -> Document | None:
    """One file that was not removed. What it is about, and so who may see it, is for the asking room to compare."""
    found = session().get(Document, document_id)
    return found if found is not None and found.removed_at is None else None


def document_about(document_id: UUID, *, kind: str, thing_id: UUID) -> Document | None:
    """One file, if it is about just this thing and was not removed."""
    found = document(document_id)
    return found if found is not None and (found.about_kind, found.about_id) == (kind, thing_id) else None


def count_about(kind: str, thing_id: UUID) -> int:
    """How many files there are about a thing."""
    query = select(func.count()).select_from(Document)
    query = query.where(Document.about_kind == kind, Document.about_id == thing_id)
    return session().scalar(query.where(Document.removed_at.is_(None))) or 0


def shelf() -> FileShelf:
    """The part of the store that is this database's own."""
    return session().scalars(select(FileShelf)).one()


def those_known(ids: Iterable[UUID]) -> dict[UUID, Document]:
    """The rows of some ids, of files that were removed too."""
    return {each.id: each for each in session().scalars(select(Document).where(Document.id.in_(list(ids))))}


def removed_beside_the_shelf() -> Sequence[Document]:
    """Files that were removed and lie beside the shelf, since they came before there was one."""
    query = select(Document).where(Document.shelf == "", Document.removed_at.is_not(None))
    return session().scalars(query.order_by(Document.id).limit(MOST)).all()
