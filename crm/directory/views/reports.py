"""Readers tell us what is wrong with a service, and staff say what was done about it."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import names_of
from crm.directory import queries
from crm.directory.forms import SettleForm, WrongForm
from crm.directory.models import Service, ServiceReport
from crm.directory.policy import POLICY
from crm.directory.rules.labels import REPORT_STATUSES
from crm.directory.service import reporting as service
from crm.directory.workflow import REPORTS, Act
from crm.kernel.permissions import Actor, Audience
from crm.throttles.rules import Source
from crm.web.feature import Todo, counted_todo
from crm.web.filtering import chosen
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("service_reports", __name__)
permit = permits(POLICY)
WHOSE = {
    "": "All that wait",
    "mine": "About services I look after",
    "nobody": "About services nobody looks after",
    "settled": "Dealt with",
}


def _source() -> Source:
    return Source(request.remote_addr or "unknown", current_app.extensions["settings"].secret_key)


@blueprint.route("/directory/services/<string:service_id>/report", methods=["GET", "POST"])
@permit(Act.REPORT_WRONG, audience=Audience.PUBLIC, load=queries.service)
def report_wrong(found: Service) -> ResponseReturnValue:
    """Tell us what is wrong with a service."""
    form = WrongForm.of_request()
    return answer(
        form,
        page=lambda: render_template("directory/report_wrong.html", form=form, service=found),
        act=lambda: service.report_wrong(found, form.told(), source=_source(), by=current_actor()),
        then=lambda _: url_for("service_reports.thanks_for_report"),
    )


@blueprint.get("/directory/report-thanks")
@permit(Act.REPORT_WRONG, audience=Audience.PUBLIC)
def thanks_for_report() -> ResponseReturnValue:
    """Thank you: the report is on somebody's desk."""
    return render_template("directory/thanks_for_report.html")


@blueprint.get("/directory/reports")
@permit(Act.LIST_REPORTS, audience=Audience.INTERNAL)
def reports() -> ResponseReturnValue:
    """What readers told us is wrong."""
    whose, owner_id = chosen("whose", WHOSE), current_actor().account_id
    page = page_of(queries.reports(whose, owner_id=owner_id, cursor=cursor()))
    count = queries.count_of_reports(whose, owner_id=owner_id)
    return render_template("directory/reports.html", page=page, count=count, whose=whose, kinds=WHOSE)


@blueprint.get("/directory/reports/<uuid:report_id>")
@permit(Act.LIST_REPORTS, audience=Audience.INTERNAL, load=queries.report)
def report(found: ServiceReport) -> ResponseReturnValue:
    """One report, and what was done about it."""
    return _report_page(SettleForm.of_request(version=found.version), found)


@blueprint.post("/directory/reports/<uuid:report_id>/settle")
@permit(Act.SETTLE_REPORT, audience=Audience.INTERNAL, load=queries.report, machine=REPORTS)
def settle(found: ServiceReport) -> ResponseReturnValue:
    """Say what was done about a report."""
    form = SettleForm.of_request()
    return answer(
        form,
        page=lambda: _report_page(form, found),
        act=lambda: service.settle(found, form.answer.data, by=current_actor()),
        then=lambda _: saved("Report dealt with.", "service_reports.reports"),
    )


def _report_page(form: SettleForm, found: ServiceReport) -> str:
    may_settle = Act.SETTLE_REPORT in open_acts(found, policy=POLICY, machine=REPORTS)
    may_check = POLICY.allows(current_actor(), Act.CONFIRM)
    people = names_of([each for each in (found.settled_by_id, found.service.owner_id) if each])
    shown = {
        "may_settle": may_settle,
        "may_check": may_check,
        "people": people,
        "report_statuses": REPORT_STATUSES,
    }
    return render_template("directory/report.html", form=form, report=found, **shown)


WAITING = {
    "mine": ("report about a service that you look after", "reports about services that you look after"),
    "nobody": (
        "report about a service that nobody looks after",
        "reports about services that nobody looks after",
    ),
}


def todos(actor: Actor) -> tuple[Todo, ...]:
    """What readers told us of services that an actor looks after, or that nobody does."""
    counts = queries.counts_of_reports(actor.account_id)
    return tuple(
        todo
        for whose, words in WAITING.items()
        for todo in counted_todo(counts[whose], words, href=url_for("service_reports.reports", whose=whose))
    )
