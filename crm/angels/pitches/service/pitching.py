"""The business's own side of a pitch: written, submitted, paused, changed, withdrawn, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crm.angels.investors.rules.instruments import HELD, is_cleared
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch, PitchVersion
from crm.angels.pitches.policy import POLICY, is_owned_by_them
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.rules.labels import PITCH_STATUSES
from crm.angels.pitches.rules.pitching import SHARES, lacking, why_not_reached
from crm.angels.pitches.service import asks
from crm.angels.pitches.service.screening import NO_OWNER, require_no_tie
from crm.angels.pitches.service.telling import tell_business, tell_unanswered
from crm.angels.pitches.workflow import PITCHES, Act, ClosedAs, PitchStatus, Relief
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of, plain
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.documents.models import Document
from crm.documents.service import Stored, Subject, keep, remove
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import has_come, is_past, now, today
from crm.kernel.errors import Conflict, Invalid, refuse_all, says_something
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference
from crm.rights.queries import rights_of

OWN = ("name", "company_number", "registered_address", "registered_postcode", "website")


@dataclass(frozen=True)
class PitchDetails:
    """What a pitch says. ``min_ticket`` is the least that one investor can put in."""

    headline: str
    instrument: Instrument
    amount: Money
    min_ticket: Money = NO_MONEY
    summary: str = ""
    terms: str = ""
    use_of_funds: str = ""
    team: str = ""
    market: str = ""
    slate: str = ""
    video_url: str = ""
    contact: str = ""
    closes_on: date | None = None
    seis: Relief = Relief.NO
    eis: Relief = Relief.NO
    seis_raised: Money = NO_MONEY
    eis_raised: Money = NO_MONEY
    eis_year: Money = NO_MONEY
    is_ni_trade: bool = False


def begin(business: Business, details: PitchDetails, *, by: Actor) -> Pitch:
    """Begin a pitch. A business has one at a time; what it told us before is in it already."""
    POLICY.require(by, Act.BEGIN, business)
    require_in_use(business)
    _require_sound(details)
    refuse_if(why_not_begun(business))
    fields = fields_of(details)
    made = Pitch(business_id=business.id, reference=_reference(), begun_at=now(), _status=PITCHES.start)
    made.begun_by_id = by.account_id
    for name, value in (fields | _own(business)).items():
        setattr(made, name, value)
    session().add(made)
    session().flush()
    follow(Act.BEGIN, made, by=by)
    audit.record(Act.BEGIN, made, created(business_id=business.id, **fields), by=by)
    return made


def why_not_begun(business: Business) -> str | None:
    """Why a business cannot begin a pitch now: it has one at a time."""
    known = queries.live_pitch_of(business.id)
    if known is None:
        return None
    return (
        f"{business.name} already has a pitch, {known.reference}: {PITCH_STATUSES[known.status].lower()}. "
        "Close or withdraw it before you start another."
    )


def _reference() -> str:
    while queries.reference_is_taken(found := new_reference("P")):
        pass
    return found


def _own(business: Business) -> dict[str, Any]:
    """What investors filter by: told already, and read anew whenever the pitch is submitted."""
    return {"groups": business.dcms_groups, "stage": business.stage or "", "leps": business.leps}


def _require_sound(details: PitchDetails) -> None:
    """Refuse what does not fit together, all of it at once."""
    refuse_all((*_unsound_sums(details), *_without_shares(details), *_unsound_ways(details)))


def _unsound_sums(details: PitchDetails) -> Iterator[Invalid]:
    if not details.amount:
        yield Invalid("Enter how much you want to raise", field="amount")
    elif details.min_ticket > details.amount:
        yield Invalid("The minimum investment cannot be more than the amount you raise", field="min_ticket")
    if details.eis_year > details.eis_raised:
        yield Invalid("This cannot be more than the total raised so far", field="eis_year")


def _unsound_ways(details: PitchDetails) -> Iterator[Invalid]:
    if details.closes_on is not None and has_come(details.closes_on, on=today()):
        yield Invalid("The last day must be in the future", field="closes_on")
    unreached = why_not_reached(details.contact) if details.contact.strip() else None
    if unreached:
        yield Invalid(unreached, field="contact")


def _without_shares(details: PitchDetails) -> Iterator[Invalid]:
    """Only new shares can fall under a tax relief: a loan note or a convertible cannot."""
    for field in ("seis", "eis"):
        if details.instrument not in SHARES and getattr(details, field) is not Relief.NO:
            yield Invalid(
                f"{field.upper()} is only for new shares. Choose No, or change the type of investment to shares",
                field=field,
            )


def write(found: Pitch, details: PitchDetails, *, version: int | None, by: Actor) -> None:
    """Change what a pitch says, as long as it is being written. Two people do not write over each other."""
    POLICY.require(by, Act.WRITE, found)
    _require_sound(details)
    refuse_if(why_not_written(found))
    require_as_shown(found, version)
    changes = amend(found, **fields_of(details))
    if changes:
        follow(Act.WRITE, found, by=by)
        audit.record(Act.WRITE, found, changes, by=by)


def submit(found: Pitch, *, by: Actor) -> None:
    """Submit a pitch for screening. What it says now is stored as a version, and the amount as a funding need."""
    POLICY.require(by, Act.SUBMIT, found)
    PITCHES.target(Act.SUBMIT, found.status)
    missing = lacking(found.business, found)
    if missing:
        raise Conflict(f"Before you can submit it, add: {', '.join(missing)}.")
    if not is_cleared(found.instrument):
        raise Conflict(HELD)
    number = found.number + 1
    changes = amend(found, number=number, submitted_at=now(), reason="", declined_for=None)
    changes |= amend(found, **_own(found.business))
    _keep_version(found, actor=by)
    asks.keep_ask(found)
    audit.record(Act.SUBMIT, found, changes | advance(PITCHES, found, Act.SUBMIT), by=by)


def _keep_version(found: Pitch, *, actor: Actor) -> None:
    content = {name: getattr(found, name) for name in PitchDetails.__dataclass_fields__}
    own = {name: getattr(found.business, name) for name in OWN}
    rights = [
        {"kind": each.kind, "title": each.title, "status": each.status, "number": each.number}
        | {"owner": each.owner, "territory": each.territory}
        for each in rights_of(found.business_id)
    ]
    kept = plain(content | {"business": own, "rights": rights})
    made = PitchVersion(pitch_id=found.id, number=found.number, content=kept, kept_at=now())
    made.kept_by_id = actor.account_id
    session().add(made)


def attach(found: Pitch, paper: Stored, *, by: Actor) -> Document:
    """Add a file to a pitch that is being written: it is screened together with it."""
    POLICY.require(by, Act.ATTACH, found)
    refuse_if(why_not_written(found))
    made = keep(paper, Subject("pitch", found.id), by=by)
    audit.record(Act.ATTACH, found, created(file=made.name, sha256=made.sha256), by=by)
    return made


def detach(found: Pitch, file: Document, *, by: Actor) -> None:
    """Remove a file."""
    POLICY.require(by, Act.DETACH, found)
    refuse_if(why_not_written(found))
    remove(file)
    audit.record(Act.DETACH, found, {"file": (file.name, None)}, by=by)


def why_not_written(found: Pitch) -> str | None:
    """Why a pitch cannot be changed now, and what to do about it."""
    if found.status is PitchStatus.DRAFT:
        return None
    if PITCHES.find(Act.REVISE, found.status) is None:
        return "This pitch has ended, so it cannot be changed. You can start another."
    return "This pitch has been submitted. Reopen it for editing first."


def pause(found: Pitch, *, by: Actor) -> None:
    """Pause a pitch: investors cannot see it."""
    POLICY.require(by, Act.PAUSE, found)
    queries.hold(found)
    audit.record(Act.PAUSE, found, advance(PITCHES, found, Act.PAUSE), by=by)
    _tell_of_staff(found, "pitch_paused", by)


def _tell_of_staff(found: Pitch, kind: str, actor: Actor) -> None:
    """A letter to the business about what the network's staff did with its pitch; none about what it did itself."""
    if not actor.is_system and not is_owned_by_them(actor, found):
        tell_business(found, kind)


