"""Changing what is known of a business: each thing on a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.models import Account
from crm.accounts.queries import hub_names
from crm.businesses.forms import (
    BusinessForm,
    PersonForm,
    PlaceForm,
    ShareForm,
    YearForm,
    values_of,
    values_of_person,
)
from crm.businesses.models import Business, Person
from crm.businesses.policy import HUB_ROLES, POLICY, SEE_ALL
from crm.businesses.queries import seeing as queries
from crm.businesses.queries.inviting import colleague_of
from crm.businesses.queries.leaving import leaving
from crm.businesses.rules.labels import PURPOSES
from crm.businesses.service import keeping, looking_up, people
from crm.businesses.service.keeping import why_archived
from crm.businesses.service.people import why_not_removed
from crm.businesses.views.business import details_page
from crm.businesses.views.businesses import business_form_page
from crm.businesses.workflow import MACHINE, Act
from crm.gateways.companies_house import register_from_key
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Audience
from crm.places.queries import locate
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.landmarks import address_of_row, wanted_next
from crm.web.navigation import settings
from crm.web.permit import permits
from crm.web.reasons import ReasonForm

blueprint = Blueprint("business_changes", __name__)
permit = permits(POLICY)
DETAILS = "business.details"


@blueprint.route("/businesses/<uuid:business_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.MEMBER, load=queries.business, unless=why_archived)
def edit(found: Business) -> ResponseReturnValue:
    """Change what is known of a business."""
    form = BusinessForm.of_request(**values_of(found))
    return answer(
        form,
        page=lambda: business_form_page(form, found),
        act=lambda: keeping.edit(found, form.details(), by=current_actor()),
        then=lambda _: saved("Changes saved.", DETAILS, business_id=found.id),
    )


@blueprint.route("/businesses/<uuid:business_id>/place", methods=["GET", "POST"])
@permit(Act.OVERRIDE_PLACE, audience=Audience.INTERNAL, load=queries.business, unless=why_archived)
def place(found: Business) -> ResponseReturnValue:
    """Set the council area a business trades in, whatever its postcode may mean."""
    form = PlaceForm.of_request(authority=found.authority or "")
    area, reason = form.authority, form.reason
    return answer(
        form,
        page=lambda: _place_page(form, found),
        act=lambda: keeping.override_place(found, area.data, reason=reason.data, by=current_actor()),
        then=lambda _: saved("Location set.", DETAILS, business_id=found.id),
    )


def _place_page(form: Form, found: Business) -> str:
    location = locate(found.trading_postcode) if found.trading_postcode else None
    return render_template("businesses/place.html", form=form, business=found, location=location)


@blueprint.post("/businesses/<uuid:business_id>/look-up")
@permit(Act.LOOK_UP, audience=Audience.INTERNAL, load=queries.business, unless=why_archived)
def look_up(found: Business) -> ResponseReturnValue:
    """Ask Companies House, and fill what was not known."""
    known = settings()
    register = register_from_key(known.companies_house_key, base_url=known.companies_house_url)
    changes = looking_up.look_up(found, register, secret=known.secret_key, by=current_actor())
    filled = sorted(set(changes) - {"register_checked_at", "register_status"})
    words = f"filled: {', '.join(filled).replace('_', ' ')}" if filled else "nothing new to fill"
    said = f"Companies House says {found.register_status}; {words}."
    return done(saved(said, DETAILS, business_id=found.id))


@blueprint.post("/businesses/<uuid:business_id>/archive")
@permit(Act.ARCHIVE, audience=Audience.INTERNAL, load=queries.business, machine=MACHINE)
def archive(found: Business) -> ResponseReturnValue:
    """Archive a record, with the reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: details_page(found, form),
        act=lambda: keeping.archive(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Record archived. Lists leave it out.", DETAILS, business_id=found.id),
    )


@blueprint.post("/businesses/<uuid:business_id>/restore")
@permit(Act.RESTORE, audience=Audience.INTERNAL, load=queries.business, machine=MACHINE)
def restore(found: Business) -> ResponseReturnValue:
    """Restore an archived record."""
    keeping.restore(found, by=current_actor())
    return done(saved("Record restored.", DETAILS, business_id=found.id))


