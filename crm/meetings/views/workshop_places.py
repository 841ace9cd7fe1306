"""Places in workshops: signed up for by anybody, seen and matched by staff, given up by link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, businesses_of
from crm.businesses.workflow import Act as BusinessAct
from crm.kernel.clock import now
from crm.kernel.permissions import Audience
from crm.meetings import queries, rules
from crm.meetings.forms import MatchForm, ReasonForm, SignUpForm, SignUpOthersForm
from crm.meetings.models import Workshop, WorkshopPlace
from crm.meetings.policy import POLICY
from crm.meetings.service import seating as service
from crm.meetings.workflow import PLACES, Act, PlaceStatus, why_not_attend, why_not_give_up, why_not_sign_up
from crm.throttles.rules import Source
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("workshop_places", __name__)
permit = permits(POLICY)
OFFERED = 10


@blueprint.route("/workshops/<uuid:workshop_id>/sign-up", methods=["GET", "POST"])
@permit(Act.SIGN_UP, audience=Audience.PUBLIC, load=queries.workshop, unless=service.why_too_late)
def sign_up(found: Workshop) -> ResponseReturnValue:
    """Take a place; founders come from their own business."""
    form = SignUpForm.of_request(**_own_details()).offer(businesses_of(current_actor()))
    return answer(
        form,
        page=lambda: _sign_up_page(form, found),
        act=lambda: service.sign_up(found, form.attendee(), sent_from=_sent_from(), by=current_actor()),
        then=lambda _: url_for("workshop_places.signed_up", workshop_id=found.id),
    )


def _own_details() -> dict[str, Any]:
    """The name and address of whoever is signed in."""
    actor = current_actor()
    own = account(actor.account_id) if actor.account_id else None
    return {"person_name": own.name, "email": own.email} if own else {}


def _sent_from() -> Source:
    return Source(request.remote_addr or "unknown", settings().secret_key)


def _sign_up_page(form: Form, found: Workshop) -> str:
    taken = queries.seats_taken([found.id])[found.id]
    return render_template("meetings/sign_up.html", form=form, workshop=found, taken=taken, rules=rules)


@blueprint.get("/workshops/<uuid:workshop_id>/signed-up")
@permit(Act.SEE_WORKSHOP, audience=Audience.PUBLIC, load=queries.workshop)
def signed_up(found: Workshop) -> ResponseReturnValue:
    """A letter says whether the place is theirs or they wait for one: nobody else learns who signed up."""
    return render_template("meetings/signed_up.html", workshop=found)


@blueprint.route("/links/workshop/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_PLACE, audience=Audience.PUBLIC)
def open_place(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, sending the form gives the place up."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _open_place_page(form, token),
        act=lambda: service.give_up_by_link(token),
        then=lambda _: url_for("workshop_places.given_up"),
    )


def _open_place_page(form: Form, token: str) -> str:
    found = service.place_behind(token)
    shown = {"is_over": found.workshop.starts_at <= now(), "is_asked": not found.would_come(found.workshop)}
    ahead = queries.number_waiting(found)
    return render_template(
        "meetings/open_place.html", form=form, place=found, rules=rules, token=token, ahead=ahead, **shown
    )


@blueprint.post("/links/workshop/<string:token>/stay")
@permit(Act.STAY, audience=Audience.PUBLIC)
def stay(token: str) -> ResponseReturnValue:
    """The workshop was moved, and whoever waits still wants a place."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _open_place_page(form, token),
        act=lambda: service.stay_by_link(token),
        then=lambda _: saved(
            "Thank you. Your answer is saved.",
            "workshop_places.open_place",
            token=token,
        ),
    )


@blueprint.get("/links/workshop-thanks")
@permit(Act.OPEN_PLACE, audience=Audience.PUBLIC)
def given_up() -> ResponseReturnValue:
    """Thank whoever gave up their place."""
    return render_template("meetings/given_up.html")


