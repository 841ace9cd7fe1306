"""The export plan of a business: countries, tasks, barriers and visits to markets; and the plans of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.exporting.plans import queries
from crm.exporting.plans.forms import (
    MARKET_PREFIX,
    PAST_PREFIX,
    CountryForm,
    PlanFilters,
    VisitForm,
    WinForm,
    country_values,
)
from crm.exporting.plans.models import ExportCountry, MarketVisit
from crm.exporting.plans.papers import PLANS_HEAD, plan_cells
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.rules import labels
from crm.exporting.plans.rules.countries import (
    NO_COVER,
    country_name,
    in_sentence,
    is_sanctioned,
    sanctions_in_words,
)
from crm.exporting.plans.rules.reporting import next_task, visit_state
from crm.exporting.plans.service import planning as service
from crm.exporting.plans.service import visiting
from crm.exporting.plans.service.telling import event_of
from crm.exporting.plans.workflow import COUNTRIES, VISITS, Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.extracts import calendar_response, csv_response
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("export_plans", __name__)
permit = permits(POLICY)
PLAN = "export_plans.plan"
SANCTIONS: Mapping[str, Any] = {
    "is_sanctioned": is_sanctioned,
    "no_cover": NO_COVER,
    "in_sentence": in_sentence,
    "country_name": country_name,
}
"""What pages say of a country to which UK trade sanctions apply."""


@blueprint.get("/export-plans")
@permit(Act.LIST, audience=Audience.INTERNAL)
def plans() -> ResponseReturnValue:
    """The countries of the plans of the businesses that this person sees."""
    filters, actor = as_offered(PlanFilters(request.args)), current_actor()
    wanted = filters.wanted()
    page = page_of(queries.plans(wanted, actor, cursor=cursor()))
    shown: dict[str, Any] = {"filters": filters, "labels": labels, **SANCTIONS}
    shown["sent"] = {name: value for name, value in vars(wanted).items() if value}
    count = queries.count_plans(wanted, actor)
    return render_template("exporting/plans/plans.html", page=page, count=count, **shown)


@blueprint.get("/export-plans.csv")
@permit(
    Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded the export plans, and how many rows"
)
def extract() -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    wanted, actor = as_offered(PlanFilters(request.args)).wanted(), current_actor()
    rows = [plan_cells(each) for each in queries.every_plan(wanted, actor)]
    filters = {name: [value] for name, value in vars(wanted).items()}
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=actor))
    return csv_response("export-plans.csv", PLANS_HEAD, rows=rows)


@blueprint.get("/businesses/<uuid:business_id>/export-plan")
@permit(Act.VIEW, audience=Audience.MEMBER, load=business)
def plan(found: Business) -> ResponseReturnValue:
    """The export plan of one business."""
    actor = current_actor()
    shown: dict[str, Any] = {"labels": labels, "country_name": country_name, "today": today()}
    shown |= {"rows": queries.plan_of(found.id), "barriers": queries.barriers_of(found.id)}
    shown |= SANCTIONS
    shown |= {"visits": queries.visits_of(found.id), "visit_state": visit_state}
    shown |= {"next_task": next_task(shown["rows"]), "can_list": POLICY.allows(actor, Act.LIST)}
    shown["can_change"] = not found.is_archived and POLICY.allows(actor, Act.ADD_COUNTRY, found)
    shown["sees_business"] = BUSINESSES.allows(actor, BusinessAct.VIEW, found)
    return render_template("exporting/plans/plan.html", business=found, **shown)


def _saved(words: str, found: Business | ExportCountry | MarketVisit) -> str:
    business_id = found.id if isinstance(found, Business) else found.business_id
    return saved(words, PLAN, business_id=business_id)


@blueprint.route("/businesses/<uuid:business_id>/export-plan/countries/new", methods=["GET", "POST"])
@permit(Act.ADD_COUNTRY, audience=Audience.MEMBER, load=business, unless=why_archived)
def add_country(found: Business) -> ResponseReturnValue:
    """Add a country to the plan."""
    visited = queries.visited_countries(found.id)
    first = request.args.get("country", "") or (visited[0] if len(visited) == 1 else "")
    form = CountryForm.of_request(country=first).offer(visited)
    return answer(
        form,
        page=lambda: _country_form_page(form, found, None),
        act=lambda: service.add_country(found, form.details(), by=current_actor()),
        then=lambda made: _saved(f"{country_name(made.country)} added. Next, add what is to be done.", found),
    )


def _country_form_page(form: Form, owner: Business, found: ExportCountry | None) -> str:
    chosen = country_name(form["country"].data)
    known = queries.country_in_plan(owner.id, form["country"].data) if form["country"].errors else None
    shown: dict[str, Any] = {
        "chosen": chosen,
        "known": known,
        "sanctions_in_words": sanctions_in_words(),
        **SANCTIONS,
    }
    shown |= {"form": form, "business": owner, "country": found}
    return render_template("exporting/plans/country_form.html", **shown)


@blueprint.get("/export-countries/<uuid:country_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.country)
def country(found: ExportCountry) -> ResponseReturnValue:
    """One country, where it is shown: in the plan of its business."""
    return redirect(url_for(PLAN, business_id=found.business_id, _anchor=f"country-{found.id}"))


@blueprint.route("/export-countries/<uuid:country_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_COUNTRY, audience=Audience.MEMBER, load=queries.country, unless=why_archived)
def change_country(found: ExportCountry) -> ResponseReturnValue:
    """Change a country of the plan."""
    form = CountryForm.of_request(**country_values(found))
    return answer(
        form,
        page=lambda: _country_form_page(form, found.business, found),
        act=lambda: service.change_country(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: _saved(f"{country_name(found.country)} updated.", found),
    )


@blueprint.route("/export-countries/<uuid:country_id>/win", methods=["GET", "POST"])
@permit(Act.WIN_COUNTRY, audience=Audience.MEMBER, load=queries.country, machine=COUNTRIES)
def win_country(found: ExportCountry) -> ResponseReturnValue:
    """The business sells there now, since a day. Where UK trade sanctions apply, it says first that they allow it."""
    name = country_name(found.country)
    form = WinForm.of_request(won_on=today()).asking(name)
    return answer(
        form,
        page=lambda: _win_country_page(form, found, name),
        act=lambda: service.win_country(
            found, won_on=form.won_on.data, is_allowed=form.is_allowed, by=current_actor()
        ),
        then=lambda _: _saved(f"{name}: recorded as selling there.", found),
    )


def _win_country_page(form: Form, found: ExportCountry, name: str) -> str:
    return render_template(
        "exporting/plans/win_country.html", form=form, country=found, name=name, **SANCTIONS
    )


@blueprint.post("/export-countries/<uuid:country_id>/drop")
@permit(Act.DROP_COUNTRY, audience=Audience.MEMBER, load=queries.country, machine=COUNTRIES)
def drop_country(found: ExportCountry) -> ResponseReturnValue:
    """Set a country aside."""
    service.drop_country(found, by=current_actor())
    return done(_saved(f"{country_name(found.country)} is set aside. You can take it up again.", found))


@blueprint.post("/export-countries/<uuid:country_id>/resume")
@permit(Act.RESUME_COUNTRY, audience=Audience.MEMBER, load=queries.country, machine=COUNTRIES)
def resume_country(found: ExportCountry) -> ResponseReturnValue:
    """Work on a country again."""
    service.resume_country(found, by=current_actor())
    return done(_saved(f"{country_name(found.country)} is active again.", found))


@blueprint.route("/businesses/<uuid:business_id>/market-visits/new", methods=["GET", "POST"])
@permit(Act.GO, audience=Audience.MEMBER, load=business, unless=why_archived)
def go(found: Business) -> ResponseReturnValue:
    """Record that the business goes to a market by itself, or went."""
    form = VisitForm.of_request(edition=request.args.get("edition", ""))
    on = today()
    form.offer(queries.coming_editions(on), queries.undated_markets(on), queries.past_editions(on))
    return answer(
        form,
        page=lambda: _visit_form_page(form, found),
        act=lambda: _go(form, found),
        then=lambda _: _saved("Market added to the plan.", found),
    )


def _visit_form_page(form: Form, found: Business) -> str:
    return render_template("exporting/plans/visit_form.html", form=form, business=found)


def _go(form: VisitForm, found: Business) -> MarketVisit:
    chosen, note, by = form.edition.data or "", form.note.data or "", current_actor()
    if chosen.startswith(MARKET_PREFIX):
        undated = next(
            each for each in queries.undated_markets(today()) if chosen == f"{MARKET_PREFIX}{each.id}"
        )
        return visiting.go_without_dates(found, undated, note=note, by=by)
    if chosen.startswith(PAST_PREFIX):
        past = next(each for each in queries.past_editions(today()) if chosen == f"{PAST_PREFIX}{each.id}")
        return visiting.add_past(found, past, note=note, by=by)
    edition = next(each for each in queries.coming_editions(today()) if str(each.id) == chosen)
    return visiting.go(found, edition, note=note, by=by)


@blueprint.get("/market-visits/<uuid:visit_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.visit)
def visit(found: MarketVisit) -> ResponseReturnValue:
    """One visit, where it is shown: in the plan of its business."""
    return redirect(url_for(PLAN, business_id=found.business_id, _anchor=f"visit-{found.id}"))


@blueprint.post("/market-visits/<uuid:visit_id>/attend")
@permit(Act.ATTEND, audience=Audience.MEMBER, load=queries.visit, machine=VISITS, unless=visiting.why_not_yet)
def attend(found: MarketVisit) -> ResponseReturnValue:
    """The business went."""
    visiting.attend(found, by=current_actor())
    return done(_saved(f"{found.edition.name}: recorded as visited.", found))


@blueprint.get("/market-visits/<uuid:visit_id>/calendar")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.visit, unless=visiting.why_no_entry)
def visit_calendar(found: MarketVisit) -> ResponseReturnValue:
    """The visit for a calendar."""
    return calendar_response("market.ics", event_of(found))


@blueprint.post("/market-visits/<uuid:visit_id>/miss")
@permit(Act.MISS, audience=Audience.MEMBER, load=queries.visit, machine=VISITS)
def miss(found: MarketVisit) -> ResponseReturnValue:
    """The business did not go."""
    visiting.miss(found, by=current_actor())
    return done(_saved(f"{found.edition.name}: recorded as not visited.", found))
