"""The running order: pitches added, moved and removed by the manager; asked for and answered by businesses; guests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.events.forms import AddPitchForm, GuestForm, MinutesForm, ReasonForm, TurnDownForm
from crm.angels.events.models import NightGuest, NightSlot, PitchNight
from crm.angels.events.policy import POLICY, is_of_their_pitch
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries.wishes import heard_by
from crm.angels.events.rules import labels, running
from crm.angels.events.service import hosting
from crm.angels.events.service import ordering as service
from crm.angels.events.service.planning import why_not_upcoming, why_settled
from crm.angels.events.service.telling import entry_of
from crm.angels.events.workflow import IN_ORDER, SLOTS, Act, NightStatus, SlotStatus
from crm.angels.pitches.queries.pitches import published
from crm.kernel.clock import now
from crm.kernel.permissions import Audience
from crm.web.extracts import calendar_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("night_turns", __name__)
permit = permits(POLICY)


def why_turn_settled(found: NightSlot | NightGuest) -> str | None:
    """As of its night: why nothing about it can be changed any more; None where it can."""
    return why_settled(found.night)


def why_turn_not_upcoming(found: NightSlot) -> str | None:
    """As of its night: why it cannot be answered or timed any more; None where it can."""
    return why_not_upcoming(found.night)


def _to_night(words: str, night_id: UUID) -> str:
    return saved(words, "nights.night", night_id=night_id)


@blueprint.route("/events/<uuid:night_id>/pitches/add", methods=["GET", "POST"])
@permit(Act.ADD_PITCH, audience=Audience.INTERNAL, load=queries.night, unless=why_not_upcoming)
def add_pitch(found: PitchNight) -> ResponseReturnValue:
    """Choose a published pitch, and ask its business."""
    known = {each.pitch_id for each in queries.slots_of(found.id)}
    left = [each for each in published() if each.id not in known]
    form = AddPitchForm.of_request().offer(left)
    return answer(
        form,
        page=lambda: render_template("angels/events/add_pitch.html", form=form, night=found, left=left),
        act=lambda: service.add_pitch(
            found, UUID(form.pitch.data), minutes=form.minutes.data, by=current_actor()
        ),
        then=lambda made: _to_night(f"{made.pitch.business.name} has been asked to pitch.", found.id),
    )


@blueprint.post("/events/turns/<uuid:slot_id>/up")
@permit(Act.ORDER, audience=Audience.INTERNAL, load=queries.slot, unless=why_turn_settled)
def up(found: NightSlot) -> ResponseReturnValue:
    """Move a pitch up."""
    said = "moved up" if service.shift(found, up=True, by=current_actor()) else "is the first already"
    return done(_to_night(f"{found.pitch.business.name} {said}.", found.night_id))


@blueprint.post("/events/turns/<uuid:slot_id>/down")
@permit(Act.ORDER, audience=Audience.INTERNAL, load=queries.slot, unless=why_turn_settled)
def down(found: NightSlot) -> ResponseReturnValue:
    """Move a pitch down."""
    said = "moved down" if service.shift(found, up=False, by=current_actor()) else "is the last already"
    return done(_to_night(f"{found.pitch.business.name} {said}.", found.night_id))


@blueprint.route("/events/turns/<uuid:slot_id>/minutes", methods=["GET", "POST"])
@permit(Act.ORDER, audience=Audience.INTERNAL, load=queries.slot, unless=why_turn_not_upcoming)
def minutes(found: NightSlot) -> ResponseReturnValue:
    """Change how long a pitch has."""
    form = MinutesForm.of_request(version=found.version, minutes=found.minutes)
    return answer(
        form,
        page=lambda: render_template("angels/events/minutes.html", form=form, slot=found),
        act=lambda: service.set_minutes(found, form.minutes.data, by=current_actor()),
        then=lambda _: _to_night(f"{found.pitch.business.name} has {found.minutes} minutes.", found.night_id),
    )


@blueprint.route("/events/turns/<uuid:slot_id>/remove", methods=["GET", "POST"])
@permit(
    Act.REMOVE_PITCH, audience=Audience.INTERNAL, load=queries.slot, machine=SLOTS, unless=why_turn_settled
)
def remove_pitch(found: NightSlot) -> ResponseReturnValue:
    """Remove a pitch from the running order, with a reason for its business."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/events/remove_pitch.html", form=form, slot=found),
        act=lambda: service.remove_pitch(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _to_night(f"{found.pitch.business.name} removed from the night.", found.night_id),
    )


@blueprint.get("/events/turns/<uuid:slot_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.slot)
def turn(found: NightSlot) -> ResponseReturnValue:
    """A business's turn: when and where, its answer, and after the night its feedback."""
    return _turn_page(found, TurnDownForm())


def _turn_page(found: NightSlot, form: Form, *, refused: Form | None = None) -> str:
    is_ahead = why_not_upcoming(found.night) is None
    acts = open_acts(found, policy=POLICY, machine=SLOTS) if is_ahead else frozenset()
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "acts": acts, "declining": form, "form": refused}
    shown |= {"begins": _begins(found), "is_ahead": is_ahead, "is_over": found.night.ends_at <= now()}
    shown |= {"is_own": is_of_their_pitch(current_actor(), found)}
    heard = heard_by([found.id])[found.id] if found.night.released_at else None
    shown |= {"heard": heard, "release_at": running.feedback_until(found.night.starts_at)}
    return render_template("angels/events/turn.html", slot=found, **shown)


