"""Changing what is known of a business: each thing on a page of its own."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import hub_names
from crm.businesses.forms import (
    BusinessForm,
    PersonForm,
    PlaceForm,
    ReasonForm,
    ShareForm,
    YearForm,
    values_of,
    values_of_person,
)
from crm.businesses.models import Business, Person
from crm.businesses.policy import POLICY
from crm.businesses.queries import seeing as queries
from crm.businesses.service import keeping, looking_up, people
from crm.businesses.views.business import details_page
from crm.businesses.workflow import Act
from crm.gateways.companies_house import register_from_key
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Audience
from crm.places.queries import locate
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("business_changes", __name__)
permit = permits(POLICY)


def done(found: Business | Person, words: str) -> str:
    """Say that it is done, and go back to the details of the business."""
    flash(words, "success")
    business_id = found.id if isinstance(found, Business) else found.business_id
    return url_for("business.details", business_id=business_id)


@blueprint.route("/businesses/<uuid:business_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.MEMBER, load=queries.business)
def edit(found: Business) -> ResponseReturnValue:
    """What is known of it."""
    form = BusinessForm.of_request(**values_of(found))
    if not form.was_sent:
        return _edit_page(form, found)
    return answer(
        form,
        lambda: keeping.edit(found, form.details(), by=current_actor()),
        then=lambda _: done(found, "The changes are saved."),
        again=lambda again: _edit_page(again, found),
    )


def _edit_page(form: Form, found: Business) -> str:
    return render_template("businesses/business_form.html", form=form, business=found, candidates=[])


@blueprint.route("/businesses/<uuid:business_id>/place", methods=["GET", "POST"])
@permit(Act.OVERRIDE_PLACE, audience=Audience.INTERNAL, load=queries.business)
def place(found: Business) -> ResponseReturnValue:
    """Say where it trades, whatever its postcode may mean."""
    form = PlaceForm.of_request(authority=found.authority or "")
    if not form.was_sent:
        return _place_page(form, found)
    return answer(
        form,
        lambda: keeping.override_place(
            found, form.authority.data, reason=form.reason.data, by=current_actor()
        ),
        then=lambda _: done(found, "The place is set as you said."),
        again=lambda again: _place_page(again, found),
    )


def _place_page(form: Form, found: Business) -> str:
    location = locate(found.trading_postcode) if found.trading_postcode else None
    return render_template("businesses/place.html", form=form, business=found, location=location)


@blueprint.post("/businesses/<uuid:business_id>/look-up")
@permit(Act.LOOK_UP, audience=Audience.INTERNAL, load=queries.business)
def look_up(found: Business) -> ResponseReturnValue:
    """Ask Companies House, and fill what was not known."""
    known = settings()
    register = register_from_key(known.companies_house_key, base_url=known.companies_house_url)
    changes = looking_up.look_up(found, register, secret=known.secret_key, by=current_actor())
    filled = sorted(set(changes) - {"register_checked_at", "register_status"})
    words = f"filled: {', '.join(filled).replace('_', ' ')}" if filled else "nothing new to fill"
    return redirect(done(found, f"Companies House says {found.register_status}; {words}."), code=303)


@blueprint.post("/businesses/<uuid:business_id>/archive")
@permit(Act.ARCHIVE, audience=Audience.INTERNAL, load=queries.business)
def archive(found: Business) -> ResponseReturnValue:
    """Put the record away."""
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: keeping.archive(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: done(
            found, "The record is archived. Lists leave it out, unless they are asked for it."
        ),
        again=lambda again: details_page(found, again),
    )


@blueprint.post("/businesses/<uuid:business_id>/restore")
@permit(Act.RESTORE, audience=Audience.INTERNAL, load=queries.business)
def restore(found: Business) -> ResponseReturnValue:
    """Take it back into use."""
    keeping.restore(found, by=current_actor())
    return redirect(done(found, "The record is in use again."), code=303)


@blueprint.route("/businesses/<uuid:business_id>/share", methods=["GET", "POST"])
@permit(Act.SHARE, audience=Audience.INTERNAL, load=queries.business)
def share(found: Business) -> ResponseReturnValue:
    """Let a further hub see and help it."""
    form = ShareForm.of_request().offer(hub_names().items())
    if not form.was_sent:
        return _share_page(form, found)
    return answer(
        form,
        lambda: keeping.share(found, UUID(form.hub_id.data), reason=form.reason.data, by=current_actor()),
        then=lambda _: done(found, "The business is shared."),
        again=lambda again: _share_page(again, found),
    )


def _share_page(form: Form, found: Business) -> str:
    names, hubs = hub_names(), queries.hub_names_of(found)
    shared = [(each.hub_id, names[str(each.hub_id)]) for each in found.shares if each.valid_to is None]
    return render_template("businesses/share.html", form=form, business=found, hubs=hubs, shared=shared)


@blueprint.post("/businesses/<uuid:business_id>/share/end")
@permit(Act.SHARE, audience=Audience.INTERNAL, load=queries.business)
def end_share(found: Business) -> ResponseReturnValue:
    """Let a further hub see it no more."""
    try:
        hub_id = UUID(request.form.get("hub_id", ""))
    except ValueError:
        raise Invalid("Choose which hub should see it no more.") from None
    keeping.end_share(found, hub_id, by=current_actor())
    return redirect(done(found, "It is shared with that hub no more."), code=303)


@blueprint.route("/businesses/<uuid:business_id>/figures/new", methods=["GET", "POST"])
@permit(Act.RECORD_FIGURES, audience=Audience.MEMBER, load=queries.business)
def record_figures(found: Business) -> ResponseReturnValue:
    """The figures of one year."""
    form = YearForm.of_request(months=12, measure="headcount")
    if not form.was_sent:
        return _year_page(form, found)
    return answer(
        form,
        lambda: people.record_figures(found, form.details(), by=current_actor()),
        then=lambda _: done(found, "The year’s figures are kept."),
        again=lambda again: _year_page(again, found),
    )


def _year_page(form: Form, found: Business) -> str:
    return render_template("businesses/record_figures.html", form=form, business=found)


@blueprint.route("/businesses/<uuid:business_id>/people/new", methods=["GET", "POST"])
@permit(Act.ADD_PERSON, audience=Audience.MEMBER, load=queries.business)
def add_person(found: Business) -> ResponseReturnValue:
    """Somebody who works there."""
    form = PersonForm.of_request()
    if not form.was_sent:
        return _person_page(form, found, None)
    return answer(
        form,
        lambda: people.add_person(found, form.details(), by=current_actor()),
        then=lambda made: done(found, f"{made.name} is added."),
        again=lambda again: _person_page(again, found, None),
    )


@blueprint.route("/businesses/<uuid:business_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@permit(Act.CORRECT_PERSON, audience=Audience.MEMBER, load=queries.person_of)
def correct_person(found: Person) -> ResponseReturnValue:
    """Correct somebody's details."""
    form = PersonForm.of_request(**values_of_person(found))
    if not form.was_sent:
        return _person_page(form, found.business, found)
    return answer(
        form,
        lambda: people.correct_person(found, form.details(), by=current_actor()),
        then=lambda _: done(found, "The details are corrected."),
        again=lambda again: _person_page(again, found.business, found),
    )


def _person_page(form: Form, found: Business, person: Person | None) -> str:
    return render_template("businesses/person_form.html", form=form, business=found, person=person)