@blueprint.route("/businesses/<uuid:business_id>/share", methods=["GET", "POST"])
@permit(Act.SHARE, audience=Audience.INTERNAL, load=queries.business, unless=why_archived)
def share(found: Business) -> ResponseReturnValue:
    """Share a business with another hub, and see with which it is shared."""
    form = ShareForm.of_request().offer(hub_names().items())
    return answer(
        form,
        page=lambda: _share_page(form, found),
        act=lambda: keeping.share(found, UUID(form.hub_id.data), reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Business shared.", DETAILS, business_id=found.id),
    )


def _share_page(form: ShareForm, found: Business) -> str:
    names, hubs = hub_names(), queries.hub_names_of(found)
    form.leave_out(found.hub_ids(on=today()))
    shared = [(each.hub_id, names[str(each.hub_id)]) for each in found.shares if each.valid_to is None]
    return render_template("businesses/share.html", form=form, business=found, hubs=hubs, shared=shared)


@blueprint.post("/businesses/<uuid:business_id>/share/end")
@permit(Act.SHARE, audience=Audience.INTERNAL, load=queries.business)
def end_share(found: Business) -> ResponseReturnValue:
    """End the sharing of a business with a hub."""
    try:
        hub_id = UUID(request.form.get("hub_id", ""))
    except ValueError:
        raise Invalid("Choose the hub to stop sharing with.") from None
    keeping.end_share(found, hub_id, by=current_actor())
    name = hub_names().get(str(hub_id), "that hub")
    return done(saved(f"No longer shared with {name}.", DETAILS, business_id=found.id))


@blueprint.route("/businesses/<uuid:business_id>/figures/new", methods=["GET", "POST"])
@permit(Act.RECORD_FIGURES, audience=Audience.MEMBER, load=queries.business, unless=why_archived)
def record_figures(found: Business) -> ResponseReturnValue:
    """Record the figures of one year."""
    form = YearForm.of_request(months=12, measure="headcount")
    return answer(
        form,
        page=lambda: render_template(
            "businesses/record_figures.html", form=form, business=found, next=wanted_next()
        ),
        act=lambda: people.record_figures(found, form.details(), by=current_actor()),
        then=lambda _: _onward("Figures recorded.", found),
    )


@blueprint.route("/businesses/<uuid:business_id>/people/new", methods=["GET", "POST"])
@permit(Act.ADD_PERSON, audience=Audience.MEMBER, load=queries.business, unless=why_archived)
def add_person(found: Business) -> ResponseReturnValue:
    """Add a person to a business."""
    form = PersonForm.of_request()
    return answer(
        form,
        page=lambda: _person_form_page(form, found, None),
        act=lambda: people.add_person(found, form.details(), by=current_actor()),
        then=lambda made: _onward(f"{made.name} added.", found),
    )


def _onward(words: str, found: Business) -> str:
    """On to what the person or figure was added or corrected for, or to the details of the business."""
    details = saved(words, DETAILS, business_id=found.id)
    return wanted_next() or details


def person_first_page(found: Business, words: str) -> str:
    """In the place of a form that names a person of a business while none can be named: the way to add one."""
    people = queries.people_of(found.id)
    return render_template("businesses/person_first.html", business=found, words=words, people=people)


@blueprint.route("/businesses/<uuid:business_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@permit(Act.CORRECT_PERSON, audience=Audience.MEMBER, load=queries.person_of, unless=why_archived)
def correct_person(found: Person) -> ResponseReturnValue:
    """Correct a person's details."""
    form = PersonForm.of_request(**values_of_person(found))
    return answer(
        form,
        page=lambda: _person_form_page(form, found.business, found),
        act=lambda: people.correct_person(found, form.details(), by=current_actor()),
        then=lambda _: _onward(f"{found.name}’s details saved.", found.business),
    )


@blueprint.route("/businesses/<uuid:business_id>/people/<uuid:person_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_PERSON, audience=Audience.MEMBER, load=queries.person_of, unless=why_not_removed)
def remove_person(found: Person) -> ResponseReturnValue:
    """Remove a person from a business, once it was said what comes of it."""
    return answer(
        Form.of_request(),
        page=lambda: _remove_person_page(found),
        act=lambda: people.remove_person(found, by=current_actor()),
        then=lambda _: saved(
            f"{found.name} removed. To undo it, remove the date from “Left on” in their details.",
            DETAILS,
            business_id=found.business_id,
        ),
    )


def _remove_person_page(found: Person) -> str:
    known = leaving(found)
    shown = {"business": found.business, "leaving": known, "address_of_row": address_of_row}
    shown |= {"purposes": PURPOSES, "may_end": _may_end_access(found, known.account)}
    actor = current_actor()
    shown |= {"sees_theirs": actor.has(*HUB_ROLES, *SEE_ALL), "sees_all": actor.has(*SEE_ALL)}
    return render_template("businesses/remove_person.html", person=found, **shown)


def _may_end_access(found: Person, holder: Account | None) -> bool:
    held = colleague_of(found.business_id, holder.id) if holder else None
    return held is not None and POLICY.allows(current_actor(), Act.REMOVE_COLLEAGUE, held)


def _person_form_page(form: Form, found: Business, person: Person | None) -> str:
    shown: dict[str, Any] = {"business": found, "person": person, "next": wanted_next()}
    shown["may_remove"] = person is not None and POLICY.allows(current_actor(), Act.REMOVE_PERSON, person)
    return render_template("businesses/person_form.html", form=form, **shown)
