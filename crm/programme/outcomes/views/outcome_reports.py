"""Outcome reports: the list, one with its versions, and sending, recording, correcting and confirming its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.policy import is_theirs
from crm.businesses.service.extracting import noting
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.links.queries import live_link
from crm.links.rules import Purpose
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.awards.queries.awards import award_told
from crm.programme.awards.workflow import AwardStatus
from crm.programme.outcomes.forms import (
    CallForm,
    CorrectionForm,
    DraftForm,
    FiguresForm,
    LinkForm,
    StartForm,
    shown_of,
)
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.papers import HEAD, report_cells
from crm.programme.outcomes.policy import POLICY
from crm.programme.outcomes.queries import reports as queries
from crm.programme.outcomes.rules import labels
from crm.programme.outcomes.service import asking
from crm.programme.outcomes.service import giving as service
from crm.programme.outcomes.workflow import REPORTS, Act
from crm.web.extracts import csv_response
from crm.web.filtering import NoSuchFilter, chosen, chosen_id
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor, give_key
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits
from crm.web.seen import seen_version
from crm.web.transaction import after, is_reading

blueprint = Blueprint("outcome_reports", __name__)
permit = permits(POLICY)
PAGE = "outcome_reports.report"
HERE = "/outcomes/<uuid:report_id>"
SENT = "Figures sent. Thank you."
STARTED = "The business is asked for its baseline now, and for its figures later on the days below."
DRAFTED = "Draft saved. Your figures are not sent yet."


@blueprint.get("/outcomes")
@permit(Act.LIST, audience=Audience.INTERNAL)
def reports() -> ResponseReturnValue:
    """The reports of the businesses that this person sees, by what is to be done about them."""
    show, actor = chosen("show", queries.SHOWN, default="late"), current_actor()
    page = page_of(queries.listed(show, actor, cursor=cursor()))
    shown = {"page": page, "show": show, "filters": queries.SHOWN, "counts": queries.counts(actor)}
    shown["may_extract"] = POLICY.allows(actor, Act.EXTRACT)
    return render_template("programme/outcomes/reports.html", **shown, labels=labels, today=today())


@blueprint.get("/outcomes.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded which reports, and how many")
def extract() -> ResponseReturnValue:
    """The same reports as a file; who downloaded it is recorded."""
    show, actor = chosen("show", queries.SHOWN, default="all"), current_actor()
    rows = [report_cells(each) for each in queries.every_report(show, actor)]
    after(noting(Act.EXTRACT, {"show": [show]}, rows=len(rows), by=actor))
    return csv_response("outcomes.csv", HEAD, rows=rows)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.report)
def report(found: OutcomeReport) -> ResponseReturnValue:
    """One report: its figures, where they come from, and every earlier version."""
    actor = current_actor()
    shown: dict[str, Any] = {"acts": open_acts(found, policy=POLICY, machine=REPORTS), "Act": Act}
    shown |= {"why_not_me": service.why_not_confirmed_by(found, actor.account_id), "today": today()}
    shown |= {"is_signed_in": bool(actor.account_id), "is_own": is_theirs(actor, found)}
    drafts = entries_about(found, act=Act.SAVE_DRAFT, limit=1) if found.draft else ()
    shown["drafted_at"] = next((each.at for each in drafts), None)
    award = award_told(found.application_id)
    shown["award"] = award
    shown["is_ended"] = award is not None and award.status is AwardStatus.ENDED
    shown["sees_growth"] = POLICY.allows(actor, Act.SEE_GROWTH, found.business)
    return render_template("programme/outcomes/report.html", report=found, labels=labels, **shown)


@blueprint.route("/links/figures/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_LINK, audience=Audience.PUBLIC)
def open_figures(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, pressing the button opens the form."""
    live_link(token, Purpose.FIGURES)
    if is_reading():
        return render_template("programme/outcomes/open_figures.html")
    found = service.open_link(token, by=current_actor())
    give_key("figures", found.id)
    return done(url_for("outcome_reports.give", report_id=found.id))


def _figures_form() -> type[FiguresForm]:
    return FiguresForm if current_actor().account_id else LinkForm


@blueprint.route(f"{HERE}/give", methods=["GET", "POST"])
@permit(Act.GIVE, audience=Audience.MEMBER, load=queries.report, machine=REPORTS)
def give(found: OutcomeReport) -> ResponseReturnValue:
    """Fill in the figures, and send them."""
    near = _near(found)
    form = _figures_form().of_request(**_filled_in(found, near))
    name = form.said_by.data if isinstance(form, LinkForm) else ""
    return answer(
        form,
        page=lambda: _give_page(form, found, near),
        act=lambda: service.give(found, form.given(), name=name or "", by=current_actor()),
        then=lambda _: saved(SENT, PAGE, report_id=found.id),
    )


