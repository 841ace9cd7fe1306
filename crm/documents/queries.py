"""Reads of documents. Who may see one is asked by the room that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select

from crm.db.session import session
from crm.documents.models import Document

MOST = 200


def documents_about(kind: str, thing_id: UUID) -> Sequence[Document]:
    """The files about a thing that were not removed, in the order in which they came."""
    query = select(Document).where(Document.about_kind == kind, Document.about_id == thing_id)
    query = query.where(Document.removed_at.is_(None)).order_by(Document.kept_at, Document.id)
    return session().scalars(query.limit(MOST)).all()


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


def those_kept(ids: Iterable[UUID]) -> set[UUID]:
    """Those of some ids that are files which were not removed."""
    query = select(Document.id).where(Document.id.in_(list(ids)), Document.removed_at.is_(None))
    return set(session().scalars(query))
