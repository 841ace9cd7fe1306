"""The subsidies of one business: where it stands, declaring and recording them, preparing ours, and its parent company."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.policy import is_theirs
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import Act as BusinessAct
from crm.funding.subsidy import queries
from crm.funding.subsidy.forms import DeclarationForm, HelpForm, ParentForm, PreparationForm, StandingForm
from crm.funding.subsidy.models import EnterpriseLink, Subsidy
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.service import giving, linking, recording
from crm.funding.subsidy.views import showing
from crm.funding.subsidy.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("subsidies", __name__)
permit = permits(POLICY)
PAGE = "subsidies.subsidies"
DECLARED = "Subsidy declared. {counts} If it is wrong, open it below and cancel it."
PREPARED = "Subsidy prepared. Notify the business next."
ACTS = (Act.DECLARE, Act.RECORD_IN_KIND, Act.PREPARE, Act.LINK)


@blueprint.app_template_global("may_open_subsidy")
def may_open_subsidy(found: Subsidy) -> bool:
    """Whether the page of a subsidy opens to its reader: one of a linked company may be another hub's."""
    return POLICY.allows(current_actor(), Act.VIEW, found)


@blueprint.get("/businesses/<uuid:business_id>/subsidy")
@permit(Act.VIEW, audience=Audience.MEMBER, load=business)
def subsidies(found: Business) -> ResponseReturnValue:
    """What a business and its enterprise were given, and what can still be given."""
    asked, actor = StandingForm(request.args), current_actor()
    on = showing.day_of(asked.on)
    is_sound = as_offered(asked.of_years(on)).also(lambda: showing.require_known(asked.on), "on").validate()
    shown = showing.of_business(found, actor, on=on, sum_=asked.counts.data or "")
    shown |= {"asked": asked, "form": asked, "given": showing.asked_day(asked.on)}
    shown |= {"acts": open_acts(found, policy=POLICY, also=ACTS), "Act": Act}
    shown |= {"links": queries.links_of(shown["standing"].group), "is_own": is_theirs(actor, found)}
    shown |= {"sees_business": BUSINESSES.allows(actor, BusinessAct.VIEW, found)}
    return make_response(render_template("funding/subsidy/subsidies.html", **shown), 200 if is_sound else 422)


@blueprint.route("/businesses/<uuid:business_id>/subsidy/declare", methods=["GET", "POST"])
@permit(Act.DECLARE, audience=Audience.MEMBER, load=business)
def declare(found: Business) -> ResponseReturnValue:
    """Declare a subsidy that another body gave."""
    form = DeclarationForm.of_request()
    form.also(lambda: recording.require_given(form.details()), *form.SETTLES)
    return answer(
        form,
        page=lambda: _declare_page(form, found),
        act=lambda: recording.declare(found, form.details(), by=current_actor()),
        then=lambda made: saved(
            DECLARED.format(counts=showing.counts_from(made)), PAGE, business_id=found.id
        ),
    )


def _declare_page(form: Form, found: Business) -> str:
    is_own = is_theirs(current_actor(), found)
    return render_template("funding/subsidy/declare.html", form=form, business=found, is_own=is_own)


@blueprint.route("/businesses/<uuid:business_id>/subsidy/in-kind", methods=["GET", "POST"])
@permit(Act.RECORD_IN_KIND, audience=Audience.INTERNAL, load=business)
def record_in_kind(found: Business) -> ResponseReturnValue:
    """Record our help in kind at what it is worth."""
    form = HelpForm.of_request(given_on=today())
    form.also(lambda: recording.require_given(form.details()), *form.SETTLES)
    return answer(
        form,
        page=lambda: _record_in_kind_page(form, found),
        act=lambda: recording.record_in_kind(found, form.details(), by=current_actor()),
        then=lambda made: saved(
            f"Help in kind recorded. {showing.counts_from(made)}", PAGE, business_id=found.id
        ),
    )


def _record_in_kind_page(form: Form, found: Business) -> str:
    return render_template("funding/subsidy/record_in_kind.html", form=form, business=found)


@blueprint.route("/businesses/<uuid:business_id>/subsidy/prepare", methods=["GET", "POST"])
@permit(Act.PREPARE, audience=Audience.INTERNAL, load=business)
def prepare(found: Business) -> ResponseReturnValue:
    """Begin the papers of a subsidy of ours."""
    form = PreparationForm.of_request(given_on=today())
    return answer(
        form,
        page=lambda: _prepare_page(form, found),
        act=lambda: _prepared(form, found),
        then=lambda made: saved(PREPARED, "subsidy_papers.subsidy", subsidy_id=made.id),
    )


def _prepared(form: PreparationForm, found: Business) -> Subsidy:
    goods = form.depends_on_exporting_goods.data
    return giving.prepare(found, form.details(), depends_on_exporting_goods=goods, by=current_actor())


def _prepare_page(form: Form, found: Business) -> str:
    shown = showing.room_of(found, current_actor())
    return render_template("funding/subsidy/prepare.html", form=form, business=found, **shown)


@blueprint.route("/businesses/<uuid:business_id>/subsidy/parent", methods=["GET", "POST"])
@permit(Act.LINK, audience=Audience.INTERNAL, load=business)
def link_parent(found: Business) -> ResponseReturnValue:
    """Record the parent company of a business."""
    form = ParentForm.of_request()
    return answer(
        form,
        page=lambda: _link_parent_page(form, found),
        act=lambda: linking.link(found, form.parent.data, source=form.source.data, by=current_actor()),
        then=lambda _: saved("Parent company recorded.", PAGE, business_id=found.id),
    )


def _link_parent_page(form: Form, found: Business) -> str:
    return render_template("funding/subsidy/link_parent.html", form=form, business=found)


@blueprint.post("/businesses/<uuid:business_id>/subsidy/parents/<uuid:link_id>/remove")
@permit(Act.LINK, audience=Audience.INTERNAL, load=queries.link_of)
def remove_parent(found: EnterpriseLink) -> ResponseReturnValue:
    """Remove a parent company that no longer applies."""
    linking.unlink(found, by=current_actor())
    return done(saved("Parent company removed.", PAGE, business_id=found.business_id))