def resume(found: Pitch, *, by: Actor) -> None:
    """Show it again."""
    POLICY.require(by, Act.RESUME, found)
    queries.hold(found)
    if found.closes_on is not None and is_past(found.closes_on, on=today()):
        raise Conflict(
            "The last day of this raise has passed. Reopen the pitch to set a later one, or close the raise."
        )
    if not people_told(found.business_id):
        raise Conflict(NO_OWNER.format(business=found.business.name))
    if not is_owned_by_them(by, found):
        require_no_tie(found, by)
    audit.record(Act.RESUME, found, advance(PITCHES, found, Act.RESUME), by=by)
    _tell_of_staff(found, "pitch_resumed", by)


def end_showing(found: Pitch) -> None:
    """Pause a pitch whose last day has passed, and ask the business what came of it."""
    pause(found, by=SYSTEM)
    tell_business(found, "pitch_over")


def revise(found: Pitch, *, by: Actor) -> None:
    """Reopen a pitch for editing: investors cannot see it until it has been screened again."""
    POLICY.require(by, Act.REVISE, found)
    queries.hold(found)
    audit.record(Act.REVISE, found, advance(PITCHES, found, Act.REVISE), by=by)


def withdraw(found: Pitch, *, reason: str, by: Actor) -> None:
    """Withdraw a pitch: waiting requests are cancelled and investors told; earlier introductions stay."""
    POLICY.require(by, Act.WITHDRAW, found)
    queries.hold(found)
    changes = amend(found, reason=reason, ended_at=now()) | advance(PITCHES, found, Act.WITHDRAW)
    audit.record(Act.WITHDRAW, found, changes, by=by)
    follow(Act.WITHDRAW, found, by=by)
    asks.settle_ask(found)
    tell_unanswered(found)