@blueprint.get("/workshops/<uuid:workshop_id>/places")
@permit(Act.VIEW_PLACES, audience=Audience.INTERNAL, load=queries.workshop)
def places(found: Workshop) -> ResponseReturnValue:
    """Who signed up, who came, and which business each comes from."""
    rows, actor = queries.places_in(found.id), current_actor()
    shown: dict[str, Any] = {"rows": rows, "rules": rules}
    shown["free"] = max(found.seats - sum(each.status is PlaceStatus.TAKEN for each in rows), 0)
    shown["can_match"] = POLICY.allows(actor, Act.MATCH, found)
    shown["seen"] = {
        each.business_id
        for each in rows
        if each.business and BUSINESSES.allows(actor, BusinessAct.VIEW, each.business)
    }
    return render_template("meetings/places.html", workshop=found, **shown)


@blueprint.route("/workshops/<uuid:workshop_id>/places/new", methods=["GET", "POST"])
@permit(Act.SIGN_UP_OTHERS, audience=Audience.INTERNAL, load=queries.workshop, unless=why_not_sign_up)
def sign_up_others(found: Workshop) -> ResponseReturnValue:
    """Take a place for someone who called or wrote."""
    form = SignUpOthersForm.of_request().offer(())
    return answer(
        form,
        page=lambda: render_template("meetings/sign_up_others.html", form=form, workshop=found),
        act=lambda: service.sign_up_others(found, form.attendee(), by=current_actor()),
        then=lambda made: _signed_up_others(found, made),
    )


def _signed_up_others(found: Workshop, made: WorkshopPlace) -> str:
    """Back to the list, for those who may read it."""
    words = f"We have emailed {made.person_name} about their place."
    if POLICY.allows(current_actor(), Act.VIEW_PLACES, found):
        return _saved(words, made)
    return saved(words, "workshops.workshop", workshop_id=found.id)


def _saved(words: str, place: WorkshopPlace) -> str:
    return saved(words, "workshop_places.places", workshop_id=place.workshop_id)


@blueprint.route("/workshop-places/<uuid:place_id>/give-up", methods=["GET", "POST"])
@permit(Act.GIVE_UP, audience=Audience.INTERNAL, load=queries.place, machine=PLACES, unless=why_not_give_up)
def give_up(found: WorkshopPlace) -> ResponseReturnValue:
    """Take a person off the list, with a reason that they are told."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("meetings/give_up.html", form=form, place=found),
        act=lambda: service.give_up(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved(
            f"{found.person_name} is no longer signed up. We have told them by email.", found
        ),
    )


@blueprint.post("/workshop-places/<uuid:place_id>/attend")
@permit(Act.ATTEND, audience=Audience.INTERNAL, load=queries.place, unless=why_not_attend)
def attend(found: WorkshopPlace) -> ResponseReturnValue:
    """They came after all."""
    service.attend(found, by=current_actor())
    return done(_saved(f"{found.person_name} is recorded as having come.", found))


@blueprint.route("/workshop-places/<uuid:place_id>/match", methods=["GET", "POST"])
@permit(Act.MATCH, audience=Audience.INTERNAL, load=queries.place)
def match(found: WorkshopPlace) -> ResponseReturnValue:
    """Say which business somebody comes from."""
    form, sought = _match_form(found)
    return answer(
        form,
        page=lambda: render_template("meetings/match.html", form=form, place=found, sought=sought),
        act=lambda: _matched(found, form),
        then=lambda _: _saved(f"Business of {found.person_name} saved.", found),
    )


def _match_form(found: WorkshopPlace) -> tuple[MatchForm, str]:
    """The businesses that are called like it, of those that whoever asks may see."""
    sought = request.args.get("q", found.business_name)[:100]
    rows = businesses(Search(text=sought), current_actor()).rows[:OFFERED] if sought.strip() else ()
    words = [
        (str(each.id), f"{each.name}{f', {each.trading_postcode}' if each.trading_postcode else ''}")
        for each in rows
    ]
    return MatchForm.of_request().offer(words), sought


def _matched(found: WorkshopPlace, form: MatchForm) -> None:
    chosen = business(UUID(form.business_id.data))
    assert chosen is not None
    service.match(found, chosen, by=current_actor())
