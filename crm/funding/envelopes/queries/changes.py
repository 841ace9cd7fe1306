"""Reads of changes to the limits of envelopes: one of an envelope, those of one, and those that wait."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.funding.envelopes.models import Envelope, EnvelopeChange
from crm.funding.envelopes.workflow import ChangeStatus

MOST = 200
STATUS = EnvelopeChange.__table__.c.status


def change_of(envelope_id: UUID, change_id: UUID) -> EnvelopeChange | None:
    """One change to the limit of just this envelope."""
    found = change(change_id)
    return found if found is not None and found.envelope_id == envelope_id else None


def change(change_id: UUID) -> EnvelopeChange | None:
    """One change to a limit, with its envelope and people."""
    return session().scalar(_changes().where(EnvelopeChange.id == change_id))


def changes_of(envelope_id: UUID) -> Sequence[EnvelopeChange]:
    """Every change to an envelope's limit, the newest first."""
    query = _changes().where(EnvelopeChange.envelope_id == envelope_id)
    return session().scalars(query.order_by(EnvelopeChange.proposed_at.desc()).limit(MOST)).all()


def waiting_change(envelope_id: UUID) -> EnvelopeChange | None:
    """The change to this envelope's limit that waits for a decision: one at most."""
    conditions = (
        EnvelopeChange.envelope_id == envelope_id,
        STATUS == ChangeStatus.PROPOSED,
    )
    return session().scalar(_changes().where(*conditions))


def proposed_changes() -> Sequence[EnvelopeChange]:
    """Every change that waits for a decision, the oldest first."""
    query = _changes().where(STATUS == ChangeStatus.PROPOSED)
    return session().scalars(query.order_by(EnvelopeChange.proposed_at).limit(MOST)).all()


def _changes() -> Select[EnvelopeChange]:
    return select(EnvelopeChange).options(
        joinedload(EnvelopeChange.envelope).selectinload(Envelope.lines),
        joinedload(EnvelopeChange.proposed_by),
        joinedload(EnvelopeChange.decided_by),
    )
