"""What is decided about a claim: approved, returned or rejected; and paid again where its payment was cancelled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.programme.claims.forms.claims import ReasonForm, approval_form, as_claimed, rulings_of
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries.copies import claimed_elsewhere
from crm.programme.claims.service import assessing as service
from crm.programme.claims.service import unpaid
from crm.programme.claims.views.showing import shown_of_claim, to_claim
from crm.programme.claims.workflow import CLAIMS, Act
from crm.web.forms import Form, answer, done
from crm.web.identity import current_actor
from crm.web.permit import asked_by_actor, permits

blueprint = Blueprint("claim_decisions", __name__)
permit = permits(POLICY)
HERE = "/award-claims/<uuid:award_claim_id>"
WHY_NOT_ME = asked_by_actor(service.why_not_by)
"""Why the current actor does not decide it (P45)."""


@blueprint.route(f"{HERE}/approve", methods=["GET", "POST"])
@permit(
    Act.APPROVE,
    audience=Audience.INTERNAL,
    load=queries.claim,
    machine=CLAIMS,
    unless=first_reason(WHY_NOT_ME, service.why_not_approved),
)
def approve(found: AwardClaim) -> ResponseReturnValue:
    """Approve a claim, in whole or in part."""
    form = approval_form(found).of_request(**as_claimed(found))
    seen = form["version"].data
    shown: dict[str, Any] = shown_of_claim(found) | {"form": form}
    shown["again"] = claimed_elsewhere(found, actor=current_actor())
    return answer(
        form,
        page=lambda: render_template("programme/claims/approve.html", **shown),
        act=lambda: service.approve(found, rulings_of(form, found), version=seen, by=current_actor()),
        then=lambda _: to_claim(_approved_words(found), found),
    )


def _approved_words(found: AwardClaim) -> str:
    """What was done, and what its payment waits for."""
    waits = f" It is paid once “{found.held_by.title}” is confirmed as met." if found.held_by else ""
    return f"Claim approved. We have written to the business.{waits}"


def _reason_page(form: Form, found: AwardClaim, title: str, button: str, hint: str) -> str:
    shown = {"claim": found, "title": title, "button": button, "hint": hint}
    return render_template("programme/claims/reason.html", form=form, **shown)


@blueprint.route(f"{HERE}/return", methods=["GET", "POST"])
@permit(Act.RETURN, audience=Audience.INTERNAL, load=queries.claim, machine=CLAIMS, unless=WHY_NOT_ME)
def return_(found: AwardClaim) -> ResponseReturnValue:
    """Return a claim with what is missing."""
    form = ReasonForm.of_request(version=found.version)
    words, seen = form.reason.data, form.version.data
    hint = (
        "Say what is missing. The business reads this in an email, corrects the claim and submits it again."
    )
    return answer(
        form,
        page=lambda: _reason_page(form, found, f"Return claim {found.number}", "Return claim", hint),
        act=lambda: service.return_(found, reason=words, version=seen, by=current_actor()),
        then=lambda _: to_claim("Claim returned. We have written to the business.", found),
    )


@blueprint.route(f"{HERE}/reject", methods=["GET", "POST"])
@permit(Act.REJECT, audience=Audience.INTERNAL, load=queries.claim, machine=CLAIMS, unless=WHY_NOT_ME)
def reject(found: AwardClaim) -> ResponseReturnValue:
    """Reject a claim with a reason."""
    form = ReasonForm.of_request(version=found.version)
    words, seen = form.reason.data, form.version.data
    hint = "The business reads this in an email. It can make another claim for this milestone."
    return answer(
        form,
        page=lambda: _reason_page(form, found, f"Reject claim {found.number}", "Reject claim", hint),
        act=lambda: service.reject(found, reason=words, version=seen, by=current_actor()),
        then=lambda _: to_claim("Claim rejected. We have written to the business.", found),
    )


@blueprint.post(f"{HERE}/pay-again")
@permit(
    Act.PAY_AGAIN,
    audience=Audience.INTERNAL,
    load=queries.claim,
    machine=CLAIMS,
    unless=unpaid.why_not_paid_again,
)
def pay_again(found: AwardClaim) -> ResponseReturnValue:
    """Ask for another payment of a claim whose payment was cancelled."""
    unpaid.pay_again(found, by=current_actor())
    return done(to_claim("Payment requested again. Put it into a payment run next.", found))
