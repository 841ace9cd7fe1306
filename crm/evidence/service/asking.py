"""Recording the finance a business seeks, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.evidence.models import Ask
from crm.evidence.policy import POLICY
from crm.evidence.workflow import MACHINE, Act, Instrument, Medium, UnmetReason, why_not_correct_ask
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class AskDetails:
    """A sum sought. ``amount`` is None where it is not known yet; ``source`` says where it was told."""

    instrument: Instrument
    purpose: str
    medium: Medium
    amount: Money | None = None
    stage: str | None = None
    asked_on: date | None = None
    source: str = "an adviser"


@dataclass(frozen=True)
class Found:
    """Who met an ask, with how much (None: not known), and when."""

    met_by: str
    on: date
    amount: Money | None = None


def record(business: Business, details: AskDetails, *, by: Actor) -> Ask:
    """Record that a business seeks finance."""
    POLICY.require(by, Act.RECORD, business)
    require_in_use(business)
    _require_amount(details)
    fields = fields_of(details) | {"asked_on": details.asked_on or today()}
    _require_past(fields["asked_on"], field="asked_on")
    made = Ask(
        business_id=business.id,
        **fields,
        recorded_at=now(),
        recorded_by_id=by.account_id,
        _status=MACHINE.start,
    )
    session().add(made)
    session().flush()
    audit.record(Act.RECORD, made, created(business_id=business.id, **fields), by=by)
    return made


def correct(ask: Ask, details: AskDetails, *, version: int | None = None, by: Actor) -> None:
    """Correct what is sought, as long as it is open. ``version`` is what the page showed."""
    POLICY.require(by, Act.CORRECT, ask)
    refuse_if(why_not_correct_ask(ask))
    require_as_shown(ask, version)
    _require_amount(details)
    fields = fields_of(details) | {"asked_on": details.asked_on or ask.asked_on, "source": ask.source}
    _require_past(fields["asked_on"], field="asked_on")
    changes = amend(ask, **fields)
    if changes:
        audit.record(Act.CORRECT, ask, changes, by=by)


def _require_amount(details: AskDetails) -> None:
    if details.amount is not None and not details.amount:
        raise Invalid("The amount must be more than £0. Leave it empty if it is not known", field="amount")


def _require_past(day: date, *, field: str) -> None:
    if day > today():
        raise Invalid("The day must be today or earlier", field=field)


def meet(ask: Ask, found: Found, *, version: int | None = None, by: Actor) -> None:
    """Record that the finance was found, and where."""
    POLICY.require(by, Act.MEET, ask)
    require_as_shown(ask, version)
    _require_past(found.on, field="settled_on")
    changes = advance(MACHINE, ask, Act.MEET)
    changes |= amend(
        ask,
        met_by=found.met_by,
        met_amount=found.amount,
        settled_on=found.on,
        unmet_reason=None,
        unmet_note="",
    )
    audit.record(Act.MEET, ask, changes, by=by)


def leave_unmet(
    ask: Ask,
    reason: UnmetReason,
    *,
    note: str,
    part: Found | None = None,
    version: int | None = None,
    by: Actor,
) -> None:
    """Record that the finance was not found, and why: the case for a fund rests on the reasons. ``part`` is what was found."""
    POLICY.require(by, Act.LEAVE_UNMET, ask)
    require_as_shown(ask, version)
    changes = advance(MACHINE, ask, Act.LEAVE_UNMET)
    changes |= amend(ask, unmet_reason=reason, unmet_note=note, settled_on=today())
    if part is not None:
        changes |= amend(ask, met_by=part.met_by, met_amount=part.amount)
    audit.record(Act.LEAVE_UNMET, ask, changes, by=by)


def drop(ask: Ask, *, version: int | None = None, by: Actor) -> None:
    """Record that the business no longer seeks it."""
    POLICY.require(by, Act.DROP, ask)
    require_as_shown(ask, version)
    changes = advance(MACHINE, ask, Act.DROP)
    changes |= amend(ask, settled_on=ask.settled_on or today(), unmet_reason=None, unmet_note="")
    audit.record(Act.DROP, ask, changes, by=by)


def reopen(ask: Ask, *, version: int | None = None, by: Actor) -> None:
    """Reopen a settled ask: what came of it stays in the history."""
    POLICY.require(by, Act.REOPEN, ask)
    require_as_shown(ask, version)
    changes = advance(MACHINE, ask, Act.REOPEN)
    changes |= amend(ask, settled_on=None, met_by=None, met_amount=None, unmet_reason=None, unmet_note="")
    audit.record(Act.REOPEN, ask, changes, by=by)
