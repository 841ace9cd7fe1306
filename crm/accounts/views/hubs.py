"""Hubs and their areas, as staff see them and administrators set them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts import queries
from crm.accounts.forms import AreaForm, EndForm, HubForm, NewHubForm
from crm.accounts.models import Hub, HubArea
from crm.accounts.policy import POLICY
from crm.accounts.service import hubs as service
from crm.accounts.workflow import Act
from crm.audit.queries import entries_about
from crm.kernel.clock import today
from crm.kernel.eligibility import LEPS
from crm.kernel.permissions import Audience
from crm.places.queries import authorities
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("hubs", __name__)
permit = permits(POLICY)
ON_A_HUB = frozenset({Act.CORRECT_HUB, Act.ADD_AREA, Act.END_AREA})


@blueprint.get("/hubs")
@permit(Act.VIEW_HUBS, audience=Audience.INTERNAL)
def hubs() -> ResponseReturnValue:
    """Every hub, and who serves each authority today."""
    found, on = queries.hubs(), today()
    serving = {
        each.code: [hub.name for hub in found if hub.serves(each.code, on=on)] for each in authorities()
    }
    can_add = POLICY.allows(current_actor(), Act.ADD_HUB)
    shown = {"authorities": authorities(), "serving": serving, "leps": LEPS, "can_add": can_add, "on": on}
    return render_template("accounts/hubs.html", hubs=found, **shown)


@blueprint.get("/hubs/<uuid:hub_id>")
@permit(Act.VIEW_HUBS, audience=Audience.INTERNAL, load=queries.hub)
def hub(found: Hub) -> ResponseReturnValue:
    """One hub with its areas through time."""
    acts = open_acts(found, policy=POLICY, also=ON_A_HUB)
    names = {each.code: each for each in authorities()}
    shown = {"acts": acts, "Act": Act, "names": names, "on": today(), "trail": entries_about(found)}
    return render_template("accounts/hub.html", hub=found, **shown)


@blueprint.route("/hubs/new", methods=["GET", "POST"])
@permit(Act.ADD_HUB, audience=Audience.INTERNAL)
def add() -> ResponseReturnValue:
    """Add a hub."""
    form = NewHubForm.of_request()
    return answer(
        form,
        page=lambda: _hub_form_page(form, None),
        act=lambda: service.add_hub(form.code.data, form.details(), by=current_actor()),
        then=lambda made: _saved(f"{made.name} is added. Now add the authorities it serves.", made.id),
    )


@blueprint.route("/hubs/<uuid:hub_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_HUB, audience=Audience.INTERNAL, load=queries.hub)
def correct(found: Hub) -> ResponseReturnValue:
    """Correct what is known of a hub."""
    form = HubForm.of_request(**found.details())
    return answer(
        form,
        page=lambda: _hub_form_page(form, found),
        act=lambda: service.correct_hub(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Hub details saved.", found.id),
    )


@blueprint.route("/hubs/<uuid:hub_id>/areas/new", methods=["GET", "POST"])
@permit(Act.ADD_AREA, audience=Audience.INTERNAL, load=queries.hub)
def add_area(found: Hub) -> ResponseReturnValue:
    """Let a hub serve an authority."""
    form = AreaForm.of_request(valid_from=today()).offer()
    return answer(
        form,
        page=lambda: _area_form_page(form, found),
        act=lambda: service.add_area(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Area added.", found.id),
    )


@blueprint.route("/hubs/<uuid:hub_id>/areas/<uuid:area_id>/end", methods=["GET", "POST"])
@permit(Act.END_AREA, audience=Audience.INTERNAL, load=queries.area_of)
def end_area(found: HubArea) -> ResponseReturnValue:
    """Let a hub's service of an authority end."""
    form = EndForm.of_request(last_day=today())
    return answer(
        form,
        page=lambda: _area_end_page(form, found),
        act=lambda: service.end_area(found, form.last_day.data, by=current_actor()),
        then=lambda _: _saved("Last day saved.", found.hub_id),
    )


def _saved(words: str, hub_id: UUID) -> str:
    return saved(words, "hubs.hub", hub_id=hub_id)


def _hub_form_page(form: Form, found: Hub | None) -> str:
    return render_template("accounts/hub_form.html", form=form, hub=found)


def _area_form_page(form: Form, found: Hub) -> str:
    return render_template("accounts/area_form.html", form=form, hub=found)


def _area_end_page(form: Form, found: HubArea) -> str:
    authority = next((each for each in authorities() if each.code == found.authority_code), None)
    return render_template("accounts/area_end.html", form=form, area=found, authority=authority)
