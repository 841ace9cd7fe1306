"""Test-bed projects: listed, proposed, changed, moved on; their partners and their spend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about_any
from crm.businesses.service.extracting import noting
from crm.directory.queries import provider_names
from crm.ip.testbed.forms import (
    FindingsForm,
    PartnerForm,
    ProjectForm,
    ProjectsFilter,
    SpendForm,
    project_values,
)
from crm.ip.testbed.models import Project, ProjectPart, ProjectPartner, ProjectSpend
from crm.ip.testbed.papers import HEAD, cells
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import joining, reading, seeing
from crm.ip.testbed.rules import labels
from crm.ip.testbed.service import changing, leading, spending
from crm.ip.testbed.workflow import (
    LIVE_PARTS,
    PROJECTS,
    Act,
    LessonStatus,
    PartStatus,
    why_not_agree,
    why_not_change,
    why_not_invite_yet,
    why_not_spend,
    why_not_write,
)
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import asked_by_actor, open_acts, permits
from crm.web.reasons import ReasonForm
from crm.web.transaction import after

blueprint = Blueprint("test_bed", __name__)
permit = permits(POLICY)
TAKING = (PartStatus.TAKING_PART,)
ASKED = ("q", "stage", "partner")


@blueprint.get("/test-bed")
@permit(Act.LIST, audience=Audience.INTERNAL)
def projects() -> ResponseReturnValue:
    """The projects, the newest first."""
    form, actor = ProjectsFilter(request.args).offer(seeing.partner_names()), current_actor()
    page = page_of(seeing.projects(form.wanted(), cursor=cursor()))
    shown: dict[str, Any] = {"page": page, "labels": labels}
    shown["taking_part"] = joining.counts_of([each.id for each in page.rows])
    shown["asked"] = {name: value for name, value in request.args.items() if name in ASKED and value}
    shown["can_propose"] = POLICY.allows(actor, Act.PROPOSE)
    shown["can_extract"] = POLICY.allows(actor, Act.EXTRACT)
    return render_template("ip/testbed/projects.html", form=form, **shown)


@blueprint.get("/test-bed.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded which projects, and how many")
def extract() -> ResponseReturnValue:
    """The rows of the list as a file; who downloaded it is recorded."""
    found = seeing.every_project(ProjectsFilter(request.args).offer(seeing.partner_names()).wanted())
    taking_part = joining.counts_of([each.id for each in found])
    rows = [cells(each, taking_part[each.id]) for each in found]
    given = {name: values for name, values in request.args.lists() if name in ASKED}
    after(noting(Act.EXTRACT, given, rows=len(rows), by=current_actor()))
    return csv_response("test-bed-projects.csv", HEAD, rows=rows)


@blueprint.route("/test-bed/propose", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL)
def propose() -> ResponseReturnValue:
    """Propose a project."""
    form = ProjectForm.of_request()
    return answer(
        form,
        page=lambda: _project_form_page(form),
        act=lambda: leading.propose(form.details(), by=current_actor()),
        then=lambda made: _saved("Project proposed. Next, add its partners.", made),
    )


def _project_form_page(form: Form, found: Project | None = None) -> str:
    reach = _reach(found) if found else None
    return render_template("ip/testbed/project_form.html", form=form, project=found, reach=reach)


def _saved(words: str, found: Project) -> str:
    return saved(words, "test_bed.project", project_id=found.id)


@blueprint.get("/test-bed/<uuid:project_id>")
@permit(Act.VIEW_PROJECT, audience=Audience.INTERNAL, load=seeing.project)
def project(found: Project) -> ResponseReturnValue:
    """One project: its question, money, partners, businesses and lessons."""
    return _project_page(found)


def _project_page(found: Project, *, form: Form | None = None) -> str:
    actor = current_actor()
    parts = joining.parts_in(found.id)
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "acts": _acts(found)}
    shown |= {"is_over": bool(why_not_change(found)), "planned_end": leading.planned_end(found)}
    shown["parts"] = [each for each in parts if POLICY.allows(actor, Act.VIEW, each)]
    shown["count_live"] = sum(each.status in LIVE_PARTS for each in parts)
    shown["others"] = len(parts) - len(shown["parts"])
    shown |= _of_leaders(found, actor, parts)
    return render_template(
        "ip/testbed/project.html", project=found, stopping=form or ReasonForm(), form=form, **shown
    )


def _acts(found: Project) -> frozenset[Any]:
    """What this person can do with the project as it is; what it lacks before it can be agreed is said instead."""
    also = [] if why_not_change(found) else [Act.CHANGE, Act.ADD_PARTNER, Act.REMOVE_PARTNER]
    also += [] if why_not_invite_yet(found) else [Act.INVITE]
    also += [] if why_not_spend(found) else [Act.SPEND, Act.CANCEL_SPEND]
    also += [] if why_not_write(found) else [Act.WRITE_LESSON]
    also += [] if leading.why_not_lead(found, current_actor().account_id) else [Act.LEAD]
    acts = open_acts(found, machine=PROJECTS, policy=POLICY, also=also)
    return acts - {Act.AGREE} if why_not_agree(found) else acts


def _of_leaders(found: Project, actor: Actor, parts: Sequence[ProjectPart]) -> dict[str, Any]:
    """What leaders and readers see besides: what is still needed, spend, lessons, and history."""
    sees = POLICY.allows(actor, Act.VIEW_LESSON)
    can_agree = found.status == "proposed" and POLICY.allows(actor, Act.AGREE, found)
    told: dict[str, Any] = {"sees": sees, "needs": why_not_agree(found) if can_agree else ""}
    told["spend"] = seeing.spend_of(found.id) if sees else ()
    lessons = reading.lessons_of(found.id) if sees else ()
    namings = [each for lesson in lessons for each in lesson.namings]
    told["named"] = {str(each.id): each.business.name for each in namings}
    told["named"] |= {str(each.id): each.business.name for each in parts}
    return told | {"lessons": lessons, "trail": entries_about_any([found, *parts, *namings]) if sees else ()}


@blueprint.route("/test-bed/<uuid:project_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=seeing.project, unless=why_not_change)
def change(found: Project) -> ResponseReturnValue:
    """Change a project."""
    form = ProjectForm.of_request(**project_values(found)).of_project(found)
    return answer(
        form,
        page=lambda: _project_form_page(form, found),
        act=lambda: leading.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Project updated.", found),
    )


@blueprint.post("/test-bed/<uuid:project_id>/lead")
@permit(
    Act.LEAD,
    audience=Audience.INTERNAL,
    load=seeing.project,
    unless=asked_by_actor(leading.why_not_lead),
)
def lead(found: Project) -> ResponseReturnValue:
    """Lead it from now on."""
    leading.take_over(found, by=current_actor())
    return done(_saved("You lead this project from now on.", found))


@blueprint.post("/test-bed/<uuid:project_id>/agree")
@permit(Act.AGREE, audience=Audience.INTERNAL, load=seeing.project, machine=PROJECTS)
def agree(found: Project) -> ResponseReturnValue:
    """Mark it as agreed with its partners."""
    leading.agree(found, by=current_actor())
    return done(_saved("Project agreed. Spend and lessons can be recorded now.", found))


@blueprint.post("/test-bed/<uuid:project_id>/start")
@permit(Act.START, audience=Audience.INTERNAL, load=seeing.project, machine=PROJECTS)
def start(found: Project) -> ResponseReturnValue:
    """Start it."""
    leading.start(found, by=current_actor())
    return done(_saved("Project started.", found))


@blueprint.post("/test-bed/<uuid:project_id>/report")
@permit(Act.REPORT, audience=Audience.INTERNAL, load=seeing.project, machine=PROJECTS)
def report(found: Project) -> ResponseReturnValue:
    """End the trial and write up the result."""
    leading.report(found, by=current_actor())
    return done(_saved("The trial has ended. Next, record the result and finish the project.", found))


def _what_next(found: Project) -> str:
    """What to do once a project is finished; nothing more where a lesson of it is written already."""
    is_written = any(each.status is not LessonStatus.DISCARDED for each in reading.lessons_of(found.id))
    return "" if is_written else " Next, write a lesson that others can read."


@blueprint.route("/test-bed/<uuid:project_id>/finish", methods=["GET", "POST"])
@permit(Act.FINISH, audience=Audience.INTERNAL, load=seeing.project, machine=PROJECTS)
def finish(found: Project) -> ResponseReturnValue:
    """Record the result and finish the project."""
    kept = {"version": found.version, "seen": leading.mark_of_parts(found)}
    form = FindingsForm.of_request(**kept, result=found.result, lessons=found.lessons)
    return answer(
        form,
        page=lambda: _finish_page(form, found),
        act=lambda: leading.finish(found, form.details(), **form.shown(), by=current_actor()),
        then=lambda _: _saved(f"Project finished.{_what_next(found)}", found),
    )


def _finish_page(form: Form, found: Project) -> str:
    parts = joining.parts_in(found.id)
    reach = changing.reach_of(parts, statuses=TAKING)
    return render_template(
        "ip/testbed/finish.html", form=form, project=found, parts=parts, labels=labels, reach=reach
    )


@blueprint.post("/test-bed/<uuid:project_id>/stop")
@permit(Act.STOP, audience=Audience.INTERNAL, load=seeing.project, machine=PROJECTS)
def stop(found: Project) -> ResponseReturnValue:
    """Stop it before its end."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _project_page(found, form=form),
        act=lambda: leading.stop(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Project stopped. We have emailed the businesses in it.", found),
    )


