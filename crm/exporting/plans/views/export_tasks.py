"""The tasks and the barriers of an export plan."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, owners_for
from crm.businesses.service.keeping import why_archived
from crm.exporting.plans import queries
from crm.exporting.plans.forms import BarrierForm, TaskForm, barrier_values, task_values
from crm.exporting.plans.models import ExportBarrier, ExportCountry, ExportTask
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.rules.countries import country_name
from crm.exporting.plans.service import planning as service
from crm.exporting.plans.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.absent import mark_absent
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("export_tasks", __name__)
permit = permits(POLICY)


def _saved(words: str, owner: Business) -> str:
    return saved(words, "export_plans.plan", business_id=owner.id)


def _offered(form: TaskForm, owner: Business, kept: ExportTask | None = None) -> TaskForm:
    """The people at the business, the adviser who asks, and who has the task now."""
    account, person = (kept.account, kept.person) if kept is not None else (None, None)
    form.offer(*owners_for(owner, account=account, person=person, by=current_actor()))
    mark_absent(form.owner)
    return form


def _task_form_page(form: Form, country: ExportCountry, found: ExportTask | None) -> str:
    name = country_name(country.country)
    return render_template(
        "exporting/plans/task_form.html", form=form, country=country, name=name, task=found
    )


@blueprint.route("/export-countries/<uuid:country_id>/tasks/new", methods=["GET", "POST"])
@permit(Act.ADD_TASK, audience=Audience.MEMBER, load=queries.country, unless=why_archived)
def add_task(found: ExportCountry) -> ResponseReturnValue:
    """Add something to do for a country."""
    form = _offered(TaskForm.of_request(), found.business)
    return answer(
        form,
        page=lambda: _task_form_page(form, found, None),
        act=lambda: service.add_task(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Task added.", found.business),
    )


@blueprint.route("/export-tasks/<uuid:task_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_TASK, audience=Audience.MEMBER, load=queries.task, unless=why_archived)
def change_task(found: ExportTask) -> ResponseReturnValue:
    """Change a task."""
    form = _offered(TaskForm.of_request(**task_values(found)), found.business, found)
    return answer(
        form,
        page=lambda: _task_form_page(form, found.country, found),
        act=lambda: service.change_task(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Task updated.", found.business),
    )


@blueprint.post("/export-tasks/<uuid:task_id>/finish")
@permit(Act.FINISH_TASK, audience=Audience.MEMBER, load=queries.task, unless=service.why_not_finish)
def finish_task(found: ExportTask) -> ResponseReturnValue:
    """Mark a task as done."""
    service.finish_task(found, by=current_actor())
    return done(_saved(f"Done: {found.title}", found.business))


@blueprint.post("/export-tasks/<uuid:task_id>/reopen")
@permit(Act.REOPEN_TASK, audience=Audience.MEMBER, load=queries.task, unless=service.why_not_reopen)
def reopen_task(found: ExportTask) -> ResponseReturnValue:
    """Mark a task as not done after all."""
    service.reopen_task(found, by=current_actor())
    return done(_saved(f"Not done yet: {found.title}", found.business))


def _barrier_form_page(form: Form, owner: Business, found: ExportBarrier | None) -> str:
    return render_template("exporting/plans/barrier_form.html", form=form, business=owner, barrier=found)


@blueprint.route("/businesses/<uuid:business_id>/export-barriers/new", methods=["GET", "POST"])
@permit(Act.ADD_BARRIER, audience=Audience.MEMBER, load=business, unless=why_archived)
def add_barrier(found: Business) -> ResponseReturnValue:
    """Record what stands in the way."""
    form = BarrierForm.of_request()
    return answer(
        form,
        page=lambda: _barrier_form_page(form, found, None),
        act=lambda: service.add_barrier(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Barrier recorded.", found),
    )


@blueprint.route("/export-barriers/<uuid:barrier_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_BARRIER, audience=Audience.MEMBER, load=queries.barrier, unless=why_archived)
def change_barrier(found: ExportBarrier) -> ResponseReturnValue:
    """Change a barrier, or record that it was removed."""
    form = BarrierForm.of_request(**barrier_values(found))
    return answer(
        form,
        page=lambda: _barrier_form_page(form, found.business, found),
        act=lambda: service.change_barrier(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: _saved("Barrier updated.", found.business),
    )
