"""Choosing who leads the work with a business, becoming its lead adviser, and leaving it without one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.service.keeping import why_archived
from crm.caseload.forms import LeadForm
from crm.caseload.policy import POLICY, Led
from crm.caseload.queries import leads as queries
from crm.caseload.service import leading as service
from crm.caseload.workflow import Act, why_not_end, why_not_take
from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.web.absent import mark_absent
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("leads", __name__)
permit = permits(POLICY)
BUSINESS = "business.business"


@blueprint.route("/businesses/<uuid:business_id>/lead-adviser", methods=["GET", "POST"])
@permit(Act.ASSIGN_LEAD, audience=Audience.INTERNAL, load=queries.led, unless=why_archived)
def lead_adviser(found: Led) -> ResponseReturnValue:
    """Make a colleague the lead adviser of a business."""
    form = _form(found)
    return answer(
        form,
        page=lambda: render_template("caseload/lead_adviser.html", form=form, **_around(found)),
        act=lambda: _assign(found, form),
        then=lambda _: saved("Lead adviser changed.", BUSINESS, business_id=found.business.id),
    )


def _form(found: Led) -> LeadForm:
    now_id = found.lead.account_id if found.lead else None
    people = [each for each in queries.people_for(found.business) if each.id != now_id]
    form = LeadForm.of_request(seen=service.lead_shown(found)).offer(people)
    mark_absent(form.account_id)
    return form


def _assign(found: Led, form: LeadForm) -> None:
    service.assign(found, UUID(form.account_id.data), seen=form.seen.data, by=current_actor())


def _around(found: Led) -> dict[str, object]:
    earlier = queries.leads_since(found.business.id)
    can_end = found.lead is not None and POLICY.allows(current_actor(), Act.END_LEAD, found)
    return {"business": found.business, "led": found, "leads": earlier, "can_end": can_end}


@blueprint.post("/businesses/<uuid:business_id>/lead-adviser/take")
@permit(
    Act.TAKE_LEAD,
    audience=Audience.INTERNAL,
    load=queries.led,
    unless=first_reason(why_archived, why_not_take),
)
def take(found: Led) -> ResponseReturnValue:
    """Become the lead adviser of a business that has none."""
    service.take(found, by=current_actor())
    return done(saved("You are now the lead adviser.", BUSINESS, business_id=found.business.id))


@blueprint.post("/businesses/<uuid:business_id>/lead-adviser/remove")
@permit(
    Act.END_LEAD,
    audience=Audience.INTERNAL,
    load=queries.led,
    unless=first_reason(why_archived, why_not_end),
)
def remove(found: Led) -> ResponseReturnValue:
    """Leave a business without a lead adviser."""
    service.end(found, by=current_actor())
    words = "Lead adviser removed. The business has none now."
    return done(saved(words, BUSINESS, business_id=found.business.id))