@blueprint.route("/test-bed/<uuid:project_id>/partners/add", methods=["GET", "POST"])
@permit(Act.ADD_PARTNER, audience=Audience.INTERNAL, load=seeing.project, unless=why_not_change)
def add_partner(found: Project) -> ResponseReturnValue:
    """Add a partner."""
    form = PartnerForm.of_request().offer((str(each), name) for each, name in provider_names().items())
    return answer(
        form,
        page=lambda: render_template(
            "ip/testbed/add_partner.html", form=form, project=found, reach=_reach(found)
        ),
        act=lambda: _add_partner(form, found),
        then=lambda made: _saved(f"{made.name} added as a partner.", found),
    )


def _reach(found: Project) -> changing.Reach:
    return changing.reach_of(joining.parts_in(found.id))


def _add_partner(form: PartnerForm, found: Project) -> ProjectPartner:
    name, brings = form.name.data or "", form.brings.data or ""
    return leading.add_partner(found, name, provider_id=form.provider_id(), brings=brings, by=current_actor())


@blueprint.route("/test-bed/<uuid:project_id>/partners/<uuid:partner_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_PARTNER, audience=Audience.INTERNAL, load=seeing.partner, unless=leading.why_not_remove)
def remove_partner(found: ProjectPartner) -> ResponseReturnValue:
    """Remove a partner, with a reason."""
    form, where = ReasonForm.of_request(), found.project
    return answer(
        form,
        page=lambda: render_template(
            "ip/testbed/remove_partner.html", form=form, partner=found, reach=_reach(where)
        ),
        act=lambda: leading.remove_partner(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _saved(f"{found.name} is no longer a partner.", where),
    )


@blueprint.route("/test-bed/<uuid:project_id>/spend", methods=["GET", "POST"])
@permit(Act.SPEND, audience=Audience.INTERNAL, load=seeing.project, unless=why_not_spend)
def spend(found: Project) -> ResponseReturnValue:
    """Record a sum that was spent."""
    form = SpendForm.of_request()
    late, by = bool(form.is_late.data), current_actor()
    form.also(lambda: spending.require_sound(found, form.details(), is_late=late), "spent_on", "amount")
    return answer(
        form,
        page=lambda: render_template("ip/testbed/spend.html", form=form, project=found),
        act=lambda: spending.spend(found, form.details(), is_late=late, by=by),
        then=lambda made: _saved(f"{made.amount.in_full()} recorded as spent.", found),
    )


@blueprint.route("/test-bed/<uuid:project_id>/spend/<uuid:spend_id>/cancel", methods=["GET", "POST"])
@permit(Act.CANCEL_SPEND, audience=Audience.INTERNAL, load=seeing.spend, unless=spending.why_not_cancel)
def cancel_spend(found: ProjectSpend) -> ResponseReturnValue:
    """Cancel a spend that was recorded wrongly."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("ip/testbed/cancel_spend.html", form=form, spend=found),
        act=lambda: spending.cancel_spend(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Spend cancelled.", found.project),
    )
