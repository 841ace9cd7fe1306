"""Access requests, connections and consents of a business."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.forms import ClaimForm, ConnectionForm
from crm.businesses.models import Business, Claim, Connection, Consent
from crm.businesses.policy import POLICY
from crm.businesses.queries import seeing as queries
from crm.businesses.rules.labels import PURPOSES, current_version
from crm.businesses.service import claiming, people
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.colleagues import clashes_of_founder
from crm.businesses.workflow import CLAIMS, Act, ConsentPurpose
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo, counted_todo
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.landmarks import wanted_next
from crm.web.parts import parts_on
from crm.web.permit import open_acts, permits
from crm.web.reasons import ReasonForm

blueprint = Blueprint("business_voices", __name__)
permit = permits(POLICY)
DETAILS = "business.details"


def _purpose() -> ConsentPurpose:
    try:
        return ConsentPurpose(request.values.get("purpose", ""))
    except ValueError:
        raise Invalid("Choose what is agreed to.") from None


@blueprint.post("/businesses/<uuid:business_id>/consents/give")
@permit(Act.CONSENT, audience=Audience.MEMBER, load=queries.business, unless=why_archived)
def give_consent(found: Business) -> ResponseReturnValue:
    """Record consent to one purpose."""
    purpose, actor = _purpose(), current_actor()
    agreement = people.Agreement(actor.name, _way(actor, found), version=_version(purpose))
    people.give_consent(found, purpose, agreement=agreement, by=actor)
    details = saved(f"{PURPOSES[purpose]}: consent recorded.", DETAILS, business_id=found.id)
    return done(wanted_next() or details)


def _version(purpose: ConsentPurpose) -> str:
    """The wording that stood before the button; a newer one has to be read first."""
    shown = request.form.get("version", "")
    if shown != current_version(purpose):
        raise Conflict(
            "The words to agree to have changed. Read them on the page of the business, then agree."
        )
    return shown


def _way(actor: Actor, found: Business) -> str:
    return "on this website" if actor.owns(found.id) else "told to an adviser"


@blueprint.route("/businesses/<uuid:business_id>/consents/withdraw", methods=["GET", "POST"])
@permit(Act.WITHDRAW_CONSENT, audience=Audience.MEMBER, load=queries.business)
def withdraw_consent(found: Business) -> ResponseReturnValue:
    """Withdraw consent to one purpose, once it was said what ends with it and who is told."""
    held = _held(found)
    return answer(
        Form.of_request(),
        page=lambda: _withdraw_consent_page(found, held),
        act=lambda: people.withdraw_consent(held, by=current_actor()),
        then=lambda _: saved(f"{PURPOSES[held.purpose]}: consent withdrawn.", DETAILS, business_id=found.id),
    )


def _held(found: Business) -> Consent:
    held = queries.holding_consent(found.id, _purpose())
    if held is None:
        raise Conflict("There is no consent to this purpose to withdraw.")
    return held


def _withdraw_consent_page(found: Business, held: Consent) -> str:
    shown = {"parts": parts_on("business_voices.withdraw_consent", held), "purpose": PURPOSES[held.purpose]}
    return render_template("businesses/withdraw_consent.html", business=found, held=held, **shown)


@blueprint.route("/businesses/<uuid:business_id>/connections/new", methods=["GET", "POST"])
@permit(Act.CONNECT, audience=Audience.INTERNAL, load=queries.business, unless=why_archived)
def connect(found: Business) -> ResponseReturnValue:
    """Record a connection to a business."""
    form = ConnectionForm.of_request()
    return answer(
        form,
        page=lambda: render_template("businesses/connect.html", form=form, business=found),
        act=lambda: people.connect(found, form.details(), by=current_actor()),
        then=lambda _: saved("Connection recorded.", DETAILS, business_id=found.id),
    )


@blueprint.post("/businesses/<uuid:business_id>/connections/<uuid:connection_id>/end")
@permit(Act.DISCONNECT, audience=Audience.INTERNAL, load=queries.connection_of)
def end_connection(found: Connection) -> ResponseReturnValue:
    """End a connection today."""
    people.disconnect(found, by=current_actor())
    return done(saved("Connection ended.", DETAILS, business_id=found.business_id))


@blueprint.route("/businesses/<uuid:business_id>/claims/new", methods=["GET", "POST"])
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.business, unless=why_archived)
def claim(found: Business) -> ResponseReturnValue:
    """Record a request for access to a business."""
    form = ClaimForm.of_request()
    return answer(
        form,
        page=lambda: render_template("businesses/claim.html", form=form, business=found),
        act=lambda: claiming.claim(found, form.claimant(), by=current_actor()),
        then=lambda made: saved(
            "Access request recorded. Confirm or refuse it below.",
            "business_voices.one_claim",
            claim_id=made.id,
        ),
    )


@blueprint.get("/access-requests")
@permit(Act.LIST, audience=Audience.INTERNAL)
def access_requests() -> ResponseReturnValue:
    """The access requests that wait for this person's decision."""
    return render_template("businesses/access_requests.html", rows=_to_decide(current_actor()))


@blueprint.get("/claims/<uuid:claim_id>")
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.claim)
def one_claim(found: Claim) -> ResponseReturnValue:
    """Who asks for access, and how it can be known that they speak for the business."""
    return _one_claim_page(ReasonForm(), found)


def _one_claim_page(form: Form, found: Claim) -> str:
    acts = open_acts(found, machine=CLAIMS, policy=POLICY)
    clashes = clashes_of_founder(found.email, found.business_id) if Act.CONFIRM_CLAIM in acts else []
    shown = {"claim": found, "acts": acts, "Act": Act, "clashes": clashes}
    return render_template("businesses/one_claim.html", form=form, **shown)


@blueprint.post("/claims/<uuid:claim_id>/confirm")
@permit(
    Act.CONFIRM_CLAIM, audience=Audience.INTERNAL, load=queries.claim, machine=CLAIMS, unless=why_archived
)
def confirm_claim(found: Claim) -> ResponseReturnValue:
    """Confirm an access request: its sender becomes an owner of the record."""
    claiming.confirm_claim(found, by=current_actor())
    return done(saved(f"{found.name} can now see this business.", DETAILS, business_id=found.business_id))


@blueprint.post("/claims/<uuid:claim_id>/refuse")
@permit(Act.REFUSE_CLAIM, audience=Audience.INTERNAL, load=queries.claim, machine=CLAIMS)
def refuse_claim(found: Claim) -> ResponseReturnValue:
    """Refuse an access request, with the reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _one_claim_page(form, found),
        act=lambda: claiming.refuse_claim(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            f"Access request refused. We have told {found.name} why.", DETAILS, business_id=found.business_id
        ),
    )


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Access requests that wait for a decision of this actor's hubs."""
    count, href = len(_to_decide(actor)), url_for("business_voices.access_requests")
    return counted_todo(count, ("access request to decide", "access requests to decide"), href=href)


def _to_decide(actor: Actor) -> list[Claim]:
    return [each for each in queries.claims_waiting(actor) if POLICY.allows(actor, Act.CONFIRM_CLAIM, each)]
