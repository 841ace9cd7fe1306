"""A conversation: recorded, completed, corrected."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, people_of
from crm.casework import queries, rules
from crm.casework.forms import ConversationForm, values_of
from crm.casework.models import Conversation
from crm.casework.policy import POLICY
from crm.casework.service import conversing as service
from crm.casework.workflow import CONVERSATIONS, Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.permit import permits

blueprint = Blueprint("conversations", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/conversations/new", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL, load=business)
def record(found: Business) -> ResponseReturnValue:
    """Keep what was said, as a draft or whole."""
    mine = [str(current_actor().account_id)]
    form = offered(ConversationForm.of_request(happened_on=today(), advisers=mine), found)
    if not form.was_sent:
        return _form_page(form, found)
    return answer(
        form, lambda: _recorded(found, form), then=_done, again=lambda again: _form_page(again, found)
    )


def offered(form: Any, business: Business, *, kept: Conversation | None = None) -> Any:
    """The form with who and what can be chosen; what the record has already stays among it."""
    advisers = queries.advisers_for(business, current_actor())
    kinds = list(queries.kinds())
    if kept is not None:
        advisers = {str(each.account_id): each.account.name for each in kept.advisers} | advisers
        kinds += [kept.kind] if kept.kind is not None and kept.kind not in kinds else []
    here = {each.person_id for each in kept.people} if kept else set()
    people = [each for each in people_of(business.id) if not each.left_on or each.id in here]
    services = {str(each.service_id): each.service.name for each in kept.services} if kept else {}
    return form.offer(people, advisers, kinds, services=services | queries.services_in_use())


def _form_page(form: Form, business: Business, kept: Conversation | None = None) -> str:
    return render_template("casework/conversation_form.html", form=form, business=business, conversation=kept)


def _recorded(found: Business, form: Any) -> Conversation:
    """A draft, or a whole record where that button was pressed."""
    made = service.record(found, form.details(), by=current_actor())
    if request.form.get("then") == "complete":
        queries.read_again(made)
        service.complete(made, by=current_actor())
    return made


def _done(made: Conversation) -> str:
    flash("It is kept." if made.status == "complete" else "It is kept as a draft.", "success")
    return url_for("conversations.conversation", conversation_id=made.id)


@blueprint.get("/conversations/<uuid:conversation_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.conversation)
def conversation(found: Conversation) -> ResponseReturnValue:
    """Who spoke with whom, about what, and what it came to."""
    return _page(found)


def _page(found: Conversation) -> str:
    actor = current_actor()
    acts = {act for act in CONVERSATIONS.possible(found.status) if POLICY.allows(actor, act, found)}
    can_edit = found.status != "discarded" and POLICY.allows(actor, Act.EDIT, found)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "can_edit": can_edit, "rules": rules}
    shown |= {"hours": queries.hours_from(found.id), "trail": entries_about(found)}
    shown["links"] = links_from("conversation", found.id)
    return render_template("casework/conversation.html", conversation=found, **shown)


@blueprint.route("/conversations/<uuid:conversation_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.INTERNAL, load=queries.conversation)
def edit(found: Conversation) -> ResponseReturnValue:
    """Correct what was kept."""
    form = offered(ConversationForm.of_request(**values_of(found)), found.business, kept=found)
    if not form.was_sent:
        return _form_page(form, found.business, found)
    return answer(
        form,
        lambda: _edited(found, form),
        then=lambda _: _done(found),
        again=lambda again: _form_page(again, found.business, found),
    )


def _edited(found: Conversation, form: Any) -> None:
    service.edit(found, form.details(), version=form.version.data, by=current_actor())
    if request.form.get("then") == "complete" and found.status == "draft":
        service.complete(found, by=current_actor())


@blueprint.post("/conversations/<uuid:conversation_id>/complete")
@permit(Act.COMPLETE, audience=Audience.INTERNAL, load=queries.conversation)
def complete(found: Conversation) -> ResponseReturnValue:
    """The record is whole."""
    service.complete(found, by=current_actor())
    return redirect(_done(found), code=303)


@blueprint.post("/conversations/<uuid:conversation_id>/discard")
@permit(Act.DISCARD, audience=Audience.INTERNAL, load=queries.conversation)
def discard(found: Conversation) -> ResponseReturnValue:
    """Throw a draft away."""
    service.discard(found, by=current_actor())
    flash("The draft is thrown away.", "success")
    return redirect(url_for("business.business", business_id=found.business_id), code=303)
