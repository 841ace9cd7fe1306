"""Workshops: shown to everybody, planned and held by staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import hub_names
from crm.audit.queries import entries_about
from crm.casework.queries import kinds
from crm.casework.rules import CHANNELS, hours_in_words
from crm.kernel.clock import now
from crm.kernel.permissions import Audience
from crm.meetings import queries, rules
from crm.meetings.forms import CameForm, ReasonForm, WorkshopForm, workshop_values
from crm.meetings.models import Workshop
from crm.meetings.policy import POLICY
from crm.meetings.service import holding as service
from crm.meetings.service.seating import event_of
from crm.meetings.workflow import WORKSHOPS, Act
from crm.web.extracts import calendar_response
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("workshops", __name__)
permit = permits(POLICY)


@blueprint.get("/workshops")
@permit(Act.LIST_WORKSHOPS, audience=Audience.PUBLIC)
def workshops() -> ResponseReturnValue:
    """The workshops that are still to come; for staff the drafts and the past ones too."""
    is_staff = POLICY.allows(current_actor(), Act.VIEW_PLACES)
    coming = queries.workshops(after=now(), with_drafts=is_staff)
    past = queries.past_workshops(before=now()) if is_staff else ()
    taken = queries.seats_taken([each.id for each in (*coming, *past)])
    shown = {
        "can_plan": POLICY.allows(current_actor(), Act.PLAN_WORKSHOP),
        "rules": rules,
        "channels": CHANNELS,
    }
    return render_template("meetings/workshops.html", coming=coming, past=past, taken=taken, **shown)


@blueprint.route("/workshops/new", methods=["GET", "POST"])
@permit(Act.PLAN_WORKSHOP, audience=Audience.INTERNAL)
def plan() -> ResponseReturnValue:
    """Plan a workshop."""
    form = _offered(WorkshopForm.of_request())
    if not form.was_sent:
        return _form_page(form)
    return answer(
        form,
        lambda: service.plan(form.details(), by=current_actor()),
        then=lambda made: _said(made.id, "It is kept. Nobody outside sees it before you open it."),
        again=_form_page,
    )


def _offered(form: Any, *, kept: Workshop | None = None) -> Any:
    offered = list(kinds())
    if kept is not None and kept.kind not in offered:
        offered.append(kept.kind)
    return form.offer(offered, hub_names())


def _form_page(form: Form, kept: Workshop | None = None) -> str:
    return render_template("meetings/workshop_form.html", form=form, workshop=kept)


def _said(workshop_id: UUID, words: str) -> str:
    flash(words, "success")
    return url_for("workshops.workshop", workshop_id=workshop_id)


@blueprint.get("/workshops/<uuid:workshop_id>")
@permit(Act.SEE_WORKSHOP, audience=Audience.PUBLIC, load=queries.workshop)
def workshop(found: Workshop) -> ResponseReturnValue:
    """What it is, when and where; for staff what can be done, and its history."""
    return _page(found)


def _page(found: Workshop, *, form: Form | None = None) -> str:
    shown: dict[str, Any] = {"rules": rules, "channels": CHANNELS, "hours": hours_in_words, "Act": Act}
    shown["words"] = CHANNELS | {found.kind_code: found.kind.label}
    shown |= {"taken": queries.seats_taken([found.id])[found.id], "cancelling": form or ReasonForm()}
    shown |= _possible(found) | _times(found)
    return render_template("meetings/workshop.html", workshop=found, form=form, **shown)


def _possible(found: Workshop) -> dict[str, Any]:
    """What whoever asks can do, and for staff what happened."""
    actor = current_actor()
    is_staff = POLICY.allows(actor, Act.VIEW_PLACES)
    acts = {act for act in WORKSHOPS.possible(found.status) if POLICY.allows(actor, act, found)}
    can_change = found.status in ("draft", "open") and POLICY.allows(actor, Act.CHANGE_WORKSHOP, found)
    trail = entries_about(found) if is_staff else ()
    return {"acts": acts, "is_staff": is_staff, "can_change": can_change, "trail": trail}


def _times(found: Workshop) -> dict[str, bool]:
    has_begun = found.starts_at <= now()
    return {"has_begun": has_begun, "can_sign_up": found.status == "open" and not has_begun}


@blueprint.get("/workshops/<uuid:workshop_id>/calendar")
@permit(Act.SEE_WORKSHOP, audience=Audience.PUBLIC, load=queries.workshop)
def workshop_calendar(found: Workshop) -> ResponseReturnValue:
    """The workshop for a calendar."""
    return calendar_response("invitation.ics", event_of(found, is_cancelled=found.status == "cancelled"))


@blueprint.route("/workshops/<uuid:workshop_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop)
def change(found: Workshop) -> ResponseReturnValue:
    """Change what it is, when or where."""
    form = _offered(WorkshopForm.of_request(**workshop_values(found)), kept=found)
    if not form.was_sent:
        return _form_page(form, found)
    return answer(
        form,
        lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(found.id, "It is changed. Whoever it concerns is told."),
        again=lambda again: _form_page(again, found),
    )


@blueprint.post("/workshops/<uuid:workshop_id>/open")
@permit(Act.OPEN_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop)
def open_workshop(found: Workshop) -> ResponseReturnValue:
    """Show it, and let people sign up."""
    service.open_(found, by=current_actor())
    return redirect(_said(found.id, "Everybody can sign up now."), code=303)


@blueprint.post("/workshops/<uuid:workshop_id>/cancel")
@permit(Act.CANCEL_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop)
def cancel(found: Workshop) -> ResponseReturnValue:
    """Call it off."""
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: service.cancel(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _said(found.id, "It is called off. Whoever signed up is told."),
        again=lambda again: _page(found, form=again),
    )


@blueprint.route("/workshops/<uuid:workshop_id>/hold", methods=["GET", "POST"])
@permit(Act.HOLD_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop)
def hold_workshop(found: Workshop) -> ResponseReturnValue:
    """It was held: say who came."""
    WORKSHOPS.target(Act.HOLD_WORKSHOP, found.status)
    form = _came_form(found)
    if not form.was_sent:
        return _hold_page(form, found)
    return answer(
        form,
        lambda: service.hold(found, form.places(), by=current_actor()),
        then=lambda _: _held(found),
        again=lambda again: _hold_page(again, found),
    )


def _came_form(found: Workshop) -> Any:
    expected = [each for each in queries.places_in(found.id) if each.status in ("taken", "waiting")]
    return CameForm.of_request(came=[str(each.id) for each in expected if each.status == "taken"]).offer(
        expected
    )


def _hold_page(form: Form, found: Workshop) -> str:
    return render_template("meetings/hold_workshop.html", form=form, workshop=found, hours=hours_in_words)


def _held(found: Workshop) -> str:
    flash("It is kept. Say of each which business they come from, where that is not known.", "success")
    return url_for("workshop_places.places", workshop_id=found.id)
