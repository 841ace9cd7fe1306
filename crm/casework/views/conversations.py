"""A conversation: recorded, completed, corrected, voided; and the latest of them on a business's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, people_of
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.business_changes import person_first_page
from crm.casework import queries, rules
from crm.casework.forms import ConversationForm, VoidForm, values_of
from crm.casework.models import Conversation, SupportHours
from crm.casework.policy import POLICY
from crm.casework.service import conversing as service
from crm.casework.service.counting import why_not_void_hours
from crm.casework.views.hours import corrections_of
from crm.casework.workflow import CONVERSATIONS, Act, why_not_edit, why_not_void
from crm.kernel.clock import today
from crm.kernel.measures import in_hours
from crm.kernel.permissions import Actor, Audience
from crm.kernel.workflow import first_reason
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.permit import open_acts, permits

blueprint = Blueprint("conversations", __name__)
permit = permits(POLICY)
SHOWN = 5
EDITABLE = first_reason(why_not_edit, why_archived)


@blueprint.route("/businesses/<uuid:business_id>/conversations/new", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL, load=business, unless=why_archived)
def record(found: Business) -> ResponseReturnValue:
    """Record what was said, as a draft or complete."""
    mine = [str(current_actor().account_id)]
    form = offered(ConversationForm.of_request(happened_on=today(), advisers=mine), found)
    return answer(
        form,
        page=lambda: _conversation_form_page(form, found),
        act=lambda: _recorded(found, form),
        then=_saved,
    )


def offered(
    form: ConversationForm, business: Business, *, kept: Conversation | None = None
) -> ConversationForm:
    """The form with who and what can be chosen; what the record has already stays among it."""
    advisers, kinds = queries.advisers_for(business, current_actor()), list(queries.kinds())
    if kept is not None:
        advisers = {str(each.account_id): each.account.name for each in kept.advisers} | advisers
        kinds += [kept.kind] if kept.kind is not None and kept.kind not in kinds else []
    here = {each.person_id for each in kept.people} if kept else set()
    people = [each for each in people_of(business.id) if not each.left_on or each.id in here]
    services = {str(each.service_id): each.service.name for each in kept.services} if kept else {}
    form.also(lambda: service.require_sound(business.id, form.details(), kept=kept), *form.SETTLES)
    return form.offer(people, advisers, kinds, services=services | queries.services_in_use())


def _conversation_form_page(
    form: ConversationForm, business: Business, kept: Conversation | None = None
) -> str:
    if kept is None and not form.was_sent and not form.people.choices:
        return person_first_page(
            business, "A conversation is with people, and we do not know anyone there yet."
        )
    held = queries.hours_from(kept.id) if kept else None
    shown = {"conversation": kept, "hours": held, **_correcting(held)}
    return render_template("casework/conversation_form.html", form=form, business=business, **shown)


def _recorded(found: Business, form: ConversationForm) -> Conversation:
    """A draft, or a complete record where that button was pressed."""
    made = service.record(found, form.details(), by=current_actor())
    if request.form.get("then") == "complete":
        queries.read_again(made)
        service.complete(made, by=current_actor())
    return made


def _saved(made: Conversation) -> str:
    words = "Draft saved."
    if made.status == "complete":
        given = made.quarters
        words = f"Conversation recorded{f': {in_hours(given)}' if given else ''}."
    return saved(words, "conversations.conversation", conversation_id=made.id)


@blueprint.get("/conversations/drafts")
@permit(Act.LIST_DRAFTS, audience=Audience.INTERNAL)
def drafts() -> ResponseReturnValue:
    """The conversations that this person began to record."""
    return render_template("casework/drafts.html", rows=drafts_of(current_actor()))


def drafts_of(actor: Actor) -> list[Conversation]:
    """A person's own drafts, of businesses that they still look after and that are not archived."""
    found = queries.drafts_of(actor.account_id) if actor.account_id is not None else ()
    return [each for each in found if POLICY.allows(actor, Act.VIEW, each) and not why_archived(each)]


