"""What is done with an enquiry: claimed, given on, answered, closed, attached, triaged; and who has room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account, hub_names
from crm.businesses.policy import HUB_ROLES
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.recognising import search
from crm.businesses.workflow import Act as BusinessAct
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Scope
from crm.signposting.forms.queueing import (
    MOST_WORDS,
    AbsenceForm,
    AnswerForm,
    AssignForm,
    AttachForm,
    CapacityForm,
    CloseForm,
    HandOverForm,
    NoteForm,
    Offer,
    ReopenForm,
)
from crm.signposting.models import Enquiry
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.service import attaching, queueing, triaging
from crm.signposting.views.queueing import done, enquiry_page, loads_for, other_hubs
from crm.signposting.workflow import ENQUIRIES, Act
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("queue_work", __name__)
permit = permits(POLICY)


@blueprint.post("/enquiries/<uuid:enquiry_id>/claim")
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.enquiry)
def claim(found: Enquiry) -> ResponseReturnValue:
    """Take it in hand."""
    queueing.claim(found, by=current_actor())
    return redirect(done(found, "It is in your hands now."), code=303)


@blueprint.post("/enquiries/<uuid:enquiry_id>/release")
@permit(Act.RELEASE, audience=Audience.INTERNAL, load=queries.enquiry)
def release(found: Enquiry) -> ResponseReturnValue:
    """Put it back into the queue."""
    queueing.release(found, by=current_actor())
    return redirect(done(found, "It is back in the queue."), code=303)


@blueprint.post("/enquiries/<uuid:enquiry_id>/assign")
@permit(Act.ASSIGN, audience=Audience.INTERNAL, load=queries.enquiry)
def assign(found: Enquiry) -> ResponseReturnValue:
    """Give it to a colleague."""
    ENQUIRIES.target(Act.ASSIGN, found.status)
    form = AssignForm.of_request().offer(loads_for(found))
    return answer(
        form,
        lambda: queueing.assign(found, UUID(form.account_id.data), by=current_actor()),
        then=lambda _: done(found, "It is given to your colleague."),
        again=lambda again: enquiry_page(found, assign=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/hand-over")
@permit(Act.HAND_OVER, audience=Audience.INTERNAL, load=queries.enquiry)
def hand_over(found: Enquiry) -> ResponseReturnValue:
    """Pass it on to another hub."""
    ENQUIRIES.target(Act.HAND_OVER, found.status)
    form = HandOverForm.of_request().offer(other_hubs(found))
    return answer(
        form,
        lambda: queueing.hand_over(
            found, UUID(form.hub_id.data), reason=form.why_them.data, by=current_actor()
        ),
        then=lambda _: _handed_over(),
        again=lambda again: enquiry_page(found, hand_over=again),
    )


def _handed_over() -> str:
    flash("It is handed over to the other hub.", "success")
    return url_for("queue.enquiries")


@blueprint.post("/enquiries/<uuid:enquiry_id>/answer")
@permit(Act.ANSWER, audience=Audience.INTERNAL, load=queries.enquiry)
def answer_enquiry(found: Enquiry) -> ResponseReturnValue:
    """Keep that the business had its answer."""
    ENQUIRIES.target(Act.ANSWER, found.status)
    form = AnswerForm.of_request()
    return answer(
        form,
        lambda: queueing.answer(found, said=form.said.data, by=current_actor()),
        then=lambda _: done(found, "It is kept as answered."),
        again=lambda again: enquiry_page(found, answer=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/close")
@permit(Act.CLOSE, audience=Audience.INTERNAL, load=queries.enquiry)
def close(found: Enquiry) -> ResponseReturnValue:
    """Close it, with the reason."""
    ENQUIRIES.target(Act.CLOSE, found.status)
    form = CloseForm.of_request()
    return answer(
        form,
        lambda: queueing.close(found, form.why(), note=form.close_note.data or "", by=current_actor()),
        then=lambda _: done(found, "The enquiry is closed."),
        again=lambda again: enquiry_page(found, close=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.enquiry)
def reopen(found: Enquiry) -> ResponseReturnValue:
    """Open it again, with a note."""
    ENQUIRIES.target(Act.REOPEN, found.status)
    form = ReopenForm.of_request()
    return answer(
        form,
        lambda: queueing.reopen(found, why=form.why.data, by=current_actor()),
        then=lambda _: done(found, "The enquiry is open again, and waits in the queue."),
        again=lambda again: enquiry_page(found, reopen=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/note")
@permit(Act.NOTE, audience=Audience.INTERNAL, load=queries.enquiry)
def note(found: Enquiry) -> ResponseReturnValue:
    """Note something, for advisers alone."""
    form = NoteForm.of_request()
    return answer(
        form,
        lambda: queueing.note(found, form.note.data, by=current_actor()),
        then=lambda _: done(found, "It is noted."),
        again=lambda again: enquiry_page(found, note=again),
    )


@blueprint.route("/enquiries/<uuid:enquiry_id>/business", methods=["GET", "POST"])
@permit(Act.ATTACH, audience=Audience.INTERNAL, load=queries.enquiry)
def attach(found: Enquiry) -> ResponseReturnValue:
    """Say which business an enquiry is about: one that is known, likely matches first, or a new one."""
    offer = _offered(found)
    form = AttachForm.of_request(business_id=None if offer.rows else "new").offer(offer.choices)
    return answer(
        form,
        page=lambda: render_template("signposting/attach.html", form=form, enquiry=found, offer=offer),
        act=lambda: attaching.attach_chosen(found, form.chosen(), by=current_actor()),
        then=lambda _: url_for("business.business", business_id=found.business_id),
    )


def _offered(found: Enquiry) -> Offer:
    """The businesses that this actor may choose from, and those that they may not see."""
    actor, words = current_actor(), request.args.get("q", "").strip()[:MOST_WORDS]
    likely = attaching.candidates(found)
    seen = [each for each in likely if BUSINESSES.allows(actor, BusinessAct.VIEW, each.business)]
    unseen = [each.business for each in likely if each not in seen]
    return Offer(words, likely=seen, found=search(words, actor) if words else [], unseen=unseen)


@blueprint.post("/enquiries/<uuid:enquiry_id>/triage")
@permit(Act.TRIAGE, audience=Audience.INTERNAL, load=queries.enquiry)
def triage(found: Enquiry) -> ResponseReturnValue:
    """Begin to find out what the business needs, with what the enquiry told."""
    begun = triaging.triage(found, by=current_actor())
    return redirect(url_for("diagnostics.answer_section", diagnosis_id=begun.id, section="areas"), code=303)


def _own_hubs(actor: Actor) -> list[UUID]:
    """The hubs whose advisers this actor may plan with: their own, or all of them."""
    own = actor.scoped_to(Scope.HUB, *HUB_ROLES)
    return [UUID(hub_id) for hub_id in hub_names() if not own or hub_id in own]


@blueprint.get("/enquiries/capacity")
@permit(Act.VIEW_CAPACITY, audience=Audience.INTERNAL)
def capacity() -> ResponseReturnValue:
    """What everybody has in hand, the most they hold, and who is away."""
    loads = queries.loads_of(_own_hubs(current_actor()))
    return _capacity_page(CapacityForm().offer(loads), loads)


@blueprint.post("/enquiries/capacity/set")
@permit(Act.SET_CAPACITY, audience=Audience.INTERNAL)
def set_capacity() -> ResponseReturnValue:
    """Set how many enquiries somebody holds at most."""
    loads = queries.loads_of(_own_hubs(current_actor()))
    form = CapacityForm.of_request().offer(loads)
    return answer(
        form,
        lambda: queueing.set_capacity(
            _somebody(form.account_id.data), form.most_open.data, by=current_actor()
        ),
        then=lambda _: url_for("queue_work.capacity"),
        again=lambda again: _capacity_page(again, loads),
    )


def _somebody(account_id: str) -> Any:
    found = account(UUID(account_id))
    assert found is not None
    return found


def _capacity_page(form: Form, loads: list[queries.Load]) -> str:
    can_set = POLICY.allows(current_actor(), Act.SET_CAPACITY)
    names = {each.account.id: each.account.name for each in loads}
    absences = [each for each in queries.absences_from(today()) if each.account_id in names]
    shown = {"can_set": can_set, "absences": absences, "names": names}
    shown["can_record"] = POLICY.allows(current_actor(), Act.RECORD_ABSENCE)
    return render_template("signposting/capacity.html", form=form, loads=loads, **shown)


@blueprint.route("/enquiries/absences/new", methods=["GET", "POST"])
@permit(Act.RECORD_ABSENCE, audience=Audience.INTERNAL)
def record_absence() -> ResponseReturnValue:
    """Say when somebody is away, and who stands in."""
    actor = current_actor()
    form = AbsenceForm.of_request(account_id=str(actor.account_id)).offer(queries.loads_of(_own_hubs(actor)))
    if not form.was_sent:
        return render_template("signposting/record_absence.html", form=form)
    return answer(
        form,
        lambda: queueing.record_absence(form.wanted(), by=actor),
        then=lambda _: url_for("queue_work.capacity"),
        again=lambda again: render_template("signposting/record_absence.html", form=again),
    )
