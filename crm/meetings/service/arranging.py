"""Appointments: arranged, moved, called off, and held by keeping what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.casework.queries import are_active_staff
from crm.casework.queries import read_again as read_conversation_again
from crm.casework.rules import CHANNELS
from crm.casework.service import conversing
from crm.casework.service.conversing import ConversationDetails
from crm.casework.workflow import Channel
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_with_weekday, now, time_in_words, to_local, today
from crm.kernel.errors import Invalid, require_all, says_something
from crm.kernel.events import Event
from crm.kernel.permissions import Actor
from crm.kernel.telephones import why_not_called
from crm.meetings import queries
from crm.meetings.models import Appointment
from crm.meetings.policy import POLICY
from crm.meetings.workflow import APPOINTMENTS, Act, AppointmentStatus, why_not_change_appointment
from crm.notices.service import Extras, Reader, queue

WHERE = dict.fromkeys(Channel, "Where") | {Channel.TELEPHONE: "By telephone"}
"""What a letter calls the place of an appointment."""


@dataclass(frozen=True)
class AppointmentDetails:
    """Who meets whom, when and where. Moments are aware; ``place`` is an address, a number or a link."""

    person_id: UUID
    adviser_id: UUID
    subject: str
    starts_at: datetime
    ends_at: datetime
    channel: Channel
    place: str


def arrange(business: Business, details: AppointmentDetails, *, by: Actor) -> Appointment:
    """Arrange to meet somebody at a business; they are sent an invitation for their calendar."""
    POLICY.require(by, Act.ARRANGE, business)
    require_in_use(business)
    require_sound(business.id, details)
    made = Appointment(
        business_id=business.id, **vars(details), arranged_at=now(), _status=APPOINTMENTS.start
    )
    made.arranged_by_id = by.account_id
    session().add(made)
    session().flush()
    queries.read_again(made)
    audit.record(Act.ARRANGE, made, created(**_told(details)), by=by)
    _invite(made, "appointment")
    return made


def _told(details: AppointmentDetails) -> dict[str, Any]:
    """What the history says of an appointment."""
    return {name: value for name, value in vars(details).items() if name != "person_id"}


def require_sound(business_id: UUID, details: AppointmentDetails, *, kept: Appointment | None = None) -> None:
    """Refuse an appointment that cannot be kept, with everything that is wrong with it. Raises `Invalid`."""
    require_all(
        lambda: _require_people(business_id, details, kept),
        lambda: _require_to_come(details, kept),
        lambda: _require_free(details, kept),
    )


def _require_to_come(details: AppointmentDetails, kept: Appointment | None) -> None:
    has_moved = kept is None or kept.starts_at != details.starts_at
    if has_moved and details.starts_at <= now():
        raise Invalid("Choose a time that is still to come", field="day")


def _require_people(business_id: UUID, details: AppointmentDetails, kept: Appointment | None) -> None:
    here = {each.id: each for each in people_of(business_id) if each.left_on is None}
    here |= {kept.person_id: kept.person} if kept else {}
    if details.person_id not in here:
        raise Invalid("Choose a person at this business", field="person")
    if are_active_staff([details.adviser_id], on=today()) != {details.adviser_id}:
        raise Invalid("Choose a colleague who works for a hub now", field="adviser")
    _require_number(details, here[details.person_id], kept)


def _require_number(details: AppointmentDetails, person: Person, kept: Appointment | None) -> None:
    """Refuse an appointment by telephone for which there is no number: neither typed nor known."""
    is_as_it_was = kept is not None and (kept.channel, kept.place) == (details.channel, details.place)
    if details.channel is not Channel.TELEPHONE or is_as_it_was or person.phone:
        return
    if why_not_called(details.place) is not None:
        words = f"Enter the number to ring: we have no telephone number of {person.name}"
        raise Invalid(words, field="place")


def _require_free(details: AppointmentDetails, kept: Appointment | None) -> None:
    """One place at a time: an adviser meets one business, and is told which."""
    spoken_for = queries.clash_of(
        details.adviser_id, between=(details.starts_at, details.ends_at), but=kept.id if kept else None
    )
    if spoken_for is not None:
        begins = time_in_words(to_local(spoken_for.starts_at).time())
        who = f"{spoken_for.adviser.name} meets {spoken_for.business.name}"
        raise Invalid(f"{who} at {begins}. Choose another time", field="hour")


def change(appointment: Appointment, details: AppointmentDetails, *, version: int | None, by: Actor) -> bool:
    """Change who meets, when or where; the person invited is told what changed. False where nothing was changed."""
    POLICY.require(by, Act.CHANGE_APPOINTMENT, appointment)
    require_in_use(appointment.business)
    refuse_if(why_not_change_appointment(appointment))
    require_as_shown(appointment, version)
    require_sound(appointment.business_id, details, kept=appointment)
    return _changed(appointment, details, is_told=True, by=by)


def _changed(appointment: Appointment, details: AppointmentDetails, *, is_told: bool, by: Actor) -> bool:
    before, was = appointment.person, _shown(appointment)
    changes = amend(appointment, **vars(details))
    if changes:
        appointment.sequence += 1
        session().flush()
        queries.read_again(appointment)
        shown = {name: pair for name, pair in changes.items() if name != "person_id"}
        audit.record(Act.CHANGE_APPOINTMENT, appointment, shown, by=by)
        if is_told:
            _invite_anew(appointment, before, was)
    return bool(changes)


def hand(appointment_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Let a colleague keep or record an appointment; its reader is told of one that is still to come.

    False if it moved on. Raises `Invalid` where the colleague has another appointment then, or works for no hub now.
    """
    found = queries.appointment(appointment_id)
    if found is None or found.adviser_id != from_id or found.status is not AppointmentStatus.PLANNED:
        return False
    names = (each.name for each in fields(AppointmentDetails))
    details = AppointmentDetails(**{name: getattr(found, name) for name in names} | {"adviser_id": to})
    is_over = found.ends_at <= now()
    if not is_over:
        _require_can_keep(found, details)
    _changed(found, details, is_told=not is_over, by=by)
    return True


