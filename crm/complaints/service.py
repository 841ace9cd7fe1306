"""Receiving a complaint, acknowledging it, answering it, and the alert where nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.accounts.queries import account, administrators_on
from crm.audit import service as audit
from crm.complaints import queries
from crm.complaints.models import Complaint
from crm.complaints.policy import POLICY
from crm.complaints.rules import FIRST_DAY, Days, days_of
from crm.complaints.workflow import MACHINE, Act, Channel
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference
from crm.notices.service import Extras, Reader, queue
from crm.throttles import service as throttles
from crm.throttles.rules import COMPLAINTS_BY_ADDRESS, Source


@dataclass(frozen=True)
class Told:
    """Who complains, how to reach them, what happened and what would put it right."""

    name: str
    said: str
    wanted: str = ""
    email: str | None = None
    contact: str = ""


def complain(told: Told, *, source: Source, by: Actor) -> Complaint:
    """Take a complaint from the form. It is taken even where its letter would be one too many to this address."""
    POLICY.require(by, Act.COMPLAIN)
    throttles.take(COMPLAINTS_BY_ADDRESS, source.address, secret=source.secret)
    made = _keep(told, Channel.FORM, today())
    audit.record(Act.COMPLAIN, made, _noted(made), by=by)
    if made.email and throttles.has_room_for_letter(made.email, source):
        _write("complaint_received", made)
    return made


def record(told: Told, channel: Channel, *, received_on: date, by: Actor) -> Complaint:
    """Record a complaint that came another way, with the day on which it came: its days run from then."""
    POLICY.require(by, Act.RECORD)
    require_reachable(told)
    if not FIRST_DAY <= received_on <= today():
        first = day_in_words(FIRST_DAY)
        raise Invalid(f"The date must be from {first} to today", field="received_on")
    made = _keep(told, channel, received_on)
    made.recorded_by_id = by.account_id
    audit.record(Act.RECORD, made, _noted(made), by=by)
    return made


def require_reachable(told: Told) -> None:
    """Refuse a complaint that nobody could answer."""
    if not told.email and not told.contact:
        raise Invalid("Enter an email address, or an address or telephone number here", field="contact")


def acknowledge(complaint: Complaint, *, by: Actor) -> None:
    """Tell the person that we have it and what happens next; without an email address staff write to them."""
    POLICY.require(by, Act.ACKNOWLEDGE, complaint)
    changes = advance(MACHINE, complaint, Act.ACKNOWLEDGE)
    amend(complaint, acknowledged_at=now(), acknowledged_by_id=by.account_id)
    audit.record(Act.ACKNOWLEDGE, complaint, changes, by=by)
    _write("complaint_acknowledged", complaint, by_name=by.name)


def answer(complaint: Complaint, words: str, *, by: Actor) -> None:
    """Tell the person what we found and did, and whom they can complain to next."""
    POLICY.require(by, Act.ANSWER, complaint)
    changes = advance(MACHINE, complaint, Act.ANSWER)
    amend(complaint, answer=words, answered_at=now(), answered_by_id=by.account_id)
    audit.record(Act.ANSWER, complaint, changes, by=by)
    _write("complaint_answered", complaint, by_name=by.name, answer=words)


def alert() -> None:
    """Daily: one letter to each administrator about a complaint that was not acknowledged by the day of the alert."""
    found = queries.to_alert_to(today())
    readers = [account(each) for each in administrators_on(today(), locked=False)] if found else []
    for each in found:
        for reader in readers:
            if reader is not None:
                having = Extras(_alert_about(each), about=("complaint", each.id))
                queue("complaint_alert", Reader(reader.email, reader.name, reader.id), having=having)
        audit.record(Act.ALERT, each, amend(each, alerted_at=now()), by=SYSTEM)


def context_of(complaint: Complaint, **more: Any) -> dict[str, Any]:
    """What letters to the person say of a complaint: nothing that they wrote themselves."""
    days = {"received": day_in_words(complaint.received_on), "due": day_in_words(complaint.due_on)}
    return {"reference": complaint.reference, **days, **more}


def _alert_about(complaint: Complaint) -> dict[str, Any]:
    is_late = complaint.is_overdue(on=today())
    return context_of(complaint, is_late=is_late, path=f"/complaints/{complaint.id}")


def _keep(told: Told, channel: Channel, received_on: date) -> Complaint:
    days = _days_of(received_on)
    fields = fields_of(told) | {"channel": channel, "received_on": received_on, **fields_of(days)}
    made = Complaint(**fields, reference=_free_reference(), recorded_at=now())
    session().add(made)
    session().flush()
    return made


def _days_of(received_on: date) -> Days:
    """By the figures that held on the day on which it came."""
    alert_after, acknowledge_after = (
        int(figure_on(f"complaint.{each}_days", on=received_on)) for each in ("alert", "acknowledge")
    )
    return days_of(received_on, alert=alert_after, acknowledge=acknowledge_after)


def _noted(made: Complaint) -> dict[str, tuple[Any, Any]]:
    """What the audit log says of a new complaint: neither who complained nor what of."""
    return created(
        **{name: getattr(made, name) for name in ("reference", "channel", "received_on", "due_on")}
    )


def _free_reference() -> str:
    reference = new_reference("C")
    while queries.reference_is_taken(reference):
        reference = new_reference("C")
    return reference


def _write(kind: str, complaint: Complaint, **more: Any) -> None:
    """Queue a letter to the person, where they gave an email address."""
    if complaint.email:
        having = Extras(context_of(complaint, **more), about=("complaint", complaint.id))
        queue(kind, Reader(complaint.email, complaint.name), having=having)
