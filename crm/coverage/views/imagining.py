"""What if: an imagined service, and the map of support as it would be with it. Nothing is stored; the address can be shared."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from crm.coverage.forms import ImagineForm
from crm.coverage.policy import POLICY
from crm.coverage.queries import mapping
from crm.coverage.queries.weighing import figures_in_use
from crm.coverage.rules import drawing
from crm.coverage.rules.bands import BANDS, USUAL, model_in_words
from crm.coverage.rules.imagining import effect_of
from crm.coverage.workflow import Act
from crm.directory.rules.labels import NEEDS
from crm.kernel.permissions import Audience
from crm.places.rules import ATTRIBUTION
from crm.web.filtering import as_offered
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("imagining", __name__)
permit = permits(POLICY)


@blueprint.get("/coverage/what-if")
@permit(Act.IMAGINE, audience=Audience.INTERNAL)
def what_if() -> ResponseReturnValue:
    """The form of an imagined service, and once it says what it helps with, the map before and after."""
    form = as_offered(ImagineForm(request.args).offer())
    shown: dict[str, Any] = {"count": mapping.last_count(), "effect": None}
    if not request.args or shown["count"] is None:
        return _what_if_page(form, **shown)
    if not form.validate():
        return make_response(_what_if_page(form, **shown), 422)
    return _what_if_page(form, **shown | _effect(form))


def _what_if_page(form: ImagineForm, **shown: Any) -> str:
    band = form.chosen_band
    shown |= {"size": BANDS[band], "model": model_in_words(band), "needs": NEEDS, "attribution": ATTRIBUTION}
    shown |= {
        "band_arg": None if band is USUAL else band.value,
        "sees": POLICY.allows(current_actor(), Act.LIST_SHUT_OUTS),
    }
    return render_template("coverage/what_if.html", form=form, sent=request.args, **shown)


def _effect(form: ImagineForm) -> dict[str, Any]:
    """The districts with the service, and what it comes to."""
    imagined, band, in_use = form.imagined(), form.chosen_band, figures_in_use()
    found = mapping.with_service(imagined, band, in_use=in_use)
    tiles = drawing.tiles((each.after for each in found), drawing.shade_of)
    shown = {"tiles": tiles, "grid": drawing.size(), "shades": drawing.SHADES, "effect": effect_of(found)}
    return shown | {
        "changes": found,
        "is_for_size": imagined.is_for(band),
        "districts": len(found),
        "in_use": in_use,
    }
