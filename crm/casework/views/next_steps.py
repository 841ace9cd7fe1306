"""Next steps: given, changed, done; and how somebody wants to be reminded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.casework import queries
from crm.casework.forms import FinishForm, NextStepForm, RemindersForm
from crm.casework.models import Conversation, NextStep
from crm.casework.policy import POLICY
from crm.casework.rules import CHECK_FIRST
from crm.casework.service import stepping as service
from crm.casework.workflow import Act, why_not_change_step, why_not_dismiss_step
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.workflow import first_reason
from crm.web.absent import mark_absent
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("next_steps", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/next-steps/new", methods=["GET", "POST"])
@permit(Act.ADD_STEP, audience=Audience.INTERNAL, load=business, unless=why_archived)
def add(found: Business) -> ResponseReturnValue:
    """Give somebody something to do about a business."""
    form = _form(found)
    return answer(
        form,
        page=lambda: _next_step_form_page(form, found),
        act=lambda: service.add(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Next step added.", found),
    )


@blueprint.route("/conversations/<uuid:conversation_id>/next-steps/new", methods=["GET", "POST"])
@permit(Act.ADD_STEP, audience=Audience.INTERNAL, load=queries.conversation, unless=why_archived)
def add_from(found: Conversation) -> ResponseReturnValue:
    """Give somebody something to do that came out of a conversation."""
    form = _form(found.business)
    return answer(
        form,
        page=lambda: _next_step_form_page(form, found.business),
        act=lambda: service.add(None, form.details(), out_of=found, by=current_actor()),
        then=lambda _: _saved("Next step added.", found.business),
    )


def _form(owner: Business, **data: Any) -> NextStepForm:
    started = {"assignees": [str(current_actor().account_id)]} | data
    return _offered(NextStepForm.of_request(**started), queries.advisers_for(owner, current_actor()))


def _offered(form: NextStepForm, advisers: Mapping[str, str]) -> NextStepForm:
    form.offer(advisers)
    mark_absent(form.assignees)
    return form


def _next_step_form_page(form: Form, owner: Business, kept: NextStep | None = None) -> str:
    has_withdrawn = kept is not None and bool(queries.withdrawn_since([kept]))
    shown = {"business": owner, "step": kept, "has_withdrawn": has_withdrawn, "check_first": CHECK_FIRST}
    return render_template("casework/next_step_form.html", form=form, **shown)


def _saved(words: str, owner: Business) -> str:
    return saved(words, "business.business", business_id=owner.id)


@blueprint.route("/next-steps/<uuid:next_step_id>/change", methods=["GET", "POST"])
@permit(
    Act.CHANGE_STEP,
    audience=Audience.INTERNAL,
    load=queries.next_step,
    unless=first_reason(why_not_change_step, why_archived),
)
def change(found: NextStep) -> ResponseReturnValue:
    """Change what is to be done, by whom or by when."""
    form = _change_form(found)
    return answer(
        form,
        page=lambda: _next_step_form_page(form, found.business, found),
        act=lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Next step changed.", found.business),
    )


def _change_form(found: NextStep) -> NextStepForm:
    held = {str(each.account_id): each.account.name for each in found.assignees}
    known = {"title": found.title, "due_on": found.due_on, "version": found.version, "assignees": list(held)}
    offered = queries.advisers_for(found.business, current_actor()) | held
    return _offered(NextStepForm.of_request(**known), offered)


@blueprint.route("/next-steps/<uuid:next_step_id>/finish", methods=["GET", "POST"])
@permit(Act.FINISH_STEP, audience=Audience.INTERNAL, load=queries.next_step, unless=why_not_change_step)
def finish(found: NextStep) -> ResponseReturnValue:
    """Mark a step as done; one that a business asked for with the answer that it is sent."""
    if "title" in request.form:
        return _saved_and_finished(found)
    form = FinishForm.of(is_asked=found.is_asked)
    told = form.answer.data if "answer" in form else ""
    return answer(
        form,
        page=lambda: render_template("casework/finish.html", form=form, step=found),
        act=lambda: service.finish(found, answer=told or "", by=current_actor()),
        then=lambda _: _saved("Answer sent." if told else "Next step done.", found.business),
    )


def _saved_and_finished(found: NextStep) -> ResponseReturnValue:
    """The button on the page where a step is changed: what was typed there is saved with it."""
    form = _change_form(found)
    return answer(
        form,
        page=lambda: _next_step_form_page(form, found.business, found),
        act=lambda: service.change_and_finish(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: _saved("Next step done.", found.business),
    )


@blueprint.post("/next-steps/<uuid:next_step_id>/dismiss")
@permit(Act.DISMISS_STEP, audience=Audience.INTERNAL, load=queries.next_step, unless=why_not_dismiss_step)
def dismiss(found: NextStep) -> ResponseReturnValue:
    """Dismiss its reminder."""
    service.dismiss(found, by=current_actor())
    return done(_saved("Reminder dismissed. You will be reminded again if the day changes.", found.business))


@blueprint.route("/reminders", methods=["GET", "POST"])
@permit(Act.CHOOSE_REMINDERS, audience=Audience.INTERNAL)
def reminders() -> ResponseReturnValue:
    """How somebody wants to be reminded."""
    form = RemindersForm.of_request(**_choice())
    return answer(
        form,
        page=lambda: render_template("casework/reminders.html", form=form),
        act=lambda: _choose(form),
        then=lambda _: saved("Reminders saved.", "next_steps.reminders"),
    )


def _choice() -> dict[str, Any]:
    own = current_actor().account_id
    kept = queries.choices_of([own])[own] if own else None
    if kept is None:
        return {}
    days = tuple(int(each) for each in kept.quiet_days)
    return {"by_letter": "yes" if kept.by_letter else "no", "quiet_days": days}


def _choose(form: RemindersForm) -> None:
    actor = current_actor()
    found = account(actor.account_id) if actor.account_id else None
    assert found is not None
    wants = form.by_letter.data == "yes"
    service.choose(found, by_letter=wants, quiet_days=form.quiet_days.data, by=actor)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What is to be done about a business, for staff alone."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_add = not found.is_archived and POLICY.allows(actor, Act.ADD_STEP, found)
    return {"rows": queries.steps_of(found.id), "can_add": can_add, "business": found, "on": today()}
