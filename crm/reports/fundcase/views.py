"""The fund case as a page with its form, the asks behind each figure, and the paper and files of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.db.states import refuse_if
from crm.kernel.clock import now, today
from crm.kernel.money import NO_MONEY, whole_percent
from crm.kernel.permissions import Audience
from crm.kernel.small_numbers import FEWEST_TOLD, HIDDEN
from crm.programme.outcomes.rules.places import HEIGHT, WIDTH
from crm.reports.fundcase import queries
from crm.reports.fundcase.forms import CaseForm, sent_in
from crm.reports.fundcase.papers.figures import figures_workbook
from crm.reports.fundcase.papers.paper import case_pdf
from crm.reports.fundcase.papers.rows import ASKS_HEAD, ask_cells
from crm.reports.fundcase.papers.sheets import Told
from crm.reports.fundcase.papers.workbook import case_workbook
from crm.reports.fundcase.policy import POLICY, is_outside
from crm.reports.fundcase.rules import labels
from crm.reports.fundcase.rules.reading import (
    WHICH,
    Reading,
    Wanted,
    line_in_words,
    map_of,
    opened,
    read,
    rules_in_words,
    scope_in_words,
    why_not_told,
)
from crm.reports.fundcase.rules.simulating import DEFAULT
from crm.reports.fundcase.rules.sought import Scope, ended_quarter
from crm.reports.fundcase.workflow import Act
from crm.web.extracts import csv_response, pdf_response, workbook_response
from crm.web.filtering import NoSuchFilter, as_offered, chosen
from crm.web.filters import moment
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("fund_case", __name__)
permit = permits(POLICY)
ROWS = 50
HERE = "fund_case.case"


@blueprint.get("/reports/fund-case")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def case() -> ResponseReturnValue:
    """What was asked for and not found, and what a fund would have met, by rules that the reader chooses."""
    form = _form()
    if not form.validate():
        return make_response(_case_page(form, None), 422)
    return _case_page(form, _reading(form, is_outside=is_outside(current_actor())))


def _form() -> CaseForm:
    """The form of the address. People outside have none: what two answers differ by would tell of a few."""
    if is_outside(current_actor()) and request.args:
        raise NoSuchFilter
    return as_offered(CaseForm.of_address(request.args))


def _valid() -> CaseForm:
    """The form of the address of a file or a list, which is made by a page that was read."""
    form = _form()
    if not form.validate():
        raise NoSuchFilter
    return form


def _reading(form: CaseForm, *, is_outside: bool) -> Reading:
    """The case that the form asks for; people outside read what was asked for until the last quarter ended."""
    if _has_no_form():
        return read(queries.asks(), Scope(last=ended_quarter(today())), fund=DEFAULT, is_outside=True)
    return read(queries.asks(), form.scope(), fund=form.fund(), is_outside=is_outside)


def _has_no_form() -> bool:
    return is_outside(current_actor())


def _case_page(form: CaseForm, reading: Reading | None) -> str:
    sent = sent_in(request.args)
    shown: dict[str, Any] = {"sent": sent, "labels": labels, "hidden": HIDDEN, "fewest": FEWEST_TOLD}
    shown |= {"why_not_paper": None}
    if reading is not None:
        shown |= _shown(reading)
    outside = _has_no_form()
    opens, calculates = (POLICY.allows(current_actor(), act) for act in (Act.LIST, Act.CALCULATE))
    shown |= {"opens": opens, "calculates": calculates}
    return render_template(
        "reports/fundcase/case.html", form=form, reading=reading, is_outside=outside, **shown
    )


def _shown(reading: Reading) -> dict[str, Any]:
    shown: dict[str, Any] = {"tiles": map_of(reading.case), "map_size": (WIDTH, HEIGHT)}
    shown |= {"about": scope_in_words(reading.scope), "rules": rules_in_words(reading.fund)}
    shown |= {"why_not_paper": why_not_told(reading), "nothing": NO_MONEY, "whole_percent": whole_percent}
    return shown | {"made_at": now(), "today": today(), "query": request.query_string.decode()}


def _wanted() -> Wanted:
    """The figure whose asks the address opens."""
    table = chosen("table", labels.LINES)
    key = chosen("key", labels.LINES.get(table, {}))
    return Wanted(table, key, chosen("which", WHICH), chosen("fate", {str(each) for each in labels.FATES}))


@blueprint.get("/reports/fund-case/asks")
@permit(Act.LIST, audience=Audience.INTERNAL)
def asks() -> ResponseReturnValue:
    """The asks behind a figure, of the businesses that the reader may see."""
    form, wanted, actor = _valid(), _wanted(), current_actor()
    counted = opened(_reading(form, is_outside=False), wanted)
    seen = queries.seen_by(actor, counted)
    rows = [each for each in counted if each.business_id in seen]
    shown: dict[str, Any] = {"unseen": len(counted) - len(rows), "count": len(rows), "labels": labels}
    shown |= {"businesses": len({each.business_id for each in rows}), "told": _words(form, wanted)}
    page = numbered(rows, size=ROWS)
    return render_template("reports/fundcase/asks.html", page=page, links=_links(wanted), **shown)


def _words(form: CaseForm, wanted: Wanted) -> list[str]:
    """What the list shows, in words."""
    kind = WHICH[wanted.which][0] if wanted.which else ""
    fates = {str(each): words for each, words in labels.FATES.items()}
    parts = (scope_in_words(form.scope()), line_in_words(wanted), kind, fates.get(wanted.fate, ""))
    return [each for each in parts if each]


def _links(wanted: Wanted) -> dict[str, Any]:
    """Back to the case, and the same rows as a file."""
    sent = sent_in(request.args)
    figure = {name: value for name, value in asdict(wanted).items() if value}
    return {"case": url_for(HERE, **sent), "csv": url_for("fund_case.extract", **sent, **figure)}


@blueprint.get("/reports/fund-case/asks.csv")
@permit(
    Act.EXTRACT,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded asks of the fund case, and how many rows",
)
def extract() -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    form, wanted, actor = _valid(), _wanted(), current_actor()
    counted = opened(_reading(form, is_outside=False), wanted)
    seen = queries.seen_by(actor, counted)
    rows = [ask_cells(each) for each in counted if each.business_id in seen]
    filters = {name: values for name, values in request.args.lists() if name != "page"}
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=actor))
    return csv_response("fund-case-asks.csv", ASKS_HEAD, rows=rows)


@blueprint.get("/reports/fund-case.pdf")
@permit(Act.DOWNLOAD, audience=Audience.INTERNAL)
def paper() -> ResponseReturnValue:
    """The case as a paper to hand over: with what people outside may read, whoever makes it."""
    reading = _reading(_valid(), is_outside=True)
    refuse_if(why_not_told(reading))
    return pdf_response(
        "fund-case.pdf", case_pdf(reading, at=now(), address=_address(), sender=settings().service_name)
    )


@blueprint.get("/reports/fund-case/figures.xlsx")
@permit(Act.DOWNLOAD, audience=Audience.INTERNAL)
def figures() -> ResponseReturnValue:
    """The figures as a workbook to hand over: with what people outside may read, whoever makes it."""
    reading = _reading(_valid(), is_outside=True)
    refuse_if(why_not_told(reading))
    return workbook_response("fund-case-figures.xlsx", figures_workbook(reading, _told(reading)))


@blueprint.get("/reports/fund-case/workbook.xlsx")
@permit(
    Act.CALCULATE,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded the workbook of the fund case, and how many asks it has",
)
def workbook() -> ResponseReturnValue:
    """The whole case as a workbook that calculates, with a row for each ask; who downloaded it is recorded."""
    reading = _reading(_valid(), is_outside=False)
    after(noting(Act.CALCULATE, sent_in(request.args), rows=len(reading.asks), by=current_actor()))
    return workbook_response("fund-case.xlsx", case_workbook(reading, _told(reading)))


def _told(reading: Reading) -> Told:
    scope = scope_in_words(reading.scope)
    return Told(settings().service_name, moment(now()), scope, _address())


def _address() -> str:
    """Where the figures of a paper can be read again."""
    return settings().base_url + url_for(HERE, **sent_in(request.args))
