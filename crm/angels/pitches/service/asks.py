"""What a pitch seeks, as evidence: an ask of the business, recorded when it is submitted and settled when it ends."""

from __future__ import annotations

from crm.angels.investors.workflow import Instrument as Form
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import ClosedAs, PitchStatus
from crm.evidence.queries import ask
from crm.evidence.service import asking
from crm.evidence.workflow import AskStatus, Instrument, Medium, UnmetReason
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM

AS_EVIDENCE = {
    Form.EQUITY: Instrument.EQUITY,
    Form.CONVERTIBLE: Instrument.EQUITY,
    Form.LOAN_NOTE: Instrument.LOAN,
    Form.LOAN: Instrument.LOAN,
}
FROM = "a pitch to angels"
INVESTORS = "Angel investors"


def keep_ask(found: Pitch) -> None:
    """Record what a pitch seeks as an ask of the business: once for a pitch, as it is now."""
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
        asking.meet(known, asking.Found(INVESTORS, today(), found.raised), by=SYSTEM)
    elif found.status in {PitchStatus.DECLINED, PitchStatus.CLOSED}:
        reason = found.declined_for or UnmetReason.OTHER
        part = asking.Found(INVESTORS, today(), found.raised) if found.raised else None
        asking.leave_unmet(known, reason, note=found.reason.strip(), part=part, by=SYSTEM)
    else:
        asking.drop(known, by=SYSTEM)


def settle_again(found: Pitch) -> None:
    """Settle the ask anew, where what the raise came to has changed since."""
    known = ask(found.ask_id) if found.ask_id else None
    if known is not None and known.status in {AskStatus.MET, AskStatus.UNMET}:
        asking.reopen(known, by=SYSTEM)
        settle_ask(found)
