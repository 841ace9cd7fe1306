"""The map of support: what each postcode district has for a need and a size of business, and where there is nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.coverage.forms import MapFilters
from crm.coverage.policy import POLICY
from crm.coverage.queries import mapping
from crm.coverage.queries.asking import AskedHere, asked_here
from crm.coverage.rules import drawing
from crm.coverage.rules.bands import BANDS, USUAL, Band, model_in_words
from crm.coverage.rules.counting import Level
from crm.coverage.workflow import Act
from crm.directory.rules.labels import NEEDS
from crm.kernel.permissions import Audience
from crm.places.rules import ATTRIBUTION
from crm.web.filtering import as_offered
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("coverage", __name__)
permit = permits(POLICY)


def _band(filters: MapFilters) -> dict[str, Any]:
    """The size that a page is about; addresses leave the usual one out."""
    band = filters.chosen_band
    shown = {"band": band, "size": BANDS[band], "model": model_in_words(band), "needs": NEEDS, "sizes": BANDS}
    return shown | {"band_arg": None if band is USUAL else band.value, "filters": filters}


@blueprint.get("/coverage")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def coverage() -> ResponseReturnValue:
    """The map of every district, the emptiest places, and the same as a table."""
    filters = as_offered(MapFilters(request.args))
    need, band = filters.chosen_need, filters.chosen_band
    shown = _band(filters) | {"need": need, "count": mapping.last_count()}
    if shown["count"] is not None:
        shown |= _mapped(need, band) | {"totals": mapping.totals_now(shown["count"], band)}
        allows = partial(POLICY.allows, current_actor())
        shown |= {"asked": allows(Act.LIST_SHUT_OUTS), "imagines": allows(Act.IMAGINE)}
        shown["figures"] = allows(Act.LIST_FIGURES)
        shown["trend"] = mapping.turns(mapping.trend_of(need, band)) if need else []
    return render_template("coverage/coverage.html", attribution=ATTRIBUTION, **shown)


def _mapped(need: str, band: Band) -> dict[str, Any]:
    """The districts on the map and in the table, and the emptiest of them."""
    levels = mapping.levels_for(need, band)
    shown: dict[str, Any] = {"levels": levels, "grid": drawing.size(), "gaps": mapping.gaps_shown(need, band)}
    shown["tiles"] = drawing.tiles(levels.values(), drawing.shade_of if need else _shade_of_needs)
    shown["shades"] = drawing.SHADES if need else drawing.NEED_SHADES
    return shown | {"empty": sum(each.is_empty for each in levels.values())}


def _asked(found: mapping.Cell) -> AskedHere | None:
    """Who asked in vain there, for those who may know."""
    actor = current_actor()
    return asked_here(found, actor) if POLICY.allows(actor, Act.LIST_SHUT_OUTS) else None


def _shade_of_needs(level: Level) -> int:
    return drawing.shade_of_needs(level.services, of=100 * len(NEEDS))


@blueprint.get("/coverage/<string:outcode>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=mapping.cell)
def district(found: mapping.Cell) -> ResponseReturnValue:
    """What one district has for each need."""
    filters = as_offered(MapFilters(request.args))
    levels = mapping.needs_of(found, filters.chosen_band)
    return render_template("coverage/district.html", cell=found, levels=levels, **_band(filters))


@blueprint.get("/coverage/<string:outcode>/<string:need>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=mapping.cell)
def cell(found: mapping.Cell) -> ResponseReturnValue:
    """Which services count for one need in one district, which do not, and why."""
    filters = as_offered(MapFilters(request.args))
    shown = {
        "cell": found,
        "need": NEEDS[found.need],
        "explained": mapping.explained(found, filters.chosen_band),
        "asked": _asked(found),
    }
    return render_template("coverage/cell.html", **shown, **_band(filters))
