"""Leading a raise: offered by an investor, agreed or turned down by the business, and ended by either."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.views.reading import LEDGER, not_shown_page, note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.angels.syndicates.forms import AgreeLeadForm, OfferForm
from crm.angels.syndicates.models import SyndicateLead
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.service import leading as service
from crm.angels.syndicates.workflow import LEADS, LIVE_MEMBERS, Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.reasons import LongReasonForm

blueprint = Blueprint("syndicate_leads", __name__)
permit = permits(POLICY)
PAGE = "syndicates.syndicate"
HERE = "/syndicate-leads/<uuid:lead_id>"


def _why_not_offered(found: Pitch) -> str | None:
    return service.why_not_offered(found, current_actor())


@blueprint.route("/pitches/<uuid:pitch_id>/lead", methods=["GET", "POST"])
@permit(Act.OFFER, audience=Audience.PROMOTION, load=pitch, unless=_why_not_offered, leaves_trace=LEDGER)
def offer(found: Pitch) -> ResponseReturnValue:
    """Offer to lead a raise."""
    form = OfferForm.of_request()
    return answer(
        form,
        page=lambda: not_shown_page(form, found) or _offer_page(form, found),
        act=lambda: service.offer(found, form.message.data, by=current_actor()),
        then=lambda made: saved(
            "Offer sent. We email you when the business answers.", PAGE, syndicate_id=made.syndicate_id
        ),
    )


def _offer_page(form: Form, found: Pitch) -> str:
    note_shown([found], Channel.PAGE)
    shown = {"warning": warning(found), "labels": labels}
    return render_template("angels/syndicates/offer.html", form=form, pitch=found, **shown)


@blueprint.route(f"{HERE}/agree", methods=["GET", "POST"])
@permit(Act.AGREE_LEAD, audience=Audience.MEMBER, load=queries.lead, machine=LEADS)
def agree_lead(found: SyndicateLead) -> ResponseReturnValue:
    """Agree that an investor leads, having read what that ends."""
    about = found.syndicate
    form = AgreeLeadForm.of_request(seen=service.mark_of(about))
    members = sum(each.status in LIVE_MEMBERS for each in about.members)
    shown = {"lead": found, "before": about.lead, "members": members, "labels": labels}
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/agree_lead.html", form=form, **shown),
        act=lambda: service.agree(found, seen=form.seen.data, by=current_actor()),
        then=lambda _: saved("Agreed. We have told the investor.", PAGE, syndicate_id=found.syndicate_id),
    )


@blueprint.route(f"{HERE}/decline", methods=["GET", "POST"])
@permit(Act.DECLINE_LEAD, audience=Audience.MEMBER, load=queries.lead, machine=LEADS)
def decline_lead(found: SyndicateLead) -> ResponseReturnValue:
    """Turn an offer down, or end an investor's leading."""
    form = LongReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/decline_lead.html", form=form, lead=found),
        act=lambda: service.decline(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "We have emailed the investor your reason.", PAGE, syndicate_id=found.syndicate_id
        ),
    )


@blueprint.route(f"{HERE}/withdraw", methods=["GET", "POST"])
@permit(Act.WITHDRAW_LEAD, audience=Audience.MEMBER, load=queries.lead, machine=LEADS)
def withdraw_lead(found: SyndicateLead) -> ResponseReturnValue:
    """Withdraw one's offer, or stop leading, having read what that ends."""
    form = Form.of_request()
    members = sum(each.status in LIVE_MEMBERS for each in found.syndicate.members)
    shown = {"lead": found, "members": members}
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/withdraw_lead.html", form=form, **shown),
        act=lambda: service.withdraw(found, by=current_actor()),
        then=lambda _: saved("We have told the business.", PAGE, syndicate_id=found.syndicate_id),
    )
