"""One claim: its costs with their invoices, checked and submitted by the business, decided by a programme manager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.documents.forms import UploadsForm, not_added
from crm.documents.models import Document
from crm.documents.papers import file_answer, stored_first
from crm.documents.queries import document_about
from crm.documents.rules import ACCEPT, TAKEN
from crm.kernel.clock import is_past, today
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Audience
from crm.programme.claims.forms.claims import CostForm, DeclarationForm
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries.claims import COST, CostOf
from crm.programme.claims.service import claiming as service
from crm.programme.claims.views.showing import added_in_words, shown_of_claim, to_claim
from crm.programme.claims.workflow import CLAIMS, Act
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.seen import seen_version

blueprint = Blueprint("grant_claims", __name__)
permit = permits(POLICY)
HERE = "/award-claims/<uuid:award_claim_id>"
ONE = f"{HERE}/costs/<uuid:cost_id>"


def _why_not_edited(found: CostOf) -> str | None:
    """Why a cost cannot be changed now."""
    return service.why_not_edited(found.claim)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.claim)
def grant_claim(found: AwardClaim) -> ResponseReturnValue:
    """A claim with its costs, what became of it, and what to do now."""
    return render_template("programme/claims/grant_claim.html", **shown_of_claim(found))


def _cost_page(form: Form, found: AwardClaim, heading: str, *, besides: UUID | None = None) -> str:
    """The form of a cost. What the other costs of this claim hold is not left for it."""
    terms, held = (
        queries.terms_of(found),
        sum((each.claimed for each in found.costs if each.id != besides), start=NO_MONEY),
    )
    shown = {"claim": found, "form": form, "terms": terms, "title": heading, "held": held}
    shown["is_over"] = is_past(terms.ends_on, on=today())
    shown["left"] = max(terms.left_of_milestone - held, NO_MONEY)
    return render_template("programme/claims/cost.html", **shown)


@blueprint.route(f"{HERE}/costs/add", methods=["GET", "POST"])
@permit(Act.ADD_COST, audience=Audience.MEMBER, load=queries.claim, unless=service.why_not_edited)
def add_cost(found: AwardClaim) -> ResponseReturnValue:
    """Add a cost."""
    form = CostForm.of_request()
    form.also(lambda: service.require_sound(found, form.details()), *form.SETTLES)
    return answer(
        form,
        page=lambda: _cost_page(form, found, "Add a cost"),
        act=lambda: service.add_cost(found, form.details(), by=current_actor()),
        then=lambda made: saved(
            "Cost added. Attach its invoice.", "grant_claims.attach", award_claim_id=found.id, cost_id=made.id
        ),
    )


@blueprint.route(ONE, methods=["GET", "POST"])
@permit(Act.EDIT_COST, audience=Audience.MEMBER, load=queries.cost_of, unless=_why_not_edited)
def edit_cost(found: CostOf) -> ResponseReturnValue:
    """Change a cost."""
    form, besides = CostForm.of_request(**vars_of(found)), found.cost.id
    form.also(lambda: service.require_sound(found.claim, form.details(), besides=besides), *form.SETTLES)
    seen = form.version.data
    return answer(
        form,
        page=lambda: _cost_page(
            form, found.claim, f"Change the cost from {found.cost.supplier}", besides=besides
        ),
        act=lambda: service.edit_cost(found, form.details(), version=seen, by=current_actor()),
        then=lambda _: to_claim("Cost changed.", found.claim),
    )


def vars_of(found: CostOf) -> dict[str, Any]:
    """What the form of a cost is filled in with."""
    names = ("supplier", "what", "paid_on", "claimed", "own", "version")
    return {name: getattr(found.cost, name) for name in names}


@blueprint.post(f"{ONE}/remove")
@permit(Act.REMOVE_COST, audience=Audience.MEMBER, load=queries.cost_of, unless=_why_not_edited)
def remove_cost(found: CostOf) -> ResponseReturnValue:
    """Remove a cost with its files."""
    service.remove_cost(found, version=seen_version(), by=current_actor())
    return done(to_claim(f"Cost from {found.cost.supplier} removed.", found.claim))


@blueprint.route(f"{ONE}/attach", methods=["GET", "POST"])
@permit(Act.ATTACH, audience=Audience.MEMBER, load=queries.cost_of, unless=_why_not_edited, takes_files=True)
def attach(found: CostOf) -> ResponseReturnValue:
    """Attach invoices or proofs of payment."""
    form = UploadsForm.of_request()
    shown: dict[str, Any] = {"claim": found.claim, "cost": found.cost, "accept": ACCEPT, "taken": TAKEN}
    papers = stored_first(lambda: form.file.data)
    return answer(
        form,
        page=lambda: render_template("programme/claims/attach.html", form=form, **shown),
        first=papers,
        act=lambda: service.attach(found, *papers.result, by=current_actor()),
        then=lambda made: to_claim(added_in_words(made, not_added(form.file)), found.claim),
    )


@dataclass(frozen=True)
class Invoice(CostOf):
    """A file of a cost."""

    document: Document


def _invoice(award_claim_id: UUID, cost_id: UUID, document_id: UUID) -> Invoice | None:
    found = queries.cost_of(award_claim_id, cost_id)
    kept = document_about(document_id, kind=COST, thing_id=cost_id)
    return Invoice(found.claim, found.cost, kept) if found and kept else None


@blueprint.get(f"{ONE}/files/<uuid:document_id>")
@permit(Act.READ, audience=Audience.MEMBER, load=_invoice)
def invoice(found: Invoice) -> ResponseReturnValue:
    """An invoice, to be saved."""
    return file_answer(found.document)


@blueprint.post(f"{ONE}/files/<uuid:document_id>/remove")
@permit(Act.REMOVE_FILE, audience=Audience.MEMBER, load=_invoice, unless=_why_not_edited)
def remove_file(found: Invoice) -> ResponseReturnValue:
    """Remove an invoice."""
    service.remove_file(found, found.document, by=current_actor())
    return done(to_claim(f"File {found.document.name} removed.", found.claim))


@blueprint.route(f"{HERE}/submit", methods=["GET", "POST"])
@permit(
    Act.SUBMIT, audience=Audience.MEMBER, load=queries.claim, machine=CLAIMS, unless=service.why_not_ready
)
def submit(found: AwardClaim) -> ResponseReturnValue:
    """Check a claim, sign and submit it."""
    form = DeclarationForm.of_request(seen=service.mark_of_claim(found))
    name, seen = form.declared_by.data, form.seen.data
    return answer(
        form,
        page=lambda: render_template("programme/claims/submit.html", form=form, **shown_of_claim(found)),
        act=lambda: service.submit(found, declared_by=name or "", seen=seen, by=current_actor()),
        then=lambda _: to_claim("Claim submitted. We will write to you when it has been checked.", found),
    )


@blueprint.post(f"{HERE}/take-back")
@permit(Act.TAKE_BACK_CLAIM, audience=Audience.MEMBER, load=queries.claim, machine=CLAIMS)
def take_back(found: AwardClaim) -> ResponseReturnValue:
    """Take back a claim that is not decided."""
    service.take_back(found, by=current_actor())
    return done(to_claim("Claim taken back. Change it, then submit it again.", found))


@blueprint.post(f"{HERE}/discard")
@permit(Act.DISCARD, audience=Audience.MEMBER, load=queries.claim, machine=CLAIMS)
def discard(found: AwardClaim) -> ResponseReturnValue:
    """Discard a claim that is not submitted."""
    service.discard(found, by=current_actor())
    return done(saved("Claim discarded.", "award_claims.claims_of_award", award_id=found.award_id))
