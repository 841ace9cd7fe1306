"""The register of a business's rights, and one right with all that belongs to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.kernel.permissions import Audience
from crm.rights import queries
from crm.rights.forms import RightForm, values_of
from crm.rights.models import Right
from crm.rights.papers import renewal_event
from crm.rights.policy import POLICY
from crm.rights.rules import labels
from crm.rights.rules.registering import KINDS_ON_REGISTER, as_read
from crm.rights.rules.territories import UNITED_KINGDOM
from crm.rights.service import keeping as service
from crm.rights.service.calendars import has_address
from crm.rights.views.showing import can, of_business, on_register, removal_says, remove_page
from crm.rights.workflow import Act
from crm.web.extracts import calendar_response
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.parts import parts_on
from crm.web.permit import permits
from crm.web.seen import SeenForm

blueprint = Blueprint("rights", __name__)
permit = permits(POLICY)


@blueprint.get("/businesses/<uuid:business_id>/rights")
@permit(Act.VIEW, audience=Audience.MEMBER, load=business)
def rights(found: Business) -> ResponseReturnValue:
    """The register of rights of one business: what is missing, renewals ahead, cost and income a year."""
    actor = current_actor()
    sees_business = BUSINESSES.allows(actor, BusinessAct.VIEW, found)
    shown: dict[str, Any] = {"sees_business": sees_business, "has_address": has_address(found, actor)}
    shown["can_ask"] = not found.is_archived and POLICY.allows(actor, Act.ASK_CALENDAR, found)
    shown["parts"] = parts_on("rights.rights", found)
    return render_template("rights/rights.html", **of_business(found, actor), **shown)


@blueprint.get("/rights/<uuid:right_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.right)
def right(found: Right) -> ResponseReturnValue:
    """One right: its parts and who made them, its licences, and what is missing."""
    shown: dict[str, Any] = {"right": found, "rules": labels, "papers": queries.papers_of(found.parts)}
    shown |= on_register(found) | {"parts_shown": parts_on("rights.right", found)}
    shown["can_list"] = POLICY.allows(current_actor(), Act.LIST)
    return render_template("rights/right.html", **shown, can=can(found, current_actor()))


@blueprint.route("/businesses/<uuid:business_id>/rights/add", methods=["GET", "POST"])
@permit(Act.ADD, audience=Audience.MEMBER, load=business, unless=why_archived)
def add(found: Business) -> ResponseReturnValue:
    """Add a right to the register."""
    given = {"owner": found.name, "territory": UNITED_KINGDOM} | _from_register(found)
    form = RightForm.of_request(**given).checked()
    return answer(
        form,
        page=lambda: _right_page(form, found, None),
        act=lambda: service.add(found, form.details(), by=current_actor()),
        then=lambda made: saved("Right added.", "rights.right", right_id=made.id),
    )


def _from_register(owner: Business) -> dict[str, Any]:
    """What the register said of the number that this business looked up, as the form takes it."""
    kind, number = request.args.get("kind", ""), request.args.get("number", "")
    if kind not in KINDS_ON_REGISTER:
        return {}
    told = queries.register_answer(owner.id, kind=kind, number=number)
    says = as_read(told.says) if told and told.says else {}
    return {"kind": kind, "number": number} | {name: each for name, each in says.items() if each}


def _right_page(form: Form, owner: Business, found: Right | None) -> str:
    return render_template("rights/right_form.html", form=form, business=owner, right=found)


@blueprint.route("/rights/<uuid:right_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.MEMBER, load=queries.right, unless=why_archived)
def correct(found: Right) -> ResponseReturnValue:
    """Correct a right, or enter its new renewal date."""
    form = RightForm.of_request(**values_of(found)).checked()
    return answer(
        form,
        page=lambda: _right_page(form, found.business, found),
        act=lambda: service.correct(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved("Right updated.", "rights.right", right_id=found.id),
    )


@blueprint.get("/rights/<uuid:right_id>/renewal.ics")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.renewing_right)
def renewal(found: Right) -> ResponseReturnValue:
    """The renewal date, for a calendar."""
    return calendar_response("renewal.ics", renewal_event(found))


@blueprint.route("/rights/<uuid:right_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE, audience=Audience.MEMBER, load=queries.right, unless=why_archived)
def remove(found: Right) -> ResponseReturnValue:
    """Ask, then remove a right from the register."""
    form = SeenForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: remove_page(form, found, what=found.title, says=removal_says(found)),
        act=lambda: service.remove(found, version=form.version.data, by=current_actor()),
        then=lambda _: saved(f"{found.title} removed.", "rights.rights", business_id=found.business_id),
    )
