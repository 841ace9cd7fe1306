"""Next steps: given, changed, done; and how somebody wants to be reminded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework import queries
from crm.casework.forms import NextStepForm, RemindersForm
from crm.casework.models import Conversation, NextStep
from crm.casework.policy import POLICY
from crm.casework.service import stepping as service
from crm.casework.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("next_steps", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/next-steps/new", methods=["GET", "POST"])
@permit(Act.ADD_STEP, audience=Audience.INTERNAL, load=business)
def add(found: Business) -> ResponseReturnValue:
    """Give somebody something to do about a business."""
    form = _form(found)
    if not form.was_sent:
        return _form_page(form, found)
    return answer(
        form,
        lambda: service.add(found, form.details(), by=current_actor()),
        then=lambda _: _said(found, "It is kept."),
        again=lambda again: _form_page(again, found),
    )


@blueprint.route("/conversations/<uuid:conversation_id>/next-steps/new", methods=["GET", "POST"])
@permit(Act.ADD_STEP, audience=Audience.INTERNAL, load=queries.conversation)
def add_from(found: Conversation) -> ResponseReturnValue:
    """Give somebody something to do that came out of a conversation."""
    form = _form(found.business)
    if not form.was_sent:
        return _form_page(form, found.business)
    return answer(
        form,
        lambda: service.add(None, form.details(), out_of=found, by=current_actor()),
        then=lambda _: _said(found.business, "It is kept."),
        again=lambda again: _form_page(again, found.business),
    )


def _form(owner: Business, **data: Any) -> Any:
    started = {"assignees": [str(current_actor().account_id)]} | data
    return NextStepForm.of_request(**started).offer(queries.advisers_for(owner, current_actor()))


def _form_page(form: Form, owner: Business, kept: NextStep | None = None) -> str:
    return render_template("casework/next_step_form.html", form=form, business=owner, step=kept)


def _said(owner: Business, words: str) -> str:
    flash(words, "success")
    return url_for("business.business", business_id=owner.id)


@blueprint.route("/next-steps/<uuid:next_step_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_STEP, audience=Audience.INTERNAL, load=queries.next_step)
def change(found: NextStep) -> ResponseReturnValue:
    """Change what is to be done, by whom or by when."""
    form = _change_form(found)
    if not form.was_sent:
        return _form_page(form, found.business, found)
    return answer(
        form,
        lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(found.business, "It is changed."),
        again=lambda again: _form_page(again, found.business, found),
    )


def _change_form(found: NextStep) -> Any:
    held = {str(each.account_id): each.account.name for each in found.assignees}
    known = {"title": found.title, "due_on": found.due_on, "version": found.version, "assignees": list(held)}
    offered = queries.advisers_for(found.business, current_actor()) | held
    return NextStepForm.of_request(**known).offer(offered)


@blueprint.post("/next-steps/<uuid:next_step_id>/finish")
@permit(Act.FINISH_STEP, audience=Audience.INTERNAL, load=queries.next_step)
def finish(found: NextStep) -> ResponseReturnValue:
    """It is done."""
    service.finish(found, by=current_actor())
    return redirect(_said(found.business, "It is done."), code=303)


@blueprint.post("/next-steps/<uuid:next_step_id>/dismiss")
@permit(Act.DISMISS_STEP, audience=Audience.INTERNAL, load=queries.next_step)
def dismiss(found: NextStep) -> ResponseReturnValue:
    """Put its reminder away."""
    service.dismiss(found, by=current_actor())
    return redirect(_said(found.business, "You are reminded of it no more, unless its day moves."), code=303)


@blueprint.route("/reminders", methods=["GET", "POST"])
@permit(Act.CHOOSE_REMINDERS, audience=Audience.INTERNAL)
def reminders() -> ResponseReturnValue:
    """How somebody wants to be reminded."""
    form = RemindersForm.of_request(**_choice())
    if not form.was_sent:
        return _reminders_page(form)
    return answer(
        form,
        lambda: _choose(form),
        then=lambda _: url_for("next_steps.reminders"),
        again=_reminders_page,
    )


def _choice() -> dict[str, Any]:
    own = current_actor().account_id
    kept = queries.choices_of([own])[own] if own else None
    if kept is None:
        return {}
    days = tuple(int(each) for each in kept.quiet_days)
    return {"by_letter": "yes" if kept.by_letter else "no", "quiet_days": days}


def _choose(form: Any) -> None:
    actor = current_actor()
    found = account(actor.account_id) if actor.account_id else None
    assert found is not None
    wants = form.by_letter.data == "yes"
    service.choose(found, by_letter=wants, quiet_days=form.quiet_days.data, by=actor)
    flash("It is kept.", "success")


def _reminders_page(form: Form) -> str:
    return render_template("casework/reminders.html", form=form)
