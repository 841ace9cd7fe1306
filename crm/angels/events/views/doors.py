"""The door on a phone: an investor is found by name or by their code, and checked in where the gate is open to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.angels.events.forms import DoorForm
from crm.angels.events.models import NightPlace, PitchNight
from crm.angels.events.papers import qr_svg
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places
from crm.angels.events.queries.doors import Caller, caller, warnings_aloud
from crm.angels.events.rules import labels
from crm.angels.events.service import door as service
from crm.angels.events.service.ordering import why_not_tonight
from crm.angels.events.views.invitations import REFUSED_AT_DOOR
from crm.angels.events.workflow import Act, PlaceStatus, SlotStatus, Way
from crm.angels.investors.rules.labels import CLOSED_TO_THEM
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("doors", __name__)
permit = permits(POLICY)
LONGEST_NAME = 100


def why_not_called(found: Caller) -> str | None:
    """As of the night: why nobody can be checked in now; None on its day."""
    return why_not_tonight(found.night)


@blueprint.get("/events/<uuid:night_id>/door")
@permit(Act.CHECK_IN, audience=Audience.INTERNAL, load=queries.night, unless=why_not_tonight)
def door(found: PitchNight) -> ResponseReturnValue:
    """Find an investor by name; who is expected, who is there, and apart from them businesses and guests."""
    sought = request.args.get("q", "")[:LONGEST_NAME].strip()
    rows = places.places_in(found.id)
    shown: dict[str, Any] = {"sought": sought, "hits": places.found_at_door(sought), "labels": labels}
    shown |= {"states": {each.account_id: each.status for each in rows}}
    shown |= {"expected": [each for each in rows if each.status is PlaceStatus.COMING]}
    shown |= {"there": [each for each in rows if each.status is PlaceStatus.ATTENDED]}
    shown |= _pitching(found, coming=[each.account_id for each in shown["expected"]])
    shown |= {"guests": queries.guests_of(found.id), "aloud": warnings_aloud()}
    return render_template("angels/events/door.html", night=found, **shown)


def _pitching(found: PitchNight, *, coming: list[UUID]) -> dict[str, Any]:
    """The businesses that pitch, and who of those coming cannot be let in to hear them."""
    slots = queries.slots_of(found.id)
    agreed = [each for each in slots if each.status is SlotStatus.AGREED]
    return {"slots": agreed, "kept_out": places.kept_out(found, coming, slots=slots)}


@blueprint.route("/events/<uuid:night_id>/door/<uuid:account_id>", methods=["GET", "POST"])
@permit(
    Act.CHECK_IN,
    audience=Audience.INTERNAL,
    load=caller,
    unless=why_not_called,
    leaves_trace=REFUSED_AT_DOOR,
)
def at_door(found: Caller) -> ResponseReturnValue:
    """One investor at the door: the gate as it is now, and the button to check them in."""
    form = DoorForm.of_request(way=_way())
    return answer(
        form,
        page=lambda: _at_door_page(form, found),
        act=lambda: service.at_door(found.night, found.investor, way=form.how(), by=current_actor()),
        then=lambda made: _back(f"{made.account.name} is checked in.", found.night_id),
    )


def _way() -> str:
    return (Way.CODE if request.args.get("by") == Way.CODE else Way.NAME).value


def _back(words: str, night_id: UUID) -> str:
    return saved(words, "doors.door", night_id=night_id)


def _at_door_page(form: Form, found: Caller) -> str:
    closed = places.why_not_at(found.night, found.investor.id)
    place = places.place_of(found.night_id, found.investor.id)
    shown: dict[str, Any] = {"closed": closed, "closed_to_them": CLOSED_TO_THEM, "labels": labels}
    shown |= {"place": place, "night": found.night, "investor": found.investor}
    shown |= {"full": service.why_full(found.night, place)}
    shown["kept"] = service.why_not_undo(place) if place is not None else None
    return render_template("angels/events/at_door.html", form=form, **shown)


@blueprint.post("/events/invitations/<uuid:place_id>/undo-check-in")
@permit(Act.UNDO_CHECK_IN, audience=Audience.INTERNAL, load=places.place, unless=service.why_not_undo)
def undo_check_in(found: NightPlace) -> ResponseReturnValue:
    """Undo the check-in of the wrong person."""
    service.undo_check_in(found, by=current_actor())
    words = f"{found.account.name} is no longer checked in."
    here = "nights.people" if why_not_tonight(found.night) else "doors.door"
    return done(saved(words, here, night_id=found.night_id))


@blueprint.get("/events/door/<string:code>")
@permit(Act.CHECK_IN, audience=Audience.INTERNAL, load=places.place_with)
def code(found: NightPlace) -> ResponseReturnValue:
    """What the code of an investor opens for whoever keeps the door: nothing is done before they confirm it."""
    where = url_for("doors.at_door", night_id=found.night_id, account_id=found.account_id, by=Way.CODE)
    return redirect(where, code=303)


@blueprint.get("/events/renew")
@permit(Act.CHECK_IN, audience=Audience.INTERNAL)
def renew() -> ResponseReturnValue:
    """The address of a new statement, for the phone of an investor whose own has ended."""
    where = settings().base_url + url_for("certifications.certify")
    return Response(qr_svg(where), mimetype="image/svg+xml")