def _require_can_keep(appointment: Appointment, details: AppointmentDetails) -> None:
    """Refuse an appointment for a colleague who cannot keep it, naming it: it is one of many that are handed over."""
    try:
        require_sound(appointment.business_id, details, kept=appointment)
    except Invalid as refusal:
        what = f"the appointment with {appointment.business.name} on {moment_with_weekday(appointment.starts_at)}"
        words = refusal.message.replace("Choose another time", "Choose another colleague")
        raise Invalid(f"{words} for {what}", field="everything_to") from refusal


def _shown(appointment: Appointment) -> dict[str, str]:
    """What a letter says of an appointment, by what each line is called."""
    return {
        "With": appointment.adviser.name,
        "About": appointment.subject,
        "When": moment_with_weekday(appointment.starts_at),
        "Until": time_in_words(to_local(appointment.ends_at).time()),
        "How": CHANNELS[appointment.channel],
        "Where": _place(appointment),
    }


def _place(appointment: Appointment) -> str:
    """Where they meet; of one by telephone, the number that is rung, also where only the words for it were typed."""
    is_rung = appointment.channel is Channel.TELEPHONE
    if not is_rung or why_not_called(appointment.place) is None or not appointment.person.phone:
        return appointment.place
    return f"{appointment.place} (your number: {appointment.person.phone})"


def _invite_anew(appointment: Appointment, before: Person, was: Mapping[str, str]) -> None:
    """The same reader is told what changed; of two, the first that it is off and the other that it is on."""
    if before.id == appointment.person_id:
        shown = _shown(appointment)
        changed = [(name, was[name], value) for name, value in shown.items() if was[name] != value]
        _invite(appointment, "appointment_changed", changed=changed)
    else:
        _invite(appointment, "appointment_cancelled", to=before)
        _invite(appointment, "appointment")


def cancel(appointment: Appointment, *, reason: str, by: Actor) -> None:
    """Call an appointment off, with a reason; it is taken out of the calendar of whoever was invited."""
    POLICY.require(by, Act.CANCEL_APPOINTMENT, appointment)
    if not says_something(reason):
        raise Invalid("Say why it is cancelled", field="reason")
    changes = advance(APPOINTMENTS, appointment, Act.CANCEL_APPOINTMENT) | amend(appointment, reason=reason)
    appointment.sequence += 1
    audit.record(Act.CANCEL_APPOINTMENT, appointment, changes, by=by)
    _invite(appointment, "appointment_cancelled", reason=reason)


def why_not_hold(appointment: Appointment) -> str | None:
    """Why nothing can be recorded of an appointment yet; None once it has begun, as for workshops."""
    words = f"This appointment begins on {moment_with_weekday(appointment.starts_at)}. Record the conversation after that."
    return words if appointment.starts_at > now() else None


def hold(appointment: Appointment, details: ConversationDetails, *, by: Actor) -> None:
    """Keep what was said: the appointment becomes a conversation, once, and its hours wait for the business."""
    POLICY.require(by, Act.HOLD_APPOINTMENT, appointment)
    APPOINTMENTS.target(Act.HOLD_APPOINTMENT, appointment.status)
    refuse_if(why_not_hold(appointment))
    talk = conversing.record(appointment.business, details, by=by)
    read_conversation_again(talk)
    conversing.complete(talk, by=by)
    changes = advance(APPOINTMENTS, appointment, Act.HOLD_APPOINTMENT)
    changes |= amend(appointment, conversation_id=talk.id)
    session().flush()
    audit.record(Act.HOLD_APPOINTMENT, appointment, changes, by=by)


def event_of(appointment: Appointment, *, to: Person | None = None, is_cancelled: bool = False) -> Event:
    """The appointment for a calendar: as an invitation to a person, or to be put in by whoever downloads it."""
    return Event(
        uid=f"appointment-{appointment.id}@letters.crm",
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=appointment.subject,
        where=_place(appointment),
        organiser=(appointment.adviser.name, appointment.adviser.email),
        attendee=(to.name, to.email) if to and to.email else None,
        is_cancelled=is_cancelled or appointment.status is AppointmentStatus.CANCELLED,
    )


def _invite(
    appointment: Appointment,
    kind: str,
    *,
    to: Person | None = None,
    reason: str = "",
    changed: Sequence[tuple[str, str, str]] = (),
) -> None:
    """A letter with the event, to whoever has an address; they answer to the adviser."""
    adviser, person = appointment.adviser, to or appointment.person
    if not person.email:
        return
    context = _context(appointment) | {"reason": reason, "changed": [list(each) for each in changed]}
    event = event_of(appointment, to=person, is_cancelled=kind == "appointment_cancelled")
    having = Extras(context, reply_to=adviser.email, event=event)
    queue(kind, Reader(person.email, person.name), having=having)


def _context(appointment: Appointment) -> dict[str, Any]:
    """What every letter about an appointment says."""
    return {
        "subject": appointment.subject,
        "when": moment_with_weekday(appointment.starts_at),
        "until": time_in_words(to_local(appointment.ends_at).time()),
        "how": CHANNELS[appointment.channel],
        "where": WHERE[appointment.channel],
        "place": _place(appointment),
        "adviser_name": appointment.adviser.name,
        "business_name": appointment.business.name,
    }
