"""Workshops: shown to everybody, planned and held by staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.queries import colleagues, hub_names
from crm.audit.queries import entries_about
from crm.casework.queries import kinds
from crm.casework.rules import CHANNELS, hours_in_words
from crm.kernel.clock import now
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.meetings import queries, rules
from crm.meetings.forms import CameForm, ReasonForm, WorkshopForm, workshop_values
from crm.meetings.models import Workshop
from crm.meetings.policy import POLICY, STAFF
from crm.meetings.service import holding as service
from crm.meetings.service.seating import event_of
from crm.meetings.workflow import WORKSHOPS, Act, why_not_change_workshop
from crm.web.extracts import calendar_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("workshops", __name__)
permit = permits(POLICY)
ATTENDANCE = "Attendance saved. Next, find the business of each person where it is not known."


@blueprint.get("/workshops")
@permit(Act.LIST_WORKSHOPS, audience=Audience.PUBLIC)
def workshops() -> ResponseReturnValue:
    """The workshops that are still to come; for staff the drafts and the past ones too."""
    actor = current_actor()
    coming = queries.workshops(actor, after=now())
    past = queries.past_workshops(actor, before=now()) if actor.has(*STAFF, Role.AUDITOR) else ()
    taken = queries.seats_taken([each.id for each in (*coming, *past)])
    shown = {
        "can_plan": POLICY.allows(actor, Act.PLAN_WORKSHOP),
        "rules": rules,
        "channels": CHANNELS,
    }
    return render_template("meetings/workshops.html", coming=coming, past=past, taken=taken, **shown)


@blueprint.route("/workshops/new", methods=["GET", "POST"])
@permit(Act.PLAN_WORKSHOP, audience=Audience.INTERNAL)
def plan() -> ResponseReturnValue:
    """Plan a workshop."""
    form = _offered(WorkshopForm.of_request(lead=str(current_actor().account_id)))
    return answer(
        form,
        page=lambda: _workshop_form_page(form),
        act=lambda: service.plan(form.details(), by=current_actor()),
        then=lambda made: _saved(
            "Workshop saved as a draft. Nobody outside sees it until you publish it.", made
        ),
    )


def _offered(form: WorkshopForm, *, kept: Workshop | None = None) -> WorkshopForm:
    offered = list(kinds())
    if kept is not None and kept.kind not in offered:
        offered.append(kept.kind)
    form.offer(offered, hub_names(), _leads(kept))
    form.doubted(kept, longest=rules.USUAL_WORKSHOP)
    return form.also(lambda: service.require_sound(form.details(), kept=kept), *form.SETTLES)


def _leads(kept: Workshop | None) -> dict[str, str]:
    """Who may lead a workshop, by id: everybody who works for a hub, and whoever plans it."""
    actor = current_actor()
    known = {str(each.id): each.name for each in colleagues(*hub_names())}
    asking = {str(actor.account_id): actor.name} if kept is None else {}
    leads = {str(kept.lead_id): kept.lead.name} if kept and kept.lead else {}
    return leads | asking | known


def _workshop_form_page(form: Form, kept: Workshop | None = None) -> str:
    return render_template("meetings/workshop_form.html", form=form, workshop=kept)


def _saved(words: str, workshop: Workshop) -> str:
    return saved(words, "workshops.workshop", workshop_id=workshop.id)


@blueprint.get("/workshops/<uuid:workshop_id>")
@permit(Act.SEE_WORKSHOP, audience=Audience.PUBLIC, load=queries.workshop)
def workshop(found: Workshop) -> ResponseReturnValue:
    """What it is, when and where; for staff what can be done, and its history."""
    return _workshop_page(found)


def _workshop_page(found: Workshop, *, form: Form | None = None) -> str:
    shown: dict[str, Any] = {"rules": rules, "channels": CHANNELS, "hours": hours_in_words, "Act": Act}
    shown["words"] = CHANNELS | {found.kind_code: found.kind.label}
    shown |= {"taken": queries.seats_taken([found.id])[found.id], "cancelling": form or ReasonForm()}
    shown |= _possible(found) | _times(found)
    return render_template("meetings/workshop.html", workshop=found, form=form, **shown)


def _possible(found: Workshop) -> dict[str, Any]:
    """What whoever asks can do, and for staff what happened."""
    actor = current_actor()
    is_staff = POLICY.allows(actor, Act.VIEW_PLACES, found)
    also = () if why_not_change_workshop(found) else (Act.CHANGE_WORKSHOP,)
    acts = open_acts(found, machine=WORKSHOPS, policy=POLICY, also=also)
    trail = entries_about(found) if is_staff else ()
    signs_others = POLICY.allows(actor, Act.SIGN_UP_OTHERS, found)
    return {"acts": acts, "is_staff": is_staff, "trail": trail, "signs_others": signs_others}


def _times(found: Workshop) -> dict[str, bool]:
    has_begun = found.starts_at <= now()
    return {"has_begun": has_begun, "can_sign_up": found.status == "open" and not has_begun}


@blueprint.get("/workshops/<uuid:workshop_id>/calendar")
@permit(Act.SEE_WORKSHOP, audience=Audience.PUBLIC, load=queries.workshop)
def workshop_calendar(found: Workshop) -> ResponseReturnValue:
    """The workshop for a calendar."""
    return calendar_response("invitation.ics", event_of(found, is_cancelled=found.status == "cancelled"))


@blueprint.route("/workshops/<uuid:workshop_id>/change", methods=["GET", "POST"])
@permit(
    Act.CHANGE_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop, unless=why_not_change_workshop
)
def change(found: Workshop) -> ResponseReturnValue:
    """Change what it is, when or where."""
    form = _offered(WorkshopForm.of_request(**workshop_values(found)), kept=found)
    return answer(
        form,
        page=lambda: _workshop_form_page(form, found),
        act=lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda told: _saved(f"Workshop changed.{rules.told_in_words(told)}", found),
    )


@blueprint.post("/workshops/<uuid:workshop_id>/open")
@permit(Act.OPEN_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop, machine=WORKSHOPS)
def open_workshop(found: Workshop) -> ResponseReturnValue:
    """Publish it, and let people sign up."""
    service.open_(found, by=current_actor())
    return done(_saved("Workshop published. Anyone can sign up now.", found))


@blueprint.post("/workshops/<uuid:workshop_id>/cancel")
@permit(Act.CANCEL_WORKSHOP, audience=Audience.INTERNAL, load=queries.workshop, machine=WORKSHOPS)
def cancel(found: Workshop) -> ResponseReturnValue:
    """Cancel a workshop."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _workshop_page(found, form=form),
        act=lambda: service.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda told: _saved(f"Workshop cancelled.{rules.told_in_words(told)}", found),
    )


@blueprint.route("/workshops/<uuid:workshop_id>/hold", methods=["GET", "POST"])
@permit(
    Act.HOLD_WORKSHOP,
    audience=Audience.INTERNAL,
    load=queries.workshop,
    machine=WORKSHOPS,
    unless=service.why_not_hold,
)
def hold_workshop(found: Workshop) -> ResponseReturnValue:
    """It took place: say who came."""
    form = _came_form(found)
    page = {"form": form, "workshop": found, "hours": hours_in_words}
    return answer(
        form,
        page=lambda: render_template("meetings/hold_workshop.html", **page),
        act=lambda: service.hold(found, form.places(), shown=form.rows_shown(), by=current_actor()),
        then=lambda _: saved(ATTENDANCE, "workshop_places.places", workshop_id=found.id),
    )


def _came_form(found: Workshop) -> CameForm:
    expected = [each for each in queries.places_in(found.id) if each.status in ("taken", "waiting")]
    ticked = [str(each.id) for each in expected if each.status == "taken"]
    return CameForm.of_request(came=ticked).offer(expected)
