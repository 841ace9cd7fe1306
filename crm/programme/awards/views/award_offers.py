"""Preparing, checking, previewing and sending the offer of an award, and its letter as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from crm.documents.papers import file_answer, stored_first
from crm.documents.service import Upload
from crm.gateways.companies_house import register_from_key
from crm.kernel.errors import PREVIEWED, Changed, Refusal
from crm.kernel.permissions import Audience
from crm.programme.awards.forms import (
    ROWS,
    OfferForm,
    SendAgainForm,
    SendForm,
    StandingForm,
    values_at_first,
    values_of,
)
from crm.programme.awards.models import Award
from crm.programme.awards.papers import offer_pdf, told
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards as queries
from crm.programme.awards.queries.asked import purpose_of
from crm.programme.awards.queries.checks import checks_of, known
from crm.programme.awards.rules.offering import said_of
from crm.programme.awards.service import preparing, sending
from crm.programme.awards.service.preparing import Standing
from crm.programme.awards.service.sending import Paper
from crm.programme.awards.views.awards import HERE, letter_of, stored_letter, to_award
from crm.programme.awards.workflow import MACHINE, Act
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries.candidates import strand_of
from crm.programme.cohort.queries.decisions import decision
from crm.programme.cohort.queries.headroom import unfit, why_no_offer
from crm.web.extracts import pdf_response
from crm.web.forms import answer, done
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import asked_by_actor, permits
from crm.web.seen import seen_version

blueprint = Blueprint("award_offers", __name__)
permit = permits(POLICY)


@blueprint.route("/decisions/<uuid:decision_id>/offer", methods=["GET", "POST"])
@permit(Act.PREPARE, audience=Audience.INTERNAL, load=decision, unless=preparing.why_not_prepared)
def prepare(found: Decision) -> ResponseReturnValue:
    """Prepare the offer of an award."""
    values = values_at_first(strand_of(found.application), purpose_of(found.application))
    form = OfferForm.of_request(**values).of_lines(found.cohort.line)
    return answer(
        form,
        page=lambda: _offer_form_page(form, found),
        act=lambda: preparing.prepare(found, form.details(), by=current_actor()),
        then=lambda made: to_award("Offer prepared. Check the company; then another person sends it.", made),
    )


def _offer_form_page(form: OfferForm, about: Decision, found: Award | None = None) -> str:
    shown: dict[str, Any] = {"form": form, "decision": about, "award": found, "rows": ROWS}
    shown |= {"capital": preparing.capital_of(about), "latest": preparing.latest_of(about)}
    shown["past_limit"] = [why_no_offer(about, fit) for fit in unfit([about]).values()]
    return render_template("programme/awards/offer_form.html", **shown)


@blueprint.route(f"{HERE}/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.award, machine=MACHINE)
def change(found: Award) -> ResponseReturnValue:
    """Change an offer before it is sent."""
    form = OfferForm.of_request(**values_of(found)).of_lines(found.line)
    return answer(
        form,
        page=lambda: _offer_form_page(form, found.decision, found),
        act=lambda: preparing.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: to_award("Offer saved. Another person sends it.", found),
    )


@blueprint.post(f"{HERE}/check-company")
@permit(Act.CHECK_COMPANY, audience=Audience.INTERNAL, load=queries.award, machine=MACHINE)
def check_company(found: Award) -> ResponseReturnValue:
    """Ask Companies House for the status of the company. Where it cannot say, its status is recorded by hand."""
    try:
        standing = _as_registered(found)
    except Refusal as refusal:
        form = StandingForm.of_request(version=found.version)
        form.refuse(refusal)
        return make_response(_record_company_page(form, found), refusal.status)
    preparing.check_company(found, standing, version=seen_version(), by=current_actor())
    return done(to_award(f"Checked: {said_of(standing.status)}.", found))


def _as_registered(found: Award) -> Standing:
    known = settings()
    register = register_from_key(known.companies_house_key, base_url=known.companies_house_url)
    return preparing.ask_register(found, register, secret=known.secret_key)


@blueprint.route(f"{HERE}/company-by-hand", methods=["GET", "POST"])
@permit(
    Act.CHECK_COMPANY,
    audience=Audience.INTERNAL,
    load=queries.award,
    machine=MACHINE,
    unless=preparing.why_not_by_hand,
)
def record_company(found: Award) -> ResponseReturnValue:
    """Record the status of the company by hand, with how it is known."""
    form = StandingForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _record_company_page(form, found),
        act=lambda: preparing.check_company(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: to_award("Company status recorded.", found),
    )


def _record_company_page(form: StandingForm, found: Award) -> str:
    shown: dict[str, Any] = {"form": form, "newest": known(found), "said_of": said_of}
    shown["why_not_by_hand"] = preparing.why_not_by_hand(found)
    return render_template("programme/awards/record_company.html", award=found, **shown)


@blueprint.route(f"{HERE}/send", methods=["GET", "POST"])
@permit(
    Act.OFFER,
    audience=Audience.INTERNAL,
    load=queries.award,
    machine=MACHINE,
    unless=asked_by_actor(sending.why_not_sent),
)
def offer(found: Award) -> ResponseReturnValue:
    """Read the grant offer letter once more, and send it."""
    form = SendForm.of_request(seen=sending.preview_of(found))
    letter = stored_first(lambda: [_letter(form, found)])
    return answer(
        form,
        page=lambda: _offer_page(form, found),
        first=letter,
        act=lambda: sending.offer(found, Paper(letter.result[0], form.seen.data), by=current_actor()),
        then=lambda _: to_award("Grant offer sent.", found),
    )


def _offer_page(form: SendForm, found: Award) -> str:
    shown: dict[str, Any] = {"form": form, "told": told(found)}
    shown |= {
        "letter": sending.letter_of(found, "award_offer"),
        "checks": checks_of(found),
        "said_of": said_of,
    }
    return render_template("programme/awards/offer.html", award=found, **shown)


def _letter(form: SendForm, found: Award) -> Upload:
    """The letter as its preview showed it. The verb refuses what changed while it was stored."""
    if form.seen.data != sending.preview_of(found):
        raise Changed(PREVIEWED)
    return Upload(sending.name_of_letter(found), offer_pdf(found, settings()))


@blueprint.route(f"{HERE}/send-again", methods=["GET", "POST"])
@permit(
    Act.SEND_AGAIN,
    audience=Audience.INTERNAL,
    load=queries.award,
    machine=MACHINE,
    unless=sending.why_ending,
)
def send_again(found: Award) -> ResponseReturnValue:
    """Send the offer again, with the same or a later last day to accept."""
    form = SendAgainForm.of_request(version=found.version, offer_expires_on=found.offer_expires_on)
    return answer(
        form,
        page=lambda: _send_again_page(form, found),
        act=lambda: sending.send_again(
            found, form.offer_expires_on.data, version=form.version.data, by=current_actor()
        ),
        then=lambda _: to_award("Offer sent again.", found),
    )


def _send_again_page(form: SendAgainForm, found: Award) -> str:
    readers = [each.name for each in sending.owners_of(found, current_actor().account_id)]
    return render_template("programme/awards/send_again.html", form=form, award=found, readers=readers)


@blueprint.get(f"{HERE}/preview.pdf")
@permit(Act.OFFER, audience=Audience.INTERNAL, load=queries.award, machine=MACHINE)
def preview(found: Award) -> Response:
    """The letter as it would be sent now."""
    return pdf_response("grant-offer-preview.pdf", offer_pdf(found, settings()))


@blueprint.get(f"{HERE}/letter.pdf")
@permit(Act.VIEW, audience=Audience.MEMBER, load=letter_of)
def letter(found: Award) -> Response:
    """The grant offer letter exactly as it was sent."""
    return file_answer(stored_letter(found))