def _near(found: OutcomeReport) -> list[OutcomeReport]:
    """What this person is asked or sent for another award, for a day a few weeks apart."""
    return [each for each in queries.near_of(found) if POLICY.allows(current_actor(), Act.VIEW, each)]


def _filled_in(found: OutcomeReport, near: Sequence[OutcomeReport]) -> dict[str, Any]:
    """What the form is filled in with: what was saved as a draft, or the figures sent for another award that the address names."""
    like = _like(near)
    if like is not None and like.figures is not None:
        figures = like.figures
        return shown_of(figures.values, not_known=figures.not_known, version=found.version)
    values = service.draft_of(found)
    return shown_of(values, not_known=values.pop("not_known", []), version=found.version)


def _like(near: Sequence[OutcomeReport]) -> OutcomeReport | None:
    """The report whose figures the address asks to fill in. Any but those offered is refused."""
    asked = chosen_id("like")
    found = next((each for each in near if each.id == asked and each.figures), None)
    if asked is not None and found is None:
        raise NoSuchFilter
    return found


def _give_page(form: FiguresForm, found: OutcomeReport, near: Sequence[OutcomeReport]) -> str:
    rows = form.rows(found.as_at, queries.report_before(found))
    shown = {"report": found, "rows": rows, "today": today(), "also": _also(found)}
    shown |= {"near": near, "like": _like(near)}
    shown["award"] = award_told(found.application_id) if current_actor().account_id else None
    return render_template("programme/outcomes/give.html", form=form, **shown)


def _also(found: OutcomeReport) -> list[str]:
    """The references of the other applications whose awards the figures of this day count for."""
    return [each.application.reference for each in queries.twins_of(found)]


@blueprint.post(f"{HERE}/save-draft")
@permit(Act.SAVE_DRAFT, audience=Audience.MEMBER, load=queries.report, machine=REPORTS)
def save_draft(found: OutcomeReport) -> ResponseReturnValue:
    """Save what is filled in so far."""
    form = DraftForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _give_page(form, found, _near(found)),
        act=lambda: service.save_draft(found, form.given(), by=current_actor()),
        then=lambda _: saved(DRAFTED, "outcome_reports.give", report_id=found.id),
    )


@blueprint.route(f"{HERE}/record", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL, load=queries.report, machine=REPORTS)
def record(found: OutcomeReport) -> ResponseReturnValue:
    """Record what the business said on the telephone. What it saved and did not send is its own, and is not filled in."""
    form = CallForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _record_page(form, found),
        act=lambda: service.record(found, form.given(), said=form.said(), by=current_actor()),
        then=lambda _: saved("Figures recorded. Another person confirms them.", PAGE, report_id=found.id),
    )


def _record_page(form: FiguresForm, found: OutcomeReport) -> str:
    rows = form.rows(found.as_at, queries.report_before(found))
    shown = {"report": found, "rows": rows, "also": _also(found)}
    return render_template("programme/outcomes/record.html", form=form, **shown)


def _correct_page(form: FiguresForm, found: OutcomeReport) -> str:
    rows = form.rows(found.as_at, queries.report_before(found))
    return render_template("programme/outcomes/correct.html", form=form, report=found, rows=rows)


@blueprint.route(f"{HERE}/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.MEMBER, load=queries.report, machine=REPORTS)
def correct(found: OutcomeReport) -> ResponseReturnValue:
    """Correct the figures; the earlier ones stay on the page of the report."""
    figures = found.figures
    filled = shown_of(figures.values, not_known=figures.not_known, version=found.version) if figures else {}
    form = CorrectionForm.of_request(**filled)
    return answer(
        form,
        page=lambda: _correct_page(form, found),
        act=lambda: service.correct(found, form.given(), reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Figures corrected.", PAGE, report_id=found.id),
    )


@blueprint.post(f"{HERE}/confirm")
@permit(Act.CONFIRM, audience=Audience.INTERNAL, load=queries.report, machine=REPORTS)
def confirm(found: OutcomeReport) -> ResponseReturnValue:
    """Confirm the figures."""
    service.confirm(found, version=seen_version(), by=current_actor())
    return done(saved("Figures confirmed.", PAGE, report_id=found.id))


@blueprint.route("/applications/<uuid:application_id>/outcomes/start", methods=["GET", "POST"])
@permit(Act.PLAN, audience=Audience.INTERNAL, load=application, unless=asking.why_not_planned)
def start(found: Application) -> ResponseReturnValue:
    """Begin to ask for outcomes."""
    form = StartForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/outcomes/start.html", form=form, application=found),
        act=lambda: asking.start(found, form.accepted_on.data, by=current_actor()),
        then=lambda _: saved(STARTED, "outcome_trends.growth", business_id=found.business_id),
    )
