"""The register of a business's rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import Act as BusinessAct
from crm.kernel.permissions import Actor, Audience
from crm.rights import queries, rules, service
from crm.rights.forms import RightForm, values_of
from crm.rights.models import Right
from crm.rights.policy import POLICY
from crm.rights.workflow import Act
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("rights", __name__)
permit = permits(POLICY)


@blueprint.get("/businesses/<uuid:business_id>/rights")
@permit(Act.VIEW, audience=Audience.MEMBER, load=business)
def rights(found: Business) -> ResponseReturnValue:
    """The register of rights of one business."""
    shown: dict[str, Any] = {"rights": queries.rights_of(found.id), "rules": rules}
    can_add = POLICY.allows(current_actor(), Act.ADD, found)
    shown["sees_business"] = BUSINESSES.allows(current_actor(), BusinessAct.VIEW, found)
    return render_template("rights/rights.html", business=found, can_add=can_add, **shown)


@blueprint.route("/businesses/<uuid:business_id>/rights/add", methods=["GET", "POST"])
@permit(Act.ADD, audience=Audience.MEMBER, load=business)
def add(found: Business) -> ResponseReturnValue:
    """Add a right to the register."""
    form = RightForm.of_request(owner=found.name, territory="United Kingdom")
    return answer(
        form,
        page=lambda: _right_page(form, found, None),
        act=lambda: service.add(found, form.details(), by=current_actor()),
        then=lambda _: saved("Right added.", "rights.rights", business_id=found.id),
    )


def _right_page(form: Form, owner: Business, found: Right | None) -> str:
    return render_template("rights/right_form.html", form=form, business=owner, right=found)


@blueprint.route("/rights/<uuid:right_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.MEMBER, load=queries.right)
def correct(found: Right) -> ResponseReturnValue:
    """Correct a right."""
    form = RightForm.of_request(**values_of(found))
    return answer(
        form,
        page=lambda: _right_page(form, found.business, found),
        act=lambda: service.correct(found, form.details(), by=current_actor()),
        then=lambda _: saved("Right updated.", "rights.rights", business_id=found.business_id),
    )


@blueprint.post("/rights/<uuid:right_id>/remove")
@permit(Act.REMOVE, audience=Audience.MEMBER, load=queries.right)
def remove(found: Right) -> ResponseReturnValue:
    """Remove a right from the register."""
    service.remove(found, by=current_actor())
    return done(saved("Right removed.", "rights.rights", business_id=found.business_id))


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The rights of a business for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = queries.rights_of(found.id)
    can_add = POLICY.allows(actor, Act.ADD, found)
    return {"business": found, "rights": rows, "rules": rules, "can_add": can_add}