def _begins(found: NightSlot) -> Any:
    """When its turn begins, as the running order is now."""
    slots = [each for each in queries.slots_of(found.night_id) if each.status in IN_ORDER]
    times = running.begin_times(found.night.starts_at, [each.minutes for each in slots])
    return next((moment for each, moment in zip(slots, times, strict=True) if each.id == found.id), None)


@blueprint.post("/events/turns/<uuid:slot_id>/agree")
@permit(Act.AGREE, audience=Audience.MEMBER, load=queries.slot, machine=SLOTS, unless=why_turn_not_upcoming)
def agree(found: NightSlot) -> ResponseReturnValue:
    """Agree to pitch."""
    service.agree(found, by=current_actor())
    words = "You are pitching. We have emailed the entry for your calendar."
    return done(saved(words, "night_turns.turn", slot_id=found.id))


@blueprint.post("/events/turns/<uuid:slot_id>/turn-down")
@permit(
    Act.TURN_DOWN, audience=Audience.MEMBER, load=queries.slot, machine=SLOTS, unless=why_turn_not_upcoming
)
def turn_down(found: NightSlot) -> ResponseReturnValue:
    """Decline to pitch."""
    form = TurnDownForm.of_request()
    return answer(
        form,
        page=lambda: _turn_page(found, form, refused=form),
        act=lambda: service.turn_down(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: saved(
            "You are not pitching. We have told the network.", "night_turns.turn", slot_id=found.id
        ),
    )


@blueprint.get("/events/turns/<uuid:slot_id>/calendar")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.slot)
def turn_calendar(found: NightSlot) -> ResponseReturnValue:
    """The night for the calendar of a business."""
    is_off = found.night.status is NightStatus.CANCELLED or found.status is not SlotStatus.AGREED
    return calendar_response("pitch-night.ics", entry_of(found.night, found, is_cancelled=is_off))


@blueprint.post("/events/turns/<uuid:slot_id>/arrived")
@permit(Act.NOTE_ARRIVAL, audience=Audience.INTERNAL, load=queries.slot, unless=service.why_not_arrived)
def arrived(found: NightSlot) -> ResponseReturnValue:
    """Note that a business has arrived."""
    service.note_arrival(found, by=current_actor())
    return done(saved(f"{found.pitch.business.name} has arrived.", "doors.door", night_id=found.night_id))


@blueprint.post("/events/turns/<uuid:slot_id>/undo-arrival")
@permit(Act.UNDO_ARRIVAL, audience=Audience.INTERNAL, load=queries.slot, unless=service.why_not_arrived)
def undo_arrival(found: NightSlot) -> ResponseReturnValue:
    """Undo the arrival of the wrong business."""
    service.undo_arrival(found, by=current_actor())
    return done(saved(_not_here(found.pitch.business.name), "doors.door", night_id=found.night_id))


def _not_here(name: str) -> str:
    return f"{name} is no longer recorded as arrived."


@blueprint.route("/events/<uuid:night_id>/guests/add", methods=["GET", "POST"])
@permit(Act.ADD_GUEST, audience=Audience.INTERNAL, load=queries.night, unless=why_settled)
def add_guest(found: PitchNight) -> ResponseReturnValue:
    """List a guest."""
    form = GuestForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/events/add_guest.html", form=form, night=found),
        act=lambda: hosting.add_guest(found, **_of_guest(form), by=current_actor()),
        then=lambda made: _to_night(_said_of_guest(made), found.id),
    )


def _of_guest(form: GuestForm) -> dict[str, str]:
    return {"name": form.name.data, "role": form.role.data, "email": form.email.data or ""}


def _said_of_guest(made: NightGuest) -> str:
    told = " We have sent them an invitation." if made.email else ""
    return f"{made.name} added as a guest.{told}"


@blueprint.post("/events/guests/<uuid:guest_id>/remove")
@permit(Act.REMOVE_GUEST, audience=Audience.INTERNAL, load=queries.guest, unless=why_turn_settled)
def remove_guest(found: NightGuest) -> ResponseReturnValue:
    """Take a guest off the list."""
    hosting.remove_guest(found, by=current_actor())
    return done(_to_night(f"{found.name} removed from the guests.", found.night_id))


@blueprint.post("/events/guests/<uuid:guest_id>/arrived")
@permit(Act.NOTE_ARRIVAL, audience=Audience.INTERNAL, load=queries.guest, unless=service.why_not_arrived)
def arrived_guest(found: NightGuest) -> ResponseReturnValue:
    """Note that a guest has arrived."""
    service.note_arrival(found, by=current_actor())
    return done(saved(f"{found.name} has arrived.", "doors.door", night_id=found.night_id))


@blueprint.post("/events/guests/<uuid:guest_id>/undo-arrival")
@permit(Act.UNDO_ARRIVAL, audience=Audience.INTERNAL, load=queries.guest, unless=service.why_not_arrived)
def undo_arrival_of_guest(found: NightGuest) -> ResponseReturnValue:
    """Undo the arrival of the wrong guest."""
    service.undo_arrival(found, by=current_actor())
    return done(saved(_not_here(found.name), "doors.door", night_id=found.night_id))
