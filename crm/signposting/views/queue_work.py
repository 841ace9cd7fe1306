"""What is done with an enquiry: claimed, given on, answered, closed, attached, triaged; and who has room."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.recognising import alike, search
from crm.businesses.workflow import Act as BusinessAct
from crm.kernel.permissions import Audience
from crm.signposting.forms.queueing import (
    MOST_WORDS,
    AnswerForm,
    AssignForm,
    AttachForm,
    CloseForm,
    HandOverForm,
    NoteForm,
    Offer,
    ReopenForm,
)
from crm.signposting.models import Enquiry
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.service import attaching, planning, queueing, triaging
from crm.signposting.views.queue import enquiry_page, loads_for, other_hubs
from crm.signposting.workflow import ENQUIRIES, Act
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("queue_work", __name__)
permit = permits(POLICY)
T = TypeVar("T")
TYPED_FOR = {
    "said": ("queue_work.answer_enquiry", "Typed as the answer, not marked as answered"),
    "close_note": ("queue_work.close", "Typed as the closing note, not closed"),
    "why_them": ("queue_work.hand_over", "Typed as the reason for another hub, not handed over"),
    "why": ("queue_work.reopen", "Typed as the reason to reopen, not reopened"),
}
"""The fields that belong to one button of the page: which, and how their text is noted when another is pressed."""
NOTE_KEPT = "Your note was kept."


def _saved(words: str, found: Enquiry) -> str:
    return saved(_with_note(words), "queue.enquiry", enquiry_id=found.id)


def _with_note(words: str = "") -> str:
    """What was done, and that what was typed beside the button was saved as a note, where something was."""
    return f"{words} {NOTE_KEPT}".strip() if _typed_beside() else words


def _note_too(found: Enquiry, act: Callable[[], T]) -> T:
    """Do something with an enquiry, and save as notes what was typed beside the button that was pressed."""
    for text in _typed_beside():
        queueing.note(found, text, by=current_actor())
    return act()


def _typed_beside() -> list[str]:
    """The note, and what was typed for another button, which says so."""
    typed = {name: request.form.get(name, "").strip() for name in ("note", *TYPED_FOR)}
    others = [
        f"{words}: {typed[name]}"
        for name, (endpoint, words) in TYPED_FOR.items()
        if typed[name] and request.endpoint != endpoint
    ]
    return [typed["note"], *others] if typed["note"] else others


@blueprint.post("/enquiries/<uuid:enquiry_id>/claim")
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.enquiry)
def claim(found: Enquiry) -> ResponseReturnValue:
    """Take it in hand."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: enquiry_page(found, claim=form),
        act=lambda: _note_too(found, lambda: queueing.claim(found, by=current_actor())),
        then=lambda _: _saved("This enquiry is now assigned to you.", found),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/release")
@permit(Act.RELEASE, audience=Audience.INTERNAL, load=queries.enquiry, machine=ENQUIRIES)
def release(found: Enquiry) -> ResponseReturnValue:
    """Put it back into the queue."""
    _note_too(found, lambda: queueing.release(found, by=current_actor()))
    return done(_saved("The enquiry is back in the queue.", found))


