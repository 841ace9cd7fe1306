"""The calendar of markets and festivals, for everybody; kept by the export advisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.queries.seeing import businesses_of
from crm.exporting.plans import queries
from crm.exporting.plans.forms import (
    CancelForm,
    EditionForm,
    MarketFilters,
    MarketForm,
    RestoreForm,
    edition_values,
    market_values,
)
from crm.exporting.plans.models import Market, MarketEdition
from crm.exporting.plans.papers import MARKETS_HEAD, market_cells
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.rules import labels
from crm.exporting.plans.rules.countries import country_name
from crm.exporting.plans.rules.reporting import visit_state
from crm.exporting.plans.rules.sound import is_over
from crm.exporting.plans.service import markets as service
from crm.exporting.plans.service.telling import going_with_readers
from crm.exporting.plans.workflow import EDITIONS, Act
from crm.kernel.clock import today
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS
from crm.kernel.permissions import Audience
from crm.kernel.text import series
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.parts import parts_on
from crm.web.permit import permits

blueprint = Blueprint("markets", __name__)
permit = permits(POLICY)
PAGE, AT_ONCE = "markets.market", 20


@blueprint.get("/markets")
@permit(Act.LIST_MARKETS, audience=Audience.PUBLIC)
def markets() -> ResponseReturnValue:
    """The markets and festivals, with the next edition of each."""
    filters, can_add = as_offered(MarketFilters(request.args)), POLICY.allows(current_actor(), Act.ADD_MARKET)
    wanted = filters.wanted()
    rows, ended = queries.markets(wanted), queries.markets(wanted, ended=True)
    page = numbered(rows, size=AT_ONCE)
    coming = queries.next_editions([each.id for each in page.rows], on=today())
    shown: dict[str, Any] = {"page": page, "count": len(rows), "coming": coming, "filters": filters}
    shown |= {"labels": labels, "months": _months()}
    shown |= {"country_name": country_name, "groups": DCMS_GROUPS, "can_add": can_add, "ended": ended}
    shown["sent"] = {name: value for name, value in filters.data.items() if value}
    return render_template("exporting/plans/markets.html", **shown)


def _months() -> list[tuple[str, str]]:
    """The months by number and name, as a list can be narrowed to one."""
    return [(str(number), name) for number, name in enumerate(labels.MONTHS, 1)]


@blueprint.get("/markets.csv")
@permit(Act.LIST_MARKETS, audience=Audience.PUBLIC)
def extract() -> ResponseReturnValue:
    """The same rows as a file."""
    rows = queries.markets(as_offered(MarketFilters(request.args)).wanted())
    coming = queries.next_editions([each.id for each in rows], on=today())
    return csv_response(
        "markets.csv", MARKETS_HEAD, rows=[market_cells(each, coming.get(each.id)) for each in rows]
    )


@blueprint.route("/markets/new", methods=["GET", "POST"])
@permit(Act.ADD_MARKET, audience=Audience.INTERNAL)
def add() -> ResponseReturnValue:
    """Add a market to the calendar."""
    form = MarketForm.of_request()
    return answer(
        form,
        page=lambda: _market_form_page(form),
        act=lambda: service.add(form.details(), is_another=bool(form.is_another.data), by=current_actor()),
        then=lambda made: saved("Market added.", PAGE, market_id=made.id),
    )


def _market_form_page(form: Form, found: Market | None = None) -> str:
    return render_template("exporting/plans/market_form.html", form=form, market=found)


@blueprint.get("/markets/<uuid:market_id>")
@permit(Act.SEE_MARKET, audience=Audience.PUBLIC, load=queries.market)
def market(found: Market) -> ResponseReturnValue:
    """One market with its editions; for staff also who goes and who went."""
    actor = current_actor()
    is_staff = POLICY.allows(actor, Act.LIST)
    visits = queries.visits_to(found.id, actor) if is_staff else ()
    shown: dict[str, Any] = {"labels": labels, "groups": DCMS_GROUPS, "country_name": country_name}
    shown |= {"editions": queries.editions_of(found.id), "visits": visits, "is_staff": is_staff}
    shown["visit_state"] = visit_state
    shown |= {"can_change": POLICY.allows(actor, Act.CHANGE_MARKET, found), "today": today()}
    shown["parts"] = parts_on(PAGE, found)
    shown["own"] = [each for each in businesses_of(actor) if POLICY.allows(actor, Act.GO, each)]
    return render_template("exporting/plans/market.html", market=found, **shown)


@blueprint.route("/markets/<uuid:market_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_MARKET, audience=Audience.INTERNAL, load=queries.market)
def change(found: Market) -> ResponseReturnValue:
    """Change what is said of a market."""
    form = MarketForm.of_request(**market_values(found))
    return answer(
        form,
        page=lambda: _market_form_page(form, found),
        act=lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved("Market updated.", PAGE, market_id=found.id),
    )


@blueprint.route("/markets/<uuid:market_id>/editions/new", methods=["GET", "POST"])
@permit(Act.ADD_EDITION, audience=Audience.INTERNAL, load=queries.market)
def add_edition(found: Market) -> ResponseReturnValue:
    """Add an edition of a market."""
    form = EditionForm.of_request()
    return answer(
        form,
        page=lambda: _edition_form_page(form, found, None),
        act=lambda: service.add_edition(found, form.details(), by=current_actor()),
        then=lambda made: saved(f"Edition {made.title} added.", PAGE, market_id=found.id),
    )


def _edition_form_page(form: Form, owner: Market, found: MarketEdition | None) -> str:
    shown: dict[str, Any] = _told_of(found, "markets.change_edition") if found else {}
    shown["is_over"] = found is not None and is_over(found.ends_on, on=today())
    return render_template(
        "exporting/plans/edition_form.html", form=form, market=owner, edition=found, **shown
    )


def _told_of(found: MarketEdition, page: str) -> dict[str, Any]:
    """Who is written to by what a page does to an edition: those who go by themselves, and what rooms above add."""
    going = going_with_readers(found)
    return {
        "going": going,
        "going_names": series([name for name, _ in going]),
        "parts": parts_on(page, found),
    }


def _restore_edition_page(form: Form, found: MarketEdition) -> str:
    shown = _told_of(found, "markets.restore_edition")
    return render_template("exporting/plans/restore_edition.html", form=form, edition=found, **shown)


def _cancel_edition_page(form: Form, found: MarketEdition) -> str:
    shown = _told_of(found, "markets.cancel_edition")
    return render_template("exporting/plans/cancel_edition.html", form=form, edition=found, **shown)


@blueprint.get("/market-editions/<uuid:edition_id>")
@permit(Act.SEE_MARKET, audience=Audience.PUBLIC, load=queries.edition)
def edition(found: MarketEdition) -> ResponseReturnValue:
    """One edition, where it is shown: on the page of its market."""
    return redirect(url_for(PAGE, market_id=found.market_id, _anchor=f"edition-{found.id}"))


@blueprint.route("/market-editions/<uuid:edition_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_EDITION, audience=Audience.INTERNAL, load=queries.edition, unless=service.why_not_change)
def change_edition(found: MarketEdition) -> ResponseReturnValue:
    """Change or move an edition."""
    form = EditionForm.of_request(**edition_values(found))
    return answer(
        form,
        page=lambda: _edition_form_page(form, found.market, found),
        act=lambda: service.change_edition(found, form.details(), **form.shown(), by=current_actor()),
        then=lambda _: saved(f"Edition {found.title} updated.", PAGE, market_id=found.market_id),
    )


@blueprint.route("/market-editions/<uuid:edition_id>/restore", methods=["GET", "POST"])
@permit(Act.RESTORE_EDITION, audience=Audience.INTERNAL, load=queries.edition, machine=EDITIONS)
def restore_edition(found: MarketEdition) -> ResponseReturnValue:
    """A cancelled edition takes place after all: who is written to is said before."""
    form = RestoreForm.of_request()
    return answer(
        form,
        page=lambda: _restore_edition_page(form, found),
        act=lambda: service.restore_edition(found, by=current_actor()),
        then=lambda _: saved(f"{found.name} takes place after all.", PAGE, market_id=found.market_id),
    )


@blueprint.route("/market-editions/<uuid:edition_id>/cancel", methods=["GET", "POST"])
@permit(Act.CANCEL_EDITION, audience=Audience.INTERNAL, load=queries.edition, machine=EDITIONS)
def cancel_edition(found: MarketEdition) -> ResponseReturnValue:
    """Record that an edition was cancelled."""
    form = CancelForm.of_request()
    return answer(
        form,
        page=lambda: _cancel_edition_page(form, found),
        act=lambda: service.cancel_edition(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(f"{found.name} is recorded as cancelled.", PAGE, market_id=found.market_id),
    )
