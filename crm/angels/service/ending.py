"""What the end of a pitch causes elsewhere: waiting requests are cancelled, and the ask is settled as evidence."""

from __future__ import annotations

from crm.angels.models import Angel, Introduction, Pitch
from crm.angels.queries import introductions as queries
from crm.angels.service.telling import tell_investor
from crm.angels.workflow import INTRODUCTIONS, Act, ClosedAs, PitchStatus
from crm.angels.workflow import Instrument as Form
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.states import advance
from crm.evidence.queries import ask
from crm.evidence.service import asking
from crm.evidence.workflow import AskStatus, Instrument, Medium, UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM, Actor

AS_EVIDENCE = {
    Form.EQUITY: Instrument.EQUITY,
    Form.CONVERTIBLE: Instrument.EQUITY,
    Form.LOAN_NOTE: Instrument.LOAN,
    Form.LOAN: Instrument.LOAN,
}
FROM = "a pitch to angels"


def cancel_waiting(found: Pitch) -> None:
    """Cancel what waits for an answer or is held, and tell the investors; without a word about why."""
    for each in queries.waiting_for(found.id):
        cancel(each)


def cancel(found: Introduction) -> None:
    """End a request because the pitch ended."""
    changes = advance(INTRODUCTIONS, found, Act.CANCEL) | amend(found, ended_at=now())
    audit.record(Act.CANCEL, found, changes, by=SYSTEM)
    tell_investor(found, "introduction_cancelled")


def take_back_waiting(angel: Angel, *, actor: Actor) -> None:
    """Take back what waits for an answer, or is held, of an investor who leaves."""
    for each in queries.waiting_of(angel.account_id) if angel.account_id else ():
        changes = advance(INTRODUCTIONS, each, Act.TAKE_BACK) | amend(each, ended_at=now())
        audit.record(Act.TAKE_BACK, each, changes, by=actor)


def keep_ask(found: Pitch) -> None:
    """Keep what a pitch seeks as an ask of the business: once for a pitch, as it stands now."""
    details = asking.AskDetails(
        instrument=AS_EVIDENCE.get(found.instrument, Instrument.OTHER),
        purpose=found.headline,
        medium=Medium.SCREEN if "film_tv_radio_photo" in found.groups else Medium.OTHER,
        amount=found.amount,
        stage=found.stage or None,
        source=FROM,
    )
    known = ask(found.ask_id) if found.ask_id else None
    if known is None:
        found.ask_id = asking.record(found.business, details, by=SYSTEM).id
    elif known.status is AskStatus.OPEN:
        asking.correct(known, details, by=SYSTEM)


def settle_ask(found: Pitch) -> None:
    """Settle the ask as the pitch ended: met, not met for a reason, or no longer sought."""
    known = ask(found.ask_id) if found.ask_id else None
    if known is None or known.status is not AskStatus.OPEN:
        return
    if found.closed_as is ClosedAs.FUNDED:
        asking.meet(known, asking.Found("Angel investors", today(), found.raised), by=SYSTEM)
    elif found.status in {PitchStatus.DECLINED, PitchStatus.CLOSED}:
        reason = found.declined_for or UnmetReason.OTHER
        part = f"{found.raised} of it was raised. " if found.raised else ""
        asking.leave_unmet(known, reason, note=f"{part}{found.reason}".strip(), by=SYSTEM)
    else:
        asking.drop(known, by=SYSTEM)
