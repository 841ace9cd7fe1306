"""The register of what people ask about their personal data: recorded with its last day, extended once, answered or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.figures.queries import figure_on
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.kernel.references import new_reference
from crm.notices.service import Extras, Reader, queue
from crm.privacy.models import DataRequest
from crm.privacy.policy import POLICY
from crm.privacy.queries import requests as queries
from crm.privacy.rules import FIRST_DAY, LETTERS_SAY
from crm.privacy.workflow import MACHINE, Act, RequestKind, RequestStatus

EXTENDED = "The time to answer was extended already, and can be extended once."
LATE = "The last day to answer has passed, so the time cannot be extended. Answer the request."
PROPOSED = "Their erasure is proposed. Another administrator decides on it first."


@dataclass(frozen=True)
class Asked:
    """Who asks what about their personal data, on which day it came, and how to reach them."""

    kind: RequestKind
    name: str
    said: str
    received_on: date
    email: str | None = None
    contact: str = ""


def record(asked: Asked, *, by: Actor) -> DataRequest:
    """Record a request: it is answered within a month of the day on which it came (UK GDPR, Article 12(3))."""
    POLICY.require(by, Act.RECORD)
    require_reachable(asked.email, contact=asked.contact)
    if not FIRST_DAY <= asked.received_on <= today():
        raise Invalid(f"The date must be from {day_in_words(FIRST_DAY)} to today", field="received_on")
    made = DataRequest(**fields_of(asked), reference=_free_reference(), recorded_at=now())
    made.recorded_by_id = by.account_id
    made.due_on = add_months(asked.received_on, _months("answer", asked.received_on))
    session().add(made)
    session().flush()
    noted = {name: getattr(made, name) for name in ("reference", "kind", "received_on", "due_on")}
    audit.record(Act.RECORD, made, created(**noted), by=by)
    return made


def require_reachable(email: str | None, *, contact: str) -> None:
    """Refuse a request that nobody could answer."""
    if not email and not contact:
        raise Invalid("Enter an email address, or an address or telephone number here", field="contact")


def _months(which: str, on: date) -> int:
    return int(figure_on(f"privacy.{which}_months", on=on))


def _free_reference() -> str:
    reference = new_reference("D")
    return _free_reference() if queries.reference_is_taken(reference) else reference


def why_not_extended(found: DataRequest) -> str | None:
    """Why the time to answer cannot be extended: it was, or is over already."""
    if found.status is not RequestStatus.OPEN:
        return "This request was answered."
    if found.extended_at is not None:
        return EXTENDED
    return LATE if found.is_overdue(on=today()) else None


def extend(found: DataRequest, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Take further time for a complex request, once and before the first month is over; the person is told why (Article 12(3))."""
    POLICY.require(by, Act.EXTEND, found)
    require_as_shown(found, version)
    refuse_if(why_not_extended(found))
    why = require_reason(reason)
    months = _months("answer", found.received_on) + _months("extension", found.received_on)
    due_on = add_months(found.received_on, months)
    changes = amend(found, due_on=due_on, extended_at=now(), extension_reason=why)
    audit.record(Act.EXTEND, found, {"due_on": changes["due_on"]}, by=by)
    _write("data_request_extended", found, reason=why, due=day_in_words(due_on), by=by)


def why_not_answered(found: DataRequest) -> str | None:
    """Why a request is not answered by hand now: another administrator decides on the erasure first."""
    return PROPOSED if queries.open_erasure(found.id) is not None else None


def answer(found: DataRequest, words: str, *, version: int | None = None, by: Actor) -> None:
    """Tell the person what we did."""
    _close(found, Act.ANSWER, words, version=version, by=by)
    made = queries.copies_of(found)
    copied = day_in_words(day_of(made[0].at)) if made else ""
    _write("data_request_answered", found, answer=words, copied=copied, by=by)


def refuse(found: DataRequest, words: str, *, version: int | None = None, by: Actor) -> None:
    """Tell the person why we do not do what they ask, and whom they can complain to (Article 12(4))."""
    _close(found, Act.REFUSE, words, version=version, by=by)
    _write("data_request_refused", found, answer=words, by=by)


def _close(found: DataRequest, act: Act, words: str, *, version: int | None, by: Actor) -> None:
    POLICY.require(by, act, found)
    require_as_shown(found, version)
    refuse_if(why_not_answered(found))
    changes = advance(MACHINE, found, act)
    amend(found, answer=words, answered_at=now(), answered_by_id=by.account_id)
    audit.record(act, found, changes, by=by)


def _write(kind: str, found: DataRequest, *, by: Actor, **told: Any) -> None:
    """A letter to the person; without an email address staff send its words by post."""
    if found.email:
        context = context_of(found, by_name=by.name, **told)
        queue(kind, Reader(found.email, found.name), having=Extras(context, about=("data_request", found.id)))


def context_of(found: DataRequest, **more: Any) -> dict[str, Any]:
    """What letters to the person say of their request."""
    did = LETTERS_SAY[found.kind]
    return {"reference": found.reference, "received": day_in_words(found.received_on), "did": did, **more}
