"""Certifying: the investor alone, with figures and details; what was signed can be read again, and withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.rules import device_of
from crm.angels.investors.forms.certifying import CertificateForm, ExperienceForm, NetWorthForm
from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.policy import POLICY, is_own, own_admission
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import thresholds_on
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.gate import MONTHS_OF_A_STATEMENT, why_closed
from crm.angels.investors.service import certifying as service
from crm.angels.investors.service.certifying import Signing
from crm.angels.investors.views.network import own_angel
from crm.angels.investors.views.signed import standing_of
from crm.angels.investors.workflow import Act, Ground
from crm.documents.papers import file_answer, stored_first
from crm.documents.queries import document
from crm.documents.service import Stored, Subject, keep
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import NotFound
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import open_acts, permits

blueprint = Blueprint("certifications", __name__)
permit = permits(POLICY)
TRIED = "the statement that was refused, and why"


@blueprint.get("/angels/certify")
@permit(Act.CERTIFY, audience=Audience.MEMBER)
def certify() -> ResponseReturnValue:
    """The three grounds, in plain words."""
    own_angel()
    return render_template("angels/investors/certify.html", law=thresholds_on(today()))


def _signing(form: NetWorthForm | ExperienceForm | CertificateForm) -> Signing:
    agent = device_of(request.user_agent.string)
    return Signing(form.signed_name.data or "", request.remote_addr or "unknown", agent)


def _words(ground: Ground) -> dict[str, Any]:
    """The words of a statement as they are today, marked where no lawyer signed them off; and the law's figures."""
    wording = queries.wording_on(ground, on=today())
    shown = {"law": thresholds_on(today()), "wording": wording, "months": MONTHS_OF_A_STATEMENT}
    return shown | {"service_title": settings().service_name}


def _net_worth_page(form: Form) -> str:
    return render_template("angels/investors/net_worth.html", form=form, **_words(Ground.HIGH_NET_WORTH))


def _experience_page(form: Form) -> str:
    return render_template("angels/investors/experience.html", form=form, **_words(Ground.SELF_CERTIFIED))


def _certificate_page(form: Form) -> str:
    return render_template("angels/investors/certificate.html", form=form, **_words(Ground.CERTIFIED))


def _done(made: Certification) -> str:
    words = f"Statement signed. It is valid until {day_in_words(made.last_day)}."
    if made.ground is Ground.CERTIFIED:
        words = "Statement signed. We check your certificate before pitches open to you."
    return saved(words, "certifications.certification", certification_id=made.id)


@blueprint.route("/angels/certify/net-worth", methods=["GET", "POST"])
@permit(Act.CERTIFY, audience=Audience.MEMBER, leaves_trace=TRIED)
def net_worth() -> ResponseReturnValue:
    """As a high net worth individual."""
    found, form = own_angel(), NetWorthForm.of_request()
    return answer(
        form,
        page=lambda: _net_worth_page(form),
        act=lambda: service.certify_net_worth(found, form.said(), signing=_signing(form), by=current_actor()),
        then=_done,
    )


@blueprint.route("/angels/certify/experience", methods=["GET", "POST"])
@permit(Act.CERTIFY, audience=Audience.MEMBER, leaves_trace=TRIED)
def experience() -> ResponseReturnValue:
    """As a self-certified sophisticated investor."""
    found, form = own_angel(), ExperienceForm.of_request()
    return answer(
        form,
        page=lambda: _experience_page(form),
        act=lambda: _experienced(found, form),
        then=_done,
    )


def _experienced(found: Angel, form: ExperienceForm) -> Certification:
    name, signing = settings().service_name, _signing(form)
    return service.certify_experience(
        found, form.said(), network_name=name, signing=signing, by=current_actor()
    )


@blueprint.route("/angels/certify/certificate", methods=["GET", "POST"])
@permit(Act.CERTIFY, audience=Audience.MEMBER, leaves_trace=TRIED, takes_files=True)
def certificate() -> ResponseReturnValue:
    """With the certificate of an authorised person."""
    own_angel()
    form = CertificateForm.of_request()
    paper = stored_first(lambda: [form.file.data])
    return answer(
        form,
        page=lambda: _certificate_page(form),
        first=paper,
        act=lambda: _certified(form, *paper.result),
        then=_done,
    )


def _certified(form: CertificateForm, paper: Stored) -> Certification:
    actor, words = current_actor(), form.kinds_in_words()
    made = service.certify_certificate(
        own_angel(), form.said(), kinds_in_words=words, signing=_signing(form), by=actor
    )
    kept = keep(paper, Subject("certification", made.id), by=actor)
    service.attach(made, kept, by=actor)
    return made


@blueprint.get("/certifications/<uuid:certification_id>")
@permit(Act.VIEW_CERTIFICATION, audience=Audience.MEMBER, load=queries.certification)
def certification(found: Certification) -> ResponseReturnValue:
    """What was signed, word for word, with its digest."""
    return _certification_page(found, ReasonForm())


def _certification_page(found: Certification, form: Form) -> str:
    acts = open_acts(found, policy=POLICY, also=(Act.REVOKE, Act.CONFIRM))
    shown = {act.name.lower() for act in acts}
    return render_template(
        "angels/investors/certification.html",
        certification=found,
        form=form,
        may=shown,
        labels=labels,
        standing=standing_of(found),
        **_next_of(found),
    )


def _next_of(found: Certification) -> dict[str, Any]:
    """What the person who signed a statement can do next; nothing for anyone else."""
    actor = current_actor()
    is_theirs = is_own(actor, found)
    closed = why_closed(own_admission(actor), on=today()) if is_theirs else None
    return {"is_theirs": is_theirs, "closed": closed}


@blueprint.get("/certifications/<uuid:certification_id>/certificate")
@permit(Act.VIEW_CERTIFICATION, audience=Audience.MEMBER, load=queries.certification_with_file)
def certificate_file(found: Certification) -> ResponseReturnValue:
    """The certificate of the authorised person, to be saved."""
    kept = document(found.document_id) if found.document_id else None
    if kept is None:
        raise NotFound("There is nothing here.")
    return file_answer(kept)


@blueprint.post("/certifications/<uuid:certification_id>/confirm")
@permit(Act.CONFIRM, audience=Audience.INTERNAL, load=queries.certification)
def confirm(found: Certification) -> ResponseReturnValue:
    """Say that the certificate is what the investor states."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _certification_page(found, ReasonForm()),
        act=lambda: service.confirm(found, by=current_actor()),
        then=lambda _: saved(
            "Certificate confirmed.", "certifications.certification", certification_id=found.id
        ),
    )


@blueprint.post("/certifications/<uuid:certification_id>/revoke")
@permit(Act.REVOKE, audience=Audience.MEMBER, load=queries.certification)
def revoke(found: Certification) -> ResponseReturnValue:
    """Withdraw a statement."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _certification_page(found, form),
        act=lambda: service.revoke(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Statement withdrawn. It no longer opens pitches.",
            "certifications.certification",
            certification_id=found.id,
        ),
    )
