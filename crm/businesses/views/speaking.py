"""Who speaks for a business, who stands how to it, and what it agrees to."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.forms import ClaimForm, ConnectionForm, ReasonForm
from crm.businesses.models import Business, Claim, Connection
from crm.businesses.policy import POLICY
from crm.businesses.queries import seeing as queries
from crm.businesses.rules.labels import PURPOSES
from crm.businesses.service import claiming, people
from crm.businesses.views.changing import done
from crm.businesses.workflow import CLAIMS, Act, ConsentPurpose
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("business_voices", __name__)
permit = permits(POLICY)


def _purpose() -> ConsentPurpose:
    try:
        return ConsentPurpose(request.form.get("purpose", ""))
    except ValueError:
        raise Invalid("Choose what is agreed to.") from None


@blueprint.post("/businesses/<uuid:business_id>/consents/give")
@permit(Act.CONSENT, audience=Audience.MEMBER, load=queries.business)
def give_consent(found: Business) -> ResponseReturnValue:
    """Agree to one purpose."""
    purpose, actor = _purpose(), current_actor()
    agreement = people.Agreement(actor.name, _way(actor, found))
    people.give_consent(found, purpose, agreement=agreement, by=actor)
    return redirect(done(found, f"{PURPOSES[purpose]}: agreed."), code=303)


def _way(actor: Actor, found: Business) -> str:
    return "on this site" if actor.owns(found.id) else "told to an adviser"


@blueprint.post("/businesses/<uuid:business_id>/consents/withdraw")
@permit(Act.WITHDRAW_CONSENT, audience=Audience.MEMBER, load=queries.business)
def withdraw_consent(found: Business) -> ResponseReturnValue:
    """Take one back."""
    purpose = _purpose()
    held = queries.holding_consent(found.id, purpose)
    if held is None:
        raise Conflict("There is no such consent to take back.")
    people.withdraw_consent(held, by=current_actor())
    return redirect(done(found, f"{PURPOSES[purpose]}: taken back."), code=303)


@blueprint.route("/businesses/<uuid:business_id>/connections/new", methods=["GET", "POST"])
@permit(Act.CONNECT, audience=Audience.INTERNAL, load=queries.business)
def connect(found: Business) -> ResponseReturnValue:
    """Note how somebody stands to it."""
    form = ConnectionForm.of_request()
    if not form.was_sent:
        return render_template("businesses/connect.html", form=form, business=found)
    return answer(
        form,
        lambda: people.connect(found, form.details(), by=current_actor()),
        then=lambda _: done(found, "The connection is kept."),
        again=lambda again: render_template("businesses/connect.html", form=again, business=found),
    )


@blueprint.post("/businesses/<uuid:business_id>/connections/<uuid:connection_id>/end")
@permit(Act.DISCONNECT, audience=Audience.INTERNAL, load=queries.connection_of)
def end_connection(found: Connection) -> ResponseReturnValue:
    """End it today."""
    people.disconnect(found, by=current_actor())
    return redirect(done(found.business, "The connection has ended."), code=303)


@blueprint.route("/businesses/<uuid:business_id>/claims/new", methods=["GET", "POST"])
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.business)
def claim(found: Business) -> ResponseReturnValue:
    """Note that somebody says they speak for it."""
    form = ClaimForm.of_request()
    if not form.was_sent:
        return render_template("businesses/claim.html", form=form, business=found)
    return answer(
        form,
        lambda: claiming.claim(found, form.claimant(), by=current_actor()),
        then=lambda made: url_for("business_voices.one_claim", claim_id=made.id),
        again=lambda again: render_template("businesses/claim.html", form=again, business=found),
    )


@blueprint.get("/claims/<uuid:claim_id>")
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.claim)
def one_claim(found: Claim) -> ResponseReturnValue:
    """Who says they speak for it, and how that can be known."""
    return _claim_page(ReasonForm(), found)


def _claim_page(form: Form, found: Claim) -> str:
    acts = {act for act in CLAIMS.possible(found.status) if POLICY.allows(current_actor(), act, found)}
    return render_template("businesses/one_claim.html", form=form, claim=found, acts=acts, Act=Act)


@blueprint.post("/claims/<uuid:claim_id>/confirm")
@permit(Act.CONFIRM_CLAIM, audience=Audience.INTERNAL, load=queries.claim)
def confirm_claim(found: Claim) -> ResponseReturnValue:
    """Let them in as an owner."""
    claiming.confirm_claim(found, by=current_actor())
    return redirect(done(found.business, f"{found.name} can now see this business."), code=303)


@blueprint.post("/claims/<uuid:claim_id>/refuse")
@permit(Act.REFUSE_CLAIM, audience=Audience.INTERNAL, load=queries.claim)
def refuse_claim(found: Claim) -> ResponseReturnValue:
    """Turn it down, with a reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: claiming.refuse_claim(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: done(found.business, "The claim is refused, with your reason."),
        again=lambda again: _claim_page(again, found),
    )


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Claims that wait for somebody of this actor's hubs."""
    if not POLICY.allows(actor, Act.LIST):
        return ()
    first = queries.first_claim_waiting(actor)
    if first is None or not POLICY.allows(actor, Act.CONFIRM_CLAIM, first):
        return ()
    href = url_for("business_voices.one_claim", claim_id=first.id)
    return (Todo("people say that they speak for a business", queries.count_claims_waiting(actor), href),)