@blueprint.post("/enquiries/<uuid:enquiry_id>/assign")
@permit(Act.ASSIGN, audience=Audience.INTERNAL, load=queries.enquiry, machine=ENQUIRIES)
def assign(found: Enquiry) -> ResponseReturnValue:
    """Give it to a colleague."""
    form = AssignForm.of_request().offer(loads_for(found))
    return answer(
        form,
        page=lambda: enquiry_page(found, assign=form),
        act=lambda: _note_too(
            found, lambda: queueing.assign(found, UUID(form.account_id.data), by=current_actor())
        ),
        then=lambda _: _saved("The enquiry is assigned to your colleague.", found),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/hand-over")
@permit(Act.HAND_OVER, audience=Audience.INTERNAL, load=queries.enquiry, machine=ENQUIRIES)
def hand_over(found: Enquiry) -> ResponseReturnValue:
    """Pass it on to another hub."""
    form = HandOverForm.of_request().offer(other_hubs(found))
    return answer(
        form,
        page=lambda: enquiry_page(found, hand_over=form),
        act=lambda: _note_too(found, lambda: _handed_over(found, form)),
        then=lambda _: saved(_with_note("The enquiry is with the other hub."), "queue.enquiries"),
    )


def _handed_over(found: Enquiry, form: HandOverForm) -> None:
    hub_id = UUID(form.hub_id.data)
    queueing.hand_over(found, hub_id, reason=form.why_them.data or "", by=current_actor())


@blueprint.post("/enquiries/<uuid:enquiry_id>/answer")
@permit(Act.ANSWER, audience=Audience.INTERNAL, load=queries.enquiry, machine=ENQUIRIES)
def answer_enquiry(found: Enquiry) -> ResponseReturnValue:
    """Keep that the business had its answer."""
    form = AnswerForm.of_request()
    return answer(
        form,
        page=lambda: enquiry_page(found, answer=form),
        act=lambda: _note_too(found, lambda: queueing.answer(found, said=form.said.data, by=current_actor())),
        then=lambda _: _saved("Marked as answered.", found),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/close")
@permit(Act.CLOSE, audience=Audience.INTERNAL, load=queries.enquiry, machine=ENQUIRIES)
def close(found: Enquiry) -> ResponseReturnValue:
    """Close it, with the reason."""
    form = CloseForm.of_request()
    return answer(
        form,
        page=lambda: enquiry_page(found, close=form),
        act=lambda: _note_too(
            found,
            lambda: queueing.close(found, form.why(), note=form.close_note.data or "", by=current_actor()),
        ),
        then=lambda _: _saved("The enquiry is closed.", found),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.enquiry, machine=ENQUIRIES)
def reopen(found: Enquiry) -> ResponseReturnValue:
    """Open it again, with a note."""
    form = ReopenForm.of_request()
    return answer(
        form,
        page=lambda: enquiry_page(found, reopen=form),
        act=lambda: _note_too(found, lambda: queueing.reopen(found, why=form.why.data, by=current_actor())),
        then=lambda _: _saved("The enquiry is open again, and waits in the queue.", found),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/note")
@permit(Act.NOTE, audience=Audience.INTERNAL, load=queries.enquiry)
def note(found: Enquiry) -> ResponseReturnValue:
    """Note something, for advisers alone."""
    form = NoteForm.of_request()
    return answer(
        form,
        page=lambda: enquiry_page(found, note=form),
        act=lambda: _note_too(found, lambda: None),
        then=lambda _: saved("Note added.", "queue.enquiry", enquiry_id=found.id),
    )


@blueprint.route("/enquiries/<uuid:enquiry_id>/business", methods=["GET", "POST"])
@permit(Act.ATTACH, audience=Audience.INTERNAL, load=queries.enquiry, unless=attaching.why_not_attached)
def attach(found: Enquiry) -> ResponseReturnValue:
    """Say which business an enquiry is about: one that is known, likely matches first, or a new one."""
    offer = _offered(found)
    form = AttachForm.of_request(business_id=None if offer.rows or offer.unseen else "new").offer(
        offer.choices
    )
    return answer(
        form,
        page=lambda: render_template("signposting/attach.html", form=form, enquiry=found, offer=offer),
        act=lambda: attaching.attach_chosen(found, form.chosen(), by=current_actor()),
        then=lambda known: _saved(attaching.attached_in_words(found, known), found),
    )


def _offered(found: Enquiry) -> Offer:
    """The businesses that this actor may choose from, and those that they may not see."""
    actor, words = current_actor(), request.args.get("q", "").strip()[:MOST_WORDS]
    likely = attaching.candidates(found)
    seen = [each for each in likely if BUSINESSES.allows(actor, BusinessAct.VIEW, each.business)]
    unseen = [each.business for each in likely if each not in seen]
    similar = alike(found.business_name, actor, person=found.person_name)
    searched = search(words, actor) if words else []
    return Offer(words, likely=seen, found=searched, alike=similar, unseen=unseen)


@blueprint.post("/enquiries/<uuid:enquiry_id>/triage")
@permit(Act.TRIAGE, audience=Audience.INTERNAL, load=queries.enquiry)
def triage(found: Enquiry) -> ResponseReturnValue:
    """Diagnose what the business needs, beginning with what the enquiry told."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: enquiry_page(found, triage=form),
        act=lambda: _note_too(found, lambda: triaging.triage(found, by=current_actor())),
        then=lambda begun: saved(
            _with_note(), "diagnostics.answer_section", diagnosis_id=begun.id, section="areas"
        ),
    )


def _business_of(found: Enquiry) -> Business:
    assert found.business is not None
    return found.business


@blueprint.post("/enquiries/<uuid:enquiry_id>/make-plan")
@permit(Act.DRAFT_PLAN, audience=Audience.INTERNAL, load=queries.enquiry, unless=planning.why_not_plan)
def make_plan(found: Enquiry) -> ResponseReturnValue:
    """Draft the action plan that answers an enquiry, or continue the draft that there is."""
    form, actor = Form.of_request(), current_actor()
    draft = partial(planning.draft_plan, enquiry_id=found.id, by=actor)
    return answer(
        form,
        page=lambda: enquiry_page(found, make_plan=form),
        act=lambda: _note_too(found, lambda: draft(_business_of(found))),
        then=lambda made: saved(_with_note(), "plans.edit", plan_id=made.id),
    )
