"""An enquiry from its first answer to the queue: begun, gone on with, sent, or taken down by an adviser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from crm.accounts.queries import hubs_serving
from crm.audit import service as audit
from crm.businesses.rules.labels import current_version
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance
from crm.figures.queries import due_after, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, is_past, moment_on, now, start_of, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.references import new_reference
from crm.links.rules import Purpose
from crm.links.service import opened
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.places.queries import authorities, locate, locate_outcode
from crm.places.rules import Location
from crm.signposting.models import Enquiry, EnquiryDraft
from crm.signposting.policy import POLICY
from crm.signposting.queries.enquiring import draft, reference_is_taken
from crm.signposting.rules.enquiring import one_of_each_set, why_not_reachable
from crm.signposting.workflow import ENQUIRIES, WITHDRAWN, Act, CloseReason, Way
from crm.throttles import service as throttles
from crm.throttles.rules import ENQUIRIES_BY_ADDRESS, Source

OUTSIDE = (
    "We can only help businesses that work in the West Midlands. If part of the work is done here, enter that postcode. "
    "If not, point the caller to the business support helplines on GOV.UK"
)
MEANWHILE = "This enquiry was changed in another window. Look at what it says now, then save again."


MIDDAY = time(12)


@dataclass(frozen=True)
class Told:
    """Everything that an enquiry says. ``answers`` are the support finder's, ``ask`` the finance sought."""

    business_name: str
    person_name: str
    email: str | None
    phone: str | None
    company_number: str | None = None
    person_role: str = ""
    postcode: str | None = None
    outcode: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    ask: Mapping[str, Any] = field(default_factory=dict)
    consents: tuple[str, ...] = ()
    story: str = ""


def whereabouts(postcode: str | None, outcode: str | None) -> Location | None:
    """Where an enquiry comes from, as far as it was told."""
    if postcode:
        return locate(postcode)
    return locate_outcode(outcode) if outcode else None


def begin(carried: Mapping[str, Any], source: Source, *, by: Actor) -> EnquiryDraft:
    """Begin an enquiry with what the support finder was told. So many an hour from one place."""
    POLICY.require(by, Act.ENQUIRE)
    throttles.take(ENQUIRIES_BY_ADDRESS, source.address, secret=source.secret)
    made = EnquiryDraft(answers=dict(carried), begun_at=now(), changed_at=now())
    session().add(made)
    session().flush()
    audit.record(Act.ENQUIRE, made, by=by)
    return made


def carry(found: EnquiryDraft, readiness: Sequence[str], *, by: Actor) -> None:
    """Add the answers to readiness assessments, as an address carries them, to an enquiry that was begun: one of each set."""
    POLICY.require(by, Act.RESUME, found)
    _require_unsent(found)
    told, help_ = dict(found.answers), dict(found.answers.get("help", {}))
    told["carried_readiness"] = one_of_each_set([*told.get("carried_readiness", ()), *readiness])
    if help_:
        help_["readiness"] = one_of_each_set([*(help_.get("readiness") or ()), *readiness])
        told["help"] = help_
    found.answers, found.changed_at = told, now()
    session().flush()
    audit.record(Act.RESUME, found, {"step": (None, "help")}, by=by)


@dataclass(frozen=True)
class StepTold:
    """What was told at one step; ``version`` is that of the enquiry on the screen."""

    step: str
    told: Mapping[str, Any]
    version: int | None


def answer(found: EnquiryDraft, given: StepTold, *, by: Actor) -> None:
    """Keep the answers of one step. Of two windows the second is told, and nothing of the first is lost."""
    POLICY.require(by, Act.RESUME, found)
    _require_unsent(found)
    if given.version is not None and given.version != found.version:
        raise Conflict(MEANWHILE)
    found.answers = {**found.answers, given.step: dict(given.told)}
    found.changed_at = now()
    session().flush()
    audit.record(Act.RESUME, found, {"step": (None, given.step)}, by=by)


def _require_in_region(postcode: str | None, outcode: str | None) -> None:
    """Refuse an enquiry from outside the region, which no hub of ours would answer, or from no place at all."""
    place = whereabouts(postcode, outcode)
    if place is None:
        raise Invalid("Say where you work first.")
    if place.is_placeless:
        raise Invalid(f"Change where you work. {place.words}")
    if place.in_region is False:
        raise Invalid(f"We can only help businesses that work in the West Midlands. {place.words}")


def why_not_served(place: Location | None) -> str | None:
    """Why no enquiry is recorded from a place: it is none, or outside the region, where a visitor is stopped too. It may be unknown."""
    if place is not None and place.is_placeless:
        return place.words
    return f"{place.words} {OUTSIDE}" if place is not None and place.in_region is False else None


def _require_unsent(found: EnquiryDraft) -> None:
    if found.sent_as_id is not None:
        raise Conflict("This enquiry was sent already. We will be in touch.")


def keep_for_later(found: EnquiryDraft, email: str, *, source: Source, by: Actor) -> None:
    """Send a link with which to go on later."""
    POLICY.require(by, Act.RESUME, found)
    _require_unsent(found)
    throttles.count_letter(email, source)
    found.email, found.changed_at = email, now()
    days = int(figure_on("enquiry.draft_days", on=today()))
    having = Extras(context={"days": days}, link=LinkWanted(Purpose.ENQUIRY_DRAFT, str(found.id)))
    queue("enquiry_draft", Reader(email, email.split("@", maxsplit=1)[0]), having=having)
    audit.record(Act.RESUME, found, {"link_sent": (None, True)}, by=by)


