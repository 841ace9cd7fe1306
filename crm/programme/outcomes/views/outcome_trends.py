"""Growth and trends: of one business, of the awards of a round, and the map of who was funded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Audience
from crm.programme.outcomes.policy import POLICY
from crm.programme.outcomes.queries import trends as queries
from crm.programme.outcomes.queries.funded import funded, funded_in
from crm.programme.outcomes.rules.labels import BY_NAME
from crm.programme.outcomes.rules.places import ELSEWHERE, GRID, HEIGHT, WIDTH
from crm.programme.outcomes.views import showing
from crm.programme.outcomes.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import round_
from crm.web.filtering import NoSuchFilter, chosen
from crm.web.identity import current_actor
from crm.web.permit import open_address, permits

blueprint = Blueprint("outcome_trends", __name__)
permit = permits(POLICY)


@blueprint.get("/businesses/<uuid:business_id>/growth")
@permit(Act.SEE_GROWTH, audience=Audience.MEMBER, load=business)
def growth(found: Business) -> ResponseReturnValue:
    """What one business reported over time, and whether that is high growth by each test."""
    return render_template("programme/outcomes/growth.html", business=found, **showing.of_business(found))


@blueprint.get("/outcomes/rounds")
@permit(Act.SEE_TRENDS, audience=Audience.INTERNAL)
def cohorts() -> ResponseReturnValue:
    """The rounds whose awards report figures."""
    return render_template("programme/outcomes/cohorts.html", rows=queries.rounds_with_reports())


@blueprint.get("/outcomes/rounds/<uuid:round_id>")
@permit(Act.SEE_TRENDS, audience=Audience.INTERNAL, load=round_)
def cohort(found: Round) -> ResponseReturnValue:
    """The sums and medians of the awards of a round at each time of asking."""
    least = _least()
    shown = queries.trends_of(found.id, least=least)
    opens = POLICY.allows(current_actor(), Act.LIST)
    return render_template(
        "programme/outcomes/cohort.html", round=found, trends=shown, least=least, opens=opens
    )


@blueprint.get("/outcomes/rounds/<uuid:round_id>/reports")
@permit(Act.LIST, audience=Audience.INTERNAL, load=round_)
def cohort_reports(found: Round) -> ResponseReturnValue:
    """The reports behind one number about the outcomes of a round: of an award, or of a figure at one time of asking."""
    shown = _behind(found)
    return render_template("programme/outcomes/cohort_reports.html", round=found, shown=shown)


def _behind(found: Round) -> queries.Counted:
    """The number that the address names."""
    measure, actor = chosen("measure", BY_NAME), current_actor()
    if not measure:
        show = chosen("show", queries.BEHIND, default="awards")
        return queries.reports_behind(found.id, show, actor=actor)
    place = request.args.get("place", -1, type=int)
    shown = queries.figures_behind(found.id, BY_NAME[measure], place=place, actor=actor)
    if shown is None:
        raise NoSuchFilter
    return shown


def _least() -> int:
    """Those who see no single business see no sums of a few either."""
    return 1 if POLICY.allows(current_actor(), Act.LIST) else queries.least_shown(on=today())


@blueprint.get("/outcomes/map")
@permit(Act.SEE_TRENDS, audience=Audience.INTERNAL)
def funded_map() -> ResponseReturnValue:
    """Where the money went: a tile for each local authority, and the same as a table."""
    least = _least()
    shown: dict[str, Any] = {"shown": funded(least=least), "least": least, "size": (WIDTH, HEIGHT)}
    shown["opens"] = POLICY.allows(current_actor(), Act.LIST)
    return render_template("programme/outcomes/funded_map.html", **shown)


@blueprint.get("/outcomes/map/awards")
@permit(Act.LIST, audience=Audience.INTERNAL)
def funded_awards() -> ResponseReturnValue:
    """The awards that the map counts, in one place or everywhere."""
    rows = funded_in(place := _place())
    shown: dict[str, Any] = {"place": place, "is_known": place in GRID, "rows": rows, "addresses": {}}
    shown["money"] = sum((each.money for each in rows), start=NO_MONEY)
    for each in rows:
        there = open_address("decision", each.decision_id, to=current_actor())
        shown["addresses"][each.decision_id] = there
    return render_template("programme/outcomes/funded_awards.html", **shown)


def _place() -> str:
    """The place that the address names; empty for everywhere."""
    return chosen("place", {*GRID, ELSEWHERE})