@dataclass(frozen=True)
class Outcome:
    """What a raise came to: how much of it, and, if not all, why."""

    closed_as: ClosedAs
    raised: Money = NO_MONEY
    why: UnmetReason | None = None
    note: str = ""


def why_not_closed(found: Pitch) -> str | None:
    """Why a raise cannot be closed: its pitch was never shown, so it raised nothing."""
    if found.published_at is not None:
        return None
    return "This pitch has not been published, so there is no raise to close. Withdraw the pitch instead."


def close(found: Pitch, outcome: Outcome, *, by: Actor) -> None:
    """End a raise with what it came to. What was not raised is recorded as an unmet funding need, with the reason.

    One that is being edited or screened again can be closed too: what was invested in it needs a result.
    """
    POLICY.require(by, Act.CLOSE, found)
    queries.hold(found)
    PITCHES.target(Act.CLOSE, found.status)
    refuse_if(why_not_closed(found))
    settled = _settled(found, outcome)
    fields = {"closed_as": settled.closed_as, "raised": settled.raised, "declined_for": settled.why}
    changes = amend(found, **fields, reason=settled.note, ended_at=now())
    audit.record(Act.CLOSE, found, changes | advance(PITCHES, found, Act.CLOSE), by=by)
    follow(Act.CLOSE, found, by=by)
    asks.settle_ask(found)
    tell_unanswered(found)
    _tell_of_staff(found, "pitch_closed", by)


def _settled(found: Pitch, outcome: Outcome) -> Outcome:
    if outcome.closed_as is ClosedAs.FUNDED:
        return replace(outcome, raised=found.amount, why=None)
    if outcome.why is None:
        raise Invalid("Choose the main reason why not all of it was raised", field="why")
    is_part = outcome.closed_as is ClosedAs.PART_FUNDED
    if is_part and not Money(0) < outcome.raised < found.amount:
        raise Invalid("Enter an amount above £0 and below the target", field="raised")
    if outcome.why is UnmetReason.OTHER and not says_something(outcome.note):
        raise Invalid("Say what the reason was", field="note")
    return outcome if is_part else replace(outcome, raised=Money(0))


def restate(found: Pitch, raised: Money) -> None:
    """Say anew what a closed raise came to, since an investment in it was settled otherwise or reversed."""
    if found.status is not PitchStatus.CLOSED or raised == found.raised:
        return
    is_whole = raised == found.amount
    closed_as = ClosedAs.FUNDED if is_whole else ClosedAs.PART_FUNDED if raised else ClosedAs.UNFUNDED
    why = None if is_whole else found.declined_for or UnmetReason.OTHER
    changes = amend(found, closed_as=closed_as, raised=raised, declined_for=why)
    audit.record(Act.RESTATE, found, changes, by=SYSTEM)
    asks.settle_again(found)
