"""Places in delegations: applied for, assessed, offered, accepted, declined, given up; and what came of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.business_changes import person_first_page
from crm.businesses.workflow import Act as BusinessAct
from crm.diagnostics.rules.scoring import in_words
from crm.exporting.delegations import queries, rules
from crm.exporting.delegations.forms import (
    ApplyForm,
    ResultsForm,
    SelectionForm,
    assess_form,
    results_values,
)
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.papers import HEAD, place_cells
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import Applying
from crm.exporting.delegations.service import answering, choosing, returning
from crm.exporting.delegations.workflow import PLACES, Act, why_not_assess, why_not_select, why_over
from crm.funding.subsidy.queries import subsidy
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.web.extracts import csv_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.transaction import after

blueprint = Blueprint("delegation_places", __name__)
permit = permits(POLICY)


def _why_not_apply(found: Applying) -> str | None:
    reason = why_archived(found) or answering.why_not_apply(found.delegation)
    has_applied = queries.place_of(found.delegation.id, found.business.id) is not None
    return reason or (
        f"{found.business.name} has applied for this delegation already." if has_applied else None
    )


@blueprint.route("/delegations/<uuid:delegation_id>/apply/<uuid:business_id>", methods=["GET", "POST"])
@permit(Act.APPLY, audience=Audience.MEMBER, load=queries.applying, unless=_why_not_apply)
def apply(found: Applying) -> ResponseReturnValue:
    """Apply for a place."""
    form = ApplyForm.of_request().offer(each for each in people_of(found.business.id) if not each.left_on)
    where, by = found.delegation, current_actor()
    return answer(
        form,
        page=lambda: _apply_page(form, found),
        act=lambda: answering.apply(where, form.details(), business=found.business, by=by),
        then=lambda made: _saved("Application sent. We have emailed a copy to who would go.", made),
    )


def _apply_page(form: ApplyForm, found: Applying) -> str:
    if len(form.person.choices) == 1 and not form.was_sent:
        return person_first_page(found.business, "An application names the person who would go.")
    fit = queries.fit_of(found.delegation, found.business)
    shown: dict[str, Any] = {"fit": fit, "in_words": in_words, "delegation": found.delegation}
    return render_template("exporting/delegations/apply.html", form=form, business=found.business, **shown)


def _saved(words: str, found: DelegationPlace) -> str:
    return saved(words, "delegation_places.place", place_id=found.id)


@blueprint.get("/delegation-places/<uuid:place_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.place)
def place(found: DelegationPlace) -> ResponseReturnValue:
    """One place: where it stands, what can be done, and what came of it."""
    actor, is_over = current_actor(), bool(why_over(found))
    is_staff = POLICY.allows(actor, Act.VIEW_PLACES)
    acts = frozenset() if is_over else open_acts(found, machine=PLACES, policy=POLICY)
    shown: dict[str, Any] = {"rules": rules, "Act": Act, "acts": acts, "is_staff": is_staff, "today": today()}
    shown["can_assess"] = not why_not_assess(found) and POLICY.allows(actor, Act.ASSESS, found)
    shown["returns"] = queries.returns_of(found.id)
    shown["can_record"] = POLICY.allows(actor, Act.RECORD, found)
    shown["paper"] = subsidy(found.subsidy_id) if found.subsidy_id else None
    shown["sees_business"] = BUSINESSES.allows(actor, BusinessAct.VIEW, found.business)
    return render_template("exporting/delegations/place.html", place=found, **shown)


@blueprint.get("/delegations/<uuid:delegation_id>/places")
@permit(Act.VIEW_PLACES, audience=Audience.INTERNAL, load=queries.delegation)
def places(found: Delegation) -> ResponseReturnValue:
    """Everybody who applied, in their order."""
    rows = queries.places_in(found.id)
    shown: dict[str, Any] = {"rows": rows, "rules": rules, "today": today()}
    is_next = bool(rows) and not why_not_select(found) and POLICY.allows(current_actor(), Act.SELECT)
    shown["why_not"] = choosing.why_not_offer(found, rows) if is_next else None
    shown["can_select"] = is_next and not shown["why_not"]
    shown["can_assess"] = POLICY.allows(current_actor(), Act.ASSESS)
    return render_template("exporting/delegations/places.html", delegation=found, **shown)


@blueprint.get("/delegations/<uuid:delegation_id>/places.csv")
@permit(
    Act.EXTRACT,
    audience=Audience.INTERNAL,
    load=queries.delegation,
    leaves_trace="who downloaded the places of a delegation, and how many rows",
)
def extract(found: Delegation) -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    rows = [place_cells(each) for each in queries.places_in(found.id)]
    after(noting(Act.EXTRACT, {"delegation": [found.title]}, rows=len(rows), by=current_actor()))
    return csv_response("delegation-places.csv", HEAD, rows=rows)


@blueprint.route("/delegation-places/<uuid:place_id>/assess", methods=["GET", "POST"])
@permit(Act.ASSESS, audience=Audience.INTERNAL, load=queries.place, unless=why_not_assess)
def assess(found: DelegationPlace) -> ResponseReturnValue:
    """Assess an application by the stated criteria."""
    form, words = assess_form(found), f"{found.business.name} assessed."
    return answer(
        form,
        page=lambda: _assess_page(form, found),
        act=lambda: choosing.assess(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved(words, "delegation_places.places", delegation_id=found.delegation_id),
    )


def _assess_page(form: Form, found: DelegationPlace) -> str:
    fit = queries.fit_of(found.delegation, found.business)
    shown: dict[str, Any] = {"fit": fit, "in_words": in_words, "rules": rules}
    shown["is_checked"] = choosing.needs_legal_note(found)
    return render_template("exporting/delegations/assess.html", form=form, place=found, **shown)


@blueprint.route("/delegations/<uuid:delegation_id>/select", methods=["GET", "POST"])
@permit(Act.SELECT, audience=Audience.INTERNAL, load=queries.delegation, unless=why_not_select)
def select(found: Delegation) -> ResponseReturnValue:
    """Show who would be offered a place and who waits, and offer the places."""
    form = SelectionForm.of_request(seen=choosing.mark(found, queries.places_in(found.id)))
    words = "Places offered. We have emailed everyone who applied."
    return answer(
        form,
        page=lambda: _select_page(form, found),
        act=lambda: choosing.select(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda _: saved(words, "delegation_places.places", delegation_id=found.id),
    )


def _select_page(form: Form, found: Delegation) -> str:
    rows = queries.places_in(found.id)
    shown: dict[str, Any] = {"choice": choosing.choice_of(found, rows), "rules": rules}
    shown |= {"by_id": {each.id: each for each in rows}, "why_not": choosing.why_not_offer(found, rows)}
    return render_template("exporting/delegations/select.html", form=form, delegation=found, **shown)


@blueprint.post("/delegation-places/<uuid:place_id>/accept")
@permit(Act.ACCEPT, audience=Audience.MEMBER, load=queries.place, machine=PLACES, unless=why_over)
def accept(found: DelegationPlace) -> ResponseReturnValue:
    """Accept a place."""
    answering.accept(found, by=current_actor())
    return done(_saved("Place accepted. We have emailed the dates for your calendar.", found))


@blueprint.post("/delegation-places/<uuid:place_id>/decline")
@permit(Act.DECLINE, audience=Audience.MEMBER, load=queries.place, machine=PLACES, unless=why_over)
def decline(found: DelegationPlace) -> ResponseReturnValue:
    """Decline a place."""
    answering.decline(found, by=current_actor())
    return done(_saved("Place declined. We offer it to the next on the waiting list.", found))


@blueprint.post("/delegation-places/<uuid:place_id>/give-up")
@permit(Act.GIVE_UP, audience=Audience.MEMBER, load=queries.place, machine=PLACES, unless=why_over)
def give_up(found: DelegationPlace) -> ResponseReturnValue:
    """Withdraw an application, or give up a place."""
    answering.give_up(found, by=current_actor())
    return done(_saved("You are no longer in this delegation.", found))


@blueprint.route("/delegation-returns/<uuid:return_id>/record", methods=["GET", "POST"])
@permit(
    Act.RECORD,
    audience=Audience.MEMBER,
    load=queries.return_,
    unless=first_reason(returning.why_not_record),
)
def record(found: DelegationReturn) -> ResponseReturnValue:
    """Record what came of a place so far."""
    form = ResultsForm.of_request(**results_values(found))
    return answer(
        form,
        page=lambda: render_template("exporting/delegations/record.html", form=form, found=found),
        act=lambda: returning.record(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Results saved. Thank you.", found.place),
    )
