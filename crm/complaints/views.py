"""A person complains about how their personal data was handled; administrators acknowledge and answer."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import names_of
from crm.audit.queries import entries_about
from crm.complaints import queries, rules, service
from crm.complaints.forms import AnswerForm, ComplainForm, RecordForm
from crm.complaints.models import Complaint
from crm.complaints.policy import POLICY
from crm.complaints.rules import SHOWS
from crm.complaints.workflow import MACHINE, Act, Channel, ComplaintStatus
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.notices.rules import word
from crm.notices.service import written_about
from crm.throttles.rules import Source
from crm.web.feature import Todo
from crm.web.filtering import chosen
from crm.web.forms import answer as answered
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("complaints", __name__)
permit = permits(POLICY)


@blueprint.route("/privacy/complain", methods=["GET", "POST"])
@permit(Act.COMPLAIN, audience=Audience.PUBLIC)
def complain() -> ResponseReturnValue:
    """Complain about how your personal data was handled."""
    form = ComplainForm.of_request()
    source = Source(request.remote_addr or "unknown", current_app.extensions["settings"].secret_key)
    return answered(
        form,
        page=lambda: render_template("complaints/complain.html", form=form),
        act=lambda: service.complain(form.told(), source=source, by=current_actor()),
        then=lambda _: url_for("complaints.complaint_sent"),
    )


@blueprint.get("/privacy/complaint-sent")
@permit(Act.COMPLAIN, audience=Audience.PUBLIC)
def complaint_sent() -> ResponseReturnValue:
    """We have the complaint, and what happens next."""
    return render_template("complaints/complaint_sent.html")


@blueprint.get("/complaints")
@permit(Act.LIST, audience=Audience.INTERNAL)
def complaints() -> ResponseReturnValue:
    """Complaints about personal data, the first that is due on top."""
    show, on = chosen("show", SHOWS), today()
    page = page_of(queries.complaints(show, on=on, cursor=cursor()))
    shown = {"count": queries.count_of(show, on=on), "show": show, "on": on, "rules": rules}
    may_record = POLICY.allows(current_actor(), Act.RECORD)
    return render_template("complaints/complaints.html", page=page, may_record=may_record, **shown)


@blueprint.route("/complaints/record", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL)
def record() -> ResponseReturnValue:
    """Record a complaint that came by email, letter or telephone."""
    form = RecordForm.of_request(received_on=today())
    form.also(lambda: service.require_reachable(form.told()), "email", "contact")
    return answered(
        form,
        page=lambda: render_template("complaints/record.html", form=form),
        act=lambda: _record(form),
        then=lambda made: saved(
            f"Complaint {made.reference} recorded.", "complaints.complaint", complaint_id=made.id
        ),
    )


def _record(form: RecordForm) -> Complaint:
    channel, came_on = Channel(form.channel.data), form.received_on.data
    return service.record(form.told(), channel, received_on=came_on, by=current_actor())


@blueprint.get("/complaints/<uuid:complaint_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.complaint)
def complaint(found: Complaint) -> ResponseReturnValue:
    """One complaint: what was said, by when it is acknowledged, and what was answered."""
    return _complaint_page(AnswerForm.of_request(version=found.version), found)


@blueprint.post("/complaints/<uuid:complaint_id>/acknowledge")
@permit(Act.ACKNOWLEDGE, audience=Audience.INTERNAL, load=queries.complaint, machine=MACHINE)
def acknowledge(found: Complaint) -> ResponseReturnValue:
    """Acknowledge a complaint."""
    service.acknowledge(found, by=current_actor())
    said = "We are emailing the person." if found.email else "Write to the person: there is no email address."
    return done(saved(f"Complaint acknowledged. {said}", "complaints.complaint", complaint_id=found.id))


@blueprint.post("/complaints/<uuid:complaint_id>/answer")
@permit(Act.ANSWER, audience=Audience.INTERNAL, load=queries.complaint, machine=MACHINE)
def answer(found: Complaint) -> ResponseReturnValue:
    """Answer a complaint."""
    form = AnswerForm.of_request()
    said = "We are emailing the answer." if found.email else "Send the person the answer by post."
    return answered(
        form,
        page=lambda: _complaint_page(form, found),
        act=lambda: service.answer(found, form.answer.data, by=current_actor()),
        then=lambda _: saved(f"Complaint answered. {said}", "complaints.complaint", complaint_id=found.id),
    )


def _complaint_page(form: AnswerForm, found: Complaint) -> str:
    shown = {
        "acts": open_acts(found, policy=POLICY, machine=MACHINE),
        "people": names_of([each for each in (found.recorded_by_id, found.answered_by_id) if each]),
        "letters": written_about(("complaint", found.id), reader=current_actor()),
        "trail": entries_about(found),
        "to_send": _to_send(found, current_actor()),
        "on": today(),
    }
    shown |= {"rules": rules, "Act": Act}
    return render_template("complaints/complaint.html", form=form, complaint=found, **shown)


def _to_send(found: Complaint, actor: Actor) -> str:
    """The words with which a complaint is acknowledged, as the person will read them."""
    known = settings()
    ours = {"to_name": found.name, "service_name": known.service_name, "base_url": known.base_url}
    return word("complaint_acknowledged", service.context_of(found, by_name=actor.name, **ours)).text


def to_acknowledge(_actor: Actor) -> tuple[Todo, ...]:
    """Complaints to acknowledge, each with its last day; from the day of the alert on they come first."""
    on, found = today(), queries.waiting(ComplaintStatus.OPEN)
    return tuple(
        replace(
            _todo("Acknowledge", each),
            due=each.due_on,
            is_overdue=each.is_overdue(on=on),
            is_first=each.is_urgent(on=on),
        )
        for each in found
    )


def to_answer(_actor: Actor) -> tuple[Todo, ...]:
    """Complaints to answer, each with the day on which it came."""
    found = queries.waiting(ComplaintStatus.ACKNOWLEDGED)
    return tuple(replace(_todo("Answer", each), since=each.received_on) for each in found)


def _todo(verb: str, found: Complaint) -> Todo:
    where = url_for("complaints.complaint", complaint_id=found.id)
    words = f"{verb} a complaint about personal data"
    return Todo(words, None, where, about=found.reference, things=(found.id,))