def resume(token: str) -> EnquiryDraft:
    """The enquiry that a link goes on with, if it was neither sent nor forgotten. Raises `NotFound`, `Conflict`."""
    found = draft(UUID(opened(token, Purpose.ENQUIRY_DRAFT)))
    if found is None:
        raise Conflict("This enquiry was not finished in time and has been deleted. Start again.")
    _require_unsent(found)
    return found


def send(found: EnquiryDraft, told: Told, *, source: Source, by: Actor) -> Enquiry:
    """Send it, once: it joins the queue of the hub that serves the place, and its sender has a letter."""
    POLICY.require(by, Act.RESUME, found)
    _require_unsent(found)
    _require_in_region(told.postcode, told.outcode)
    made = _keep(told, Way.WEB, by=by)
    found.sent_as_id, found.answers, found.changed_at = made.id, {}, now()
    if made.email and throttles.has_room_for_letter(made.email, source):
        _confirm(made)
    return made


def withdraw(enquiry: Enquiry, *, by: Actor) -> None:
    """Close an enquiry for the person who sent it; the adviser who has it is told."""
    POLICY.require(by, Act.WITHDRAW, enquiry)
    holder = enquiry.claimed_by
    changes = advance(ENQUIRIES, enquiry, Act.WITHDRAW)
    changes |= amend(enquiry, close_reason=CloseReason.NOT_WANTED, close_note=WITHDRAWN, closed_at=now())
    if holder is not None:
        context = {"reference": enquiry.reference, "path": f"/enquiries/{enquiry.id}"}
        queue("enquiry_withdrawn", Reader(holder.email, holder.name, holder.id), having=Extras(context))
    audit.record(Act.WITHDRAW, enquiry, changes, by=by)


def take_down(told: Told, way: Way, *, came_on: date | None = None, by: Actor) -> Enquiry:
    """Record an enquiry for a person who called, wrote or came by. Its clock runs from the day it came, if that is earlier."""
    POLICY.require(by, Act.TAKE_DOWN)
    reason = why_not_served(whereabouts(told.postcode, told.outcode))
    if reason:
        raise Invalid(reason, field="place")
    made = _keep(told, way, by=by)
    if came_on is not None and is_past(came_on, on=today()):
        made.received_at, made.due_on = moment_on(came_on, MIDDAY), due_on(came_on)
    made.taken_by_id = by.account_id
    _confirm(made)
    return made


def _keep(told: Told, way: Way, *, by: Actor) -> Enquiry:
    reason = why_not_reachable(told.email, told.phone)
    if reason:
        raise Invalid(reason, field="phone" if told.phone else "email")
    fields = fields_of(told)
    fields["consents"] = {purpose: current_version(purpose) for purpose in told.consents}
    fields |= {"answers": dict(told.answers), "ask": dict(told.ask), "hub_id": _hub_for(told), "way": way}
    made = Enquiry(
        **fields, reference=_free_reference(), received_at=now(), due_on=due_on(), _status=ENQUIRIES.start
    )
    session().add(made)
    session().flush()
    kept = ("reference", "business_name", "person_name", "hub_id", "way")
    audit.record(Act.TAKE_DOWN, made, created(**{name: getattr(made, name) for name in kept}), by=by)
    return made


def due_on(came_on: date | None = None) -> date:
    """The last day for an answer to what comes in today, or came on another day."""
    return due_after(came_on or today(), int(figure_on("enquiry.reply_days", on=today())))


def _hub_for(told: Told) -> UUID | None:
    """The hub that serves the place today; of two, the first by name; none where nothing serves it."""
    found = whereabouts(told.postcode, told.outcode)
    code = next((each.code for each in authorities() if found and each.name == found.authority), None)
    hubs = hubs_serving(code, on=today()) if code else ()
    return hubs[0].id if hubs else None


def _free_reference() -> str:
    reference = new_reference("E")
    while reference_is_taken(reference):
        reference = new_reference("E")
    return reference


def _confirm(made: Enquiry) -> None:
    """A letter with the reference and a link to see where it stands; none where no address was given.

    Nobody has proved yet that the address is theirs, so the letter holds nothing that the sender wrote.
    """
    if made.email is None:
        return
    due = "" if made.is_overdue(on=today()) else day_in_words(made.due_on)
    told = {"reference": made.reference, "due": due, "came": day_in_words(day_of(made.received_at))}
    having = Extras(
        context=told | {"is_of_hub": made.hub_id is not None},
        link=LinkWanted(Purpose.ENQUIRY, str(made.id)),
    )
    queue("enquiry_received", Reader(made.email, made.person_name), having=having)


def forget_old_drafts() -> None:
    """Daily: delete enquiries that nobody went on with for so many days, and the shells of those that were sent."""
    if session().scalar(select(EnquiryDraft.id).limit(1)) is None:
        return
    first_kept = today() - timedelta(days=int(figure_on("enquiry.draft_days", on=today())))
    session().execute(delete(EnquiryDraft).where(EnquiryDraft.changed_at < start_of(first_kept)))
