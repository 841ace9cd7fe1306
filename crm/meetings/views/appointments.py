"""Appointments with a business."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, people_of
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.business_changes import person_first_page
from crm.casework.forms import ConversationForm
from crm.casework.queries import advisers_for
from crm.casework.rules import CHANNELS
from crm.casework.views.conversations import offered
from crm.kernel.clock import to_local, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.meetings import queries, rules
from crm.meetings.forms import AppointmentForm, ReasonForm, values_of
from crm.meetings.models import Appointment
from crm.meetings.policy import POLICY
from crm.meetings.service import arranging as service
from crm.meetings.workflow import APPOINTMENTS, Act, why_not_change_appointment
from crm.web.absent import mark_absent
from crm.web.extracts import calendar_response
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("appointments", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/appointments/new", methods=["GET", "POST"])
@permit(Act.ARRANGE, audience=Audience.INTERNAL, load=business, unless=why_archived)
def arrange(found: Business) -> ResponseReturnValue:
    """Arrange to meet somebody at a business."""
    form = _offered(AppointmentForm.of_request(adviser=str(current_actor().account_id), minutes=60), found)
    return answer(
        form,
        page=lambda: _appointment_form_page(form, found),
        act=lambda: service.arrange(found, form.details(), by=current_actor()),
        then=lambda made: _saved("Appointment made.", made),
    )


def _offered(form: AppointmentForm, owner: Business, *, kept: Appointment | None = None) -> AppointmentForm:
    advisers = advisers_for(owner, current_actor())
    people = [each for each in people_of(owner.id) if each.left_on is None]
    if kept is not None:
        advisers = {str(kept.adviser_id): kept.adviser.name} | advisers
    form.offer(people, advisers)
    mark_absent(form.adviser)
    form.doubted(kept, longest=rules.USUAL_APPOINTMENT)
    return form.also(lambda: service.require_sound(owner.id, form.details(), kept=kept), *form.SETTLES)


def _appointment_form_page(form: AppointmentForm, owner: Business, kept: Appointment | None = None) -> str:
    if kept is None and not form.was_sent and not form.person.choices:
        return person_first_page(
            owner, "An appointment is with a person, and we do not know anyone there yet."
        )
    return render_template("meetings/appointment_form.html", form=form, business=owner, appointment=kept)


def _saved(words: str, made: Appointment, *, what: str = "the date for their calendar") -> str:
    told = f"We are emailing {made.person.name} {what}."
    untold = f"We have no email address for {made.person.name}: tell them yourself."
    words = f"{words} {told if made.person.email else untold}"
    return saved(words, "appointments.appointment", appointment_id=made.id)


@blueprint.get("/appointments/<uuid:appointment_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.appointment)
def appointment(found: Appointment) -> ResponseReturnValue:
    """Who meets whom, when and where."""
    return _appointment_page(found)


def _appointment_page(found: Appointment, *, form: Form | None = None) -> str:
    acts = _acts(found)
    is_staff = POLICY.allows(current_actor(), Act.ARRANGE, found.business)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "rules": rules, "is_staff": is_staff, "form": form}
    shown |= {"trail": entries_about(found) if is_staff else (), "channels": CHANNELS}
    shown |= {"cancelling": form or ReasonForm(), "not_yet": service.why_not_hold(found)}
    return render_template("meetings/appointment.html", appointment=found, **shown)


def _acts(found: Appointment) -> frozenset[Any]:
    """What can be done with it now: nothing but to cancel it once its business is archived."""
    reasons = {
        Act.CHANGE_APPOINTMENT: why_not_change_appointment(found) or why_archived(found),
        Act.HOLD_APPOINTMENT: service.why_not_hold(found) or why_archived(found),
    }
    acts = open_acts(found, machine=APPOINTMENTS, policy=POLICY, also=(Act.CHANGE_APPOINTMENT,))
    return acts - {act for act, reason in reasons.items() if reason}


@blueprint.get("/appointments/<uuid:appointment_id>/calendar")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.appointment)
def appointment_calendar(found: Appointment) -> ResponseReturnValue:
    """The appointment for a calendar."""
    return calendar_response("invitation.ics", service.event_of(found))


@blueprint.route("/appointments/<uuid:appointment_id>/change", methods=["GET", "POST"])
@permit(
    Act.CHANGE_APPOINTMENT,
    audience=Audience.INTERNAL,
    load=queries.appointment,
    unless=first_reason(why_not_change_appointment, why_archived),
)
def change(found: Appointment) -> ResponseReturnValue:
    """Change who meets, when or where."""
    form = _offered(AppointmentForm.of_request(**values_of(found)), found.business, kept=found)
    return answer(
        form,
        page=lambda: _appointment_form_page(form, found.business, found),
        act=lambda: _changed(found, form),
        then=lambda _: _saved("Appointment changed.", found),
    )


def _changed(found: Appointment, form: AppointmentForm) -> None:
    """Nothing is saved, and nobody is emailed, where nothing was altered."""
    if not service.change(found, form.details(), version=form.version.data, by=current_actor()):
        raise Invalid(
            "Nothing was changed, so we have not emailed anyone. Change a detail first", field="day"
        )


@blueprint.post("/appointments/<uuid:appointment_id>/cancel")
@permit(Act.CANCEL_APPOINTMENT, audience=Audience.INTERNAL, load=queries.appointment, machine=APPOINTMENTS)
def cancel(found: Appointment) -> ResponseReturnValue:
    """Cancel an appointment."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _appointment_page(found, form=form),
        act=lambda: service.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Appointment cancelled.", found, what="that it is cancelled"),
    )


@blueprint.route("/appointments/<uuid:appointment_id>/hold", methods=["GET", "POST"])
@permit(
    Act.HOLD_APPOINTMENT,
    audience=Audience.INTERNAL,
    load=queries.appointment,
    machine=APPOINTMENTS,
    unless=first_reason(why_archived, service.why_not_hold),
)
def hold(found: Appointment) -> ResponseReturnValue:
    """It took place: record what was said."""
    form, owner = _talk_form(found), found.business
    return answer(
        form,
        page=lambda: render_template("meetings/hold.html", form=form, business=owner, appointment=found),
        act=lambda: service.hold(found, form.details(), by=current_actor()),
        then=lambda _: saved(
            "Conversation recorded.", "conversations.conversation", conversation_id=found.conversation_id
        ),
    )


def _talk_form(found: Appointment) -> ConversationForm:
    started = {
        "happened_on": min(to_local(found.starts_at).date(), today()),
        "advisers": [str(found.adviser_id)],
        "people": [str(found.person_id)],
        "subject": found.subject,
        "channel": found.channel,
    }
    return offered(ConversationForm.of_request(**started), found.business)