@blueprint.get("/conversations/<uuid:conversation_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.conversation)
def conversation(found: Conversation) -> ResponseReturnValue:
    """Who spoke with whom, about what, and what came of it."""
    return _conversation_page(found)


def _conversation_page(found: Conversation, *, form: Form | None = None) -> str:
    held = queries.hours_from(found.id)
    shown: dict[str, Any] = {"acts": _acts(found, held), "Act": Act, "rules": rules}
    shown |= {"form": form, "voiding": form or VoidForm(), "links": links_from("conversation", found.id)}
    shown |= {"hours": held, "trail": entries_about(found), **_correcting(held)}
    is_live = not EDITABLE(found)
    shown["can_add_step"] = is_live and POLICY.allows(current_actor(), Act.ADD_STEP, found.business)
    is_unasked = shown["hours"] is not None and shown["hours"].is_unasked
    shown["can_ask"] = (
        is_unasked and is_live and POLICY.allows(current_actor(), Act.ASK_HOURS, found.business)
    )
    return render_template("casework/conversation.html", conversation=found, **shown)


def _correcting(held: SupportHours | None) -> dict[str, Any]:
    """How the hours of a conversation were corrected, and whether the business answered and the reader may correct them."""
    if held is None:
        return {"corrections": (), "is_answered": False, "can_correct": False}
    can_correct = held.voided_at is None and POLICY.allows(current_actor(), Act.CORRECT_HOURS, held)
    told = corrections_of([held]).get(str(held.id), [])
    return {"corrections": told, "is_answered": held.status != "stated", "can_correct": can_correct}


def _acts(found: Conversation, held: SupportHours | None) -> frozenset[Any]:
    why_not = why_not_void(found) or why_not_void_hours(held, by=current_actor())
    reasons = {Act.EDIT: EDITABLE(found), Act.VOID: why_not, Act.COMPLETE: why_archived(found)}
    acts = open_acts(found, machine=CONVERSATIONS, policy=POLICY, also=(Act.EDIT, Act.VOID))
    return acts - {act for act, reason in reasons.items() if reason}


@blueprint.route("/conversations/<uuid:conversation_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.INTERNAL, load=queries.conversation, unless=EDITABLE)
def edit(found: Conversation) -> ResponseReturnValue:
    """Correct a record."""
    form = offered(ConversationForm.of_request(**values_of(found)), found.business, kept=found)
    return answer(
        form,
        page=lambda: _conversation_form_page(form, found.business, found),
        act=lambda: _edited(found, form),
        then=lambda _: _saved(found),
    )


def _edited(found: Conversation, form: ConversationForm) -> None:
    service.edit(found, form.details(), version=form.version.data, by=current_actor())
    if request.form.get("then") == "complete" and found.status == "draft":
        service.complete(found, by=current_actor())


@blueprint.post("/conversations/<uuid:conversation_id>/complete")
@permit(Act.COMPLETE, audience=Audience.INTERNAL, load=queries.conversation, machine=CONVERSATIONS)
def complete(found: Conversation) -> ResponseReturnValue:
    """Complete a draft."""
    service.complete(found, by=current_actor())
    return done(_saved(found))


@blueprint.post("/conversations/<uuid:conversation_id>/discard")
@permit(Act.DISCARD, audience=Audience.INTERNAL, load=queries.conversation, machine=CONVERSATIONS)
def discard(found: Conversation) -> ResponseReturnValue:
    """Delete a draft."""
    service.discard(found, by=current_actor())
    return done(saved("Draft deleted.", "business.business", business_id=found.business_id))


@blueprint.post("/conversations/<uuid:conversation_id>/void")
@permit(Act.VOID, audience=Audience.INTERNAL, load=queries.conversation, unless=why_not_void)
def void(found: Conversation) -> ResponseReturnValue:
    """Void a complete record, with a reason."""
    form = VoidForm.of_request()
    return answer(
        form,
        page=lambda: _conversation_page(found, form=form),
        act=lambda: service.void(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            f"Conversation voided.{' Its hours no longer count.' if found.quarters else ''}",
            "conversations.conversation",
            conversation_id=found.id,
        ),
    )


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The latest conversations with a business, for staff alone."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_record = not found.is_archived and POLICY.allows(actor, Act.RECORD, found)
    rows = queries.conversations_of(found.id, most=SHOWN)
    return {"rows": rows, "can_record": can_record, "business": found, "rules": rules}
