"""Appointments with a business."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, people_of
from crm.casework.forms import ConversationForm
from crm.casework.queries import advisers_for
from crm.casework.rules import CHANNELS
from crm.casework.views.conversations import offered
from crm.kernel.clock import to_local, today
from crm.kernel.permissions import Audience
from crm.meetings import queries, rules
from crm.meetings.forms import AppointmentForm, ReasonForm, values_of
from crm.meetings.models import Appointment
from crm.meetings.policy import POLICY
from crm.meetings.service import arranging as service
from crm.meetings.workflow import APPOINTMENTS, Act
from crm.web.extracts import calendar_response
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("appointments", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/appointments/new", methods=["GET", "POST"])
@permit(Act.ARRANGE, audience=Audience.INTERNAL, load=business)
def arrange(found: Business) -> ResponseReturnValue:
    """Arrange to meet somebody at a business."""
    form = _offered(AppointmentForm.of_request(adviser=str(current_actor().account_id), minutes=60), found)
    if not form.was_sent:
        return _form_page(form, found)
    return answer(
        form,
        lambda: service.arrange(found, form.details(), by=current_actor()),
        then=lambda made: _said(made, "It is arranged."),
        again=lambda again: _form_page(again, found),
    )


def _offered(form: Any, owner: Business, *, kept: Appointment | None = None) -> Any:
    advisers = advisers_for(owner, current_actor())
    people = [each for each in people_of(owner.id) if each.left_on is None]
    if kept is not None:
        advisers = {str(kept.adviser_id): kept.adviser.name} | advisers
    return form.offer(people, advisers)


def _form_page(form: Form, owner: Business, kept: Appointment | None = None) -> str:
    return render_template("meetings/appointment_form.html", form=form, business=owner, appointment=kept)


def _said(made: Appointment, words: str) -> str:
    told = f"{made.person.name} gets a letter with the date for their calendar."
    untold = f"{made.person.name} has no e-mail address here: tell them yourself."
    flash(f"{words} {told if made.person.email else untold}", "success")
    return url_for("appointments.appointment", appointment_id=made.id)


@blueprint.get("/appointments/<uuid:appointment_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.appointment)
def appointment(found: Appointment) -> ResponseReturnValue:
    """Who meets whom, when and where."""
    return _page(found)


def _page(found: Appointment, *, form: Form | None = None) -> str:
    actor = current_actor()
    acts = {act for act in APPOINTMENTS.possible(found.status) if POLICY.allows(actor, act, found)}
    can_change = found.status == "planned" and POLICY.allows(actor, Act.CHANGE_APPOINTMENT, found)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "can_change": can_change, "rules": rules}
    is_staff = POLICY.allows(actor, Act.ARRANGE, found.business)
    shown |= {"trail": entries_about(found) if is_staff else (), "channels": CHANNELS, "is_staff": is_staff}
    return render_template(
        "meetings/appointment.html", appointment=found, form=form, cancelling=form or ReasonForm(), **shown
    )


@blueprint.get("/appointments/<uuid:appointment_id>/calendar")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.appointment)
def appointment_calendar(found: Appointment) -> ResponseReturnValue:
    """The appointment for a calendar."""
    return calendar_response("invitation.ics", service.event_of(found))


@blueprint.route("/appointments/<uuid:appointment_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_APPOINTMENT, audience=Audience.INTERNAL, load=queries.appointment)
def change(found: Appointment) -> ResponseReturnValue:
    """Change who meets, when or where."""
    form = _offered(AppointmentForm.of_request(**values_of(found)), found.business, kept=found)
    if not form.was_sent:
        return _form_page(form, found.business, found)
    return answer(
        form,
        lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(found, "It is changed."),
        again=lambda again: _form_page(again, found.business, found),
    )


@blueprint.post("/appointments/<uuid:appointment_id>/cancel")
@permit(Act.CANCEL_APPOINTMENT, audience=Audience.INTERNAL, load=queries.appointment)
def cancel(found: Appointment) -> ResponseReturnValue:
    """Call it off."""
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: service.cancel(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _said(found, "It is called off."),
        again=lambda again: _page(found, form=again),
    )


@blueprint.route("/appointments/<uuid:appointment_id>/hold", methods=["GET", "POST"])
@permit(Act.HOLD_APPOINTMENT, audience=Audience.INTERNAL, load=queries.appointment)
def hold(found: Appointment) -> ResponseReturnValue:
    """It was held: keep what was said."""
    APPOINTMENTS.target(Act.HOLD_APPOINTMENT, found.status)
    form = _talk_form(found)
    if not form.was_sent:
        return _hold_page(form, found)
    return answer(
        form,
        lambda: service.hold(found, form.details(), by=current_actor()),
        then=lambda _: url_for("conversations.conversation", conversation_id=found.conversation_id),
        again=lambda again: _hold_page(again, found),
    )


def _talk_form(found: Appointment) -> Any:
    started = {
        "happened_on": min(to_local(found.starts_at).date(), today()),
        "advisers": [str(found.adviser_id)],
        "people": [str(found.person_id)],
        "subject": found.subject,
        "channel": found.channel,
    }
    return offered(ConversationForm.of_request(**started), found.business)


def _hold_page(form: Form, found: Appointment) -> str:
    return render_template("meetings/hold.html", form=form, business=found.business, appointment=found)
