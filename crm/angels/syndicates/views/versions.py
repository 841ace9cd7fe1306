"""The terms of a syndicate: recorded by the lead as versions, agreed or turned down by the business."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.pitches.views.reading import LEDGER
from crm.angels.syndicates.forms import TermsForm, terms_values
from crm.angels.syndicates.models import Syndicate, SyndicateTerms
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.service import agreeing as service
from crm.angels.syndicates.views.showing import warned
from crm.angels.syndicates.workflow import LIVE_MEMBERS, TERMS, Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.reasons import LongReasonForm

blueprint = Blueprint("syndicate_terms", __name__)
permit = permits(POLICY)
PAGE = "syndicates.syndicate"
HERE = "/syndicate-terms/<uuid:terms_id>"


@blueprint.route("/syndicates/<uuid:syndicate_id>/terms/new", methods=["GET", "POST"])
@permit(
    Act.PROPOSE,
    audience=Audience.MEMBER,
    load=queries.syndicate,
    unless=service.why_not_proposed,
    leaves_trace=LEDGER,
)
def propose(found: Syndicate) -> ResponseReturnValue:
    """Record a version of the terms, filled in with the one before."""
    before = found.terms[-1] if found.terms else None
    form = TermsForm.of_request(**terms_values(before))
    return answer(
        form,
        page=lambda: _propose_page(form, found),
        act=lambda: service.propose(found, form.details(), by=current_actor()),
        then=lambda made: saved(f"Version {made.number} sent to the business.", PAGE, syndicate_id=found.id),
    )


def _propose_page(form: Form, found: Syndicate) -> str:
    shown: dict[str, Any] = {"labels": labels, "pitch": found.pitch, "warning": warned(found)}
    return render_template("angels/syndicates/propose.html", form=form, syndicate=found, **shown)


@blueprint.route(f"{HERE}/agree", methods=["GET", "POST"])
@permit(
    Act.AGREE_TERMS,
    audience=Audience.MEMBER,
    load=queries.terms,
    machine=TERMS,
    unless=service.why_not_agreed,
)
def agree_terms(found: SyndicateTerms) -> ResponseReturnValue:
    """Agree a version, having read it whole and what it changes for members."""
    form, about = Form.of_request(), found.syndicate
    members = sum(each.status in LIVE_MEMBERS for each in about.members)
    shown = {"terms": found, "before": about.agreed, "members": members, "labels": labels}
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/agree_terms.html", form=form, **shown),
        act=lambda: service.agree(found, by=current_actor()),
        then=lambda _: saved(f"Version {found.number} agreed.", PAGE, syndicate_id=about.id),
    )


@blueprint.route(f"{HERE}/decline", methods=["GET", "POST"])
@permit(Act.DECLINE_TERMS, audience=Audience.MEMBER, load=queries.terms, machine=TERMS)
def decline_terms(found: SyndicateTerms) -> ResponseReturnValue:
    """Turn a version down."""
    form = LongReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/decline_terms.html", form=form, terms=found),
        act=lambda: service.decline(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("We have emailed the lead your reason.", PAGE, syndicate_id=found.syndicate_id),
    )


@blueprint.post(f"{HERE}/withdraw")
@permit(Act.WITHDRAW_TERMS, audience=Audience.MEMBER, load=queries.terms, machine=TERMS)
def withdraw(found: SyndicateTerms) -> ResponseReturnValue:
    """Withdraw a version that waits for the business."""
    service.withdraw(found, by=current_actor())
    return done(saved(f"Version {found.number} withdrawn.", PAGE, syndicate_id=found.syndicate_id))
