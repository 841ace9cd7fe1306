"""Hearing from Stripe: each event once, in one transaction with all that follows; and hearing one again by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CardPayment, StripeEvent
from crm.billing.policy import POLICY
from crm.billing.rules import BOUNCED, EVENTS, FAILURES
from crm.billing.service import telling
from crm.billing.service.applying import apply
from crm.billing.workflow import Act, Outcome
from crm.db.changes import amend
from crm.db.session import session
from crm.gateways.payments.facts import Event, Fact, Session
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, require_reason
from crm.kernel.permissions import SYSTEM, Actor

UNKNOWN = "Stripe has nothing of ours under this id."
NOT_OURS = "It is about a customer who is not a member here."
OTHER_PRICE = "It is about a price that is not a membership’s."
WRONG_MODE = "It was sent in the other mode: test events to the real service, or real ones to a test."
NOT_ACTED_ON = "We do not act on this kind of event."
SILENCE = "Stripe did not answer when we asked what has happened. It sends the event again."
FAILED = "It could not be written. Stripe sends it again; the log says why."


@dataclass(frozen=True)
class Ours:
    """What events of ours have: the mode of this installation and the prices of its memberships."""

    is_live: bool
    prices: frozenset[str]


@dataclass(frozen=True)
class Look:
    """What Stripe said of the thing that an event is about, and when it was asked."""

    fact: Fact | None
    looked_at: datetime


def is_worth_a_look(event: Event, ours: Ours) -> bool:
    """Whether Stripe has to be asked what the event is about."""
    return event.is_live == ours.is_live and event.type in EVENTS


def hear(event: Event, look: Look, *, ours: Ours) -> Outcome:
    """Write down an event and what follows it, once: one that was heard already changes nothing."""
    row = _row_of(event)
    if row is None:
        return Outcome.DONE
    outcome, words, account_id = _followed(row, event.is_live, look, ours)
    changes = amend(row, outcome=outcome, words=words, account_id=account_id)
    audit.record(Act.HEAR, row, changes | {"type": (None, row.type)}, by=SYSTEM)
    return outcome


def _row_of(event: Event) -> StripeEvent | None:
    """The row of an event that is to be acted on now; None where it was heard before. Two of one event wait for each other."""
    found = queries.event_by(event.id)
    if found is None:
        return _claimed(event)
    if found.outcome is not Outcome.FAILED:
        return None
    found.tries += 1
    return found


def _claimed(event: Event) -> StripeEvent | None:
    """The new row of an event; None where somebody wrote one in the meantime."""
    is_postgresql = session().get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if is_postgresql else sqlite_insert
    row = insert(StripeEvent).values(id=uuid4(), words="", tries=1, version=1, **_fields_of(event))
    return session().scalar(row.on_conflict_do_nothing().returning(StripeEvent))


def _fields_of(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "type": event.type,
        "kind": event.kind,
        "about": event.about,
        "outcome": Outcome.FAILED,
        "created_at": event.created_at,
        "heard_at": now(),
    }


def _followed(row: StripeEvent, is_live: bool, look: Look, ours: Ours) -> tuple[Outcome, str, UUID | None]:
    """What becomes of an event, why, and whom it is about."""
    if is_live != ours.is_live:
        return Outcome.WRONG_MODE, WRONG_MODE, None
    if row.type not in EVENTS:
        return Outcome.IGNORED, NOT_ACTED_ON, None
    if look.fact is None:
        return Outcome.NOT_OURS, UNKNOWN, None
    account_id = queries.account_of_customer(look.fact.customer)
    if account_id is None:
        return Outcome.NOT_OURS, NOT_OURS, None
    if not isinstance(look.fact, Session) and not look.fact.prices & ours.prices:
        return Outcome.NOT_OURS, OTHER_PRICE, account_id
    has_failed, has_bounced = row.type in FAILURES, row.type == BOUNCED
    apply(look.fact, account_id, looked_at=look.looked_at, has_failed=has_failed, has_bounced=has_bounced)
    return Outcome.DONE, "", account_id


def note_failure(event: Event, words: str) -> None:
    """Note an event that could not be written, so that staff see it; it is heard when Stripe sends it again."""
    if queries.event_by(event.id) is None:
        row = StripeEvent(words=words, **_fields_of(event))
        session().add(row)
        session().flush()
        audit.record(Act.HEAR, row, {"outcome": (None, row.outcome)}, by=SYSTEM)


def replay(row: StripeEvent, look: Look, *, ours: Ours, by: Actor) -> Outcome:
    """Act on an event once more, by what Stripe says now of what it is about."""
    POLICY.require(by, Act.REPLAY, row)
    if row.outcome is Outcome.WRONG_MODE:
        raise Conflict("An event of the other mode is not acted on.")
    outcome, words, account_id = _followed(row, ours.is_live, look, ours)
    changes = amend(row, outcome=outcome, words=words, account_id=account_id, tries=row.tries + 1)
    audit.record(Act.REPLAY, row, changes, by=by)
    return outcome


def close_event(row: StripeEvent, *, by: Actor) -> None:
    """Say that somebody has looked at an event that we did not act on, and that nothing is left to do."""
    POLICY.require(by, Act.CLOSE_EVENT, row)
    if not row.is_open:
        raise Conflict("Nothing is left to do about this event.")
    changes = amend(row, closed_at=now(), closed_by_id=by.account_id)
    audit.record(Act.CLOSE_EVENT, row, changes, by=by)


def settle_refund(found: CardPayment, *, note: str, by: Actor) -> None:
    """Say what follows a partial refund, or a request for one: the membership goes on, and the note says why that is right.

    Whoever asked for their payment back reads the note.
    """
    POLICY.require(by, Act.SETTLE, found)
    if not found.is_to_settle:
        raise Conflict("There is no refund to decide about.")
    words, was_asked = require_reason(note, field="note"), found.asked_back_at is not None
    changes = amend(found, settled=found.refunded, settled_note=words, asked_back_at=None)
    audit.record(Act.SETTLE, found, changes, by=by)
    if was_asked:
        telling.tell_not_given_back(found, note=words)
