"""The SEIS and EIS papers of a raise: what was sent when, what is due, and the certificate of each investor."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.deals.models import Investment
from crm.angels.holdings.forms import CertificateForm, FilingForm, filing_values
from crm.angels.holdings.policy import POLICY
from crm.angels.holdings.queries import papers as queries
from crm.angels.holdings.queries.papers import CertificateFile, Papers, Show
from crm.angels.holdings.service import filing as service
from crm.angels.holdings.views.holdings import words
from crm.angels.holdings.workflow import Act
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.documents.papers import file_answer, stored_first
from crm.documents.rules import ACCEPT, TAKEN
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits

blueprint = Blueprint("share_papers", __name__)
permit = permits(POLICY)
PAGE = "share_papers.of_raise"
ROWS = 50


@blueprint.get("/relief-papers")
@permit(Act.LIST_PAPERS, audience=Audience.INTERNAL)
def all_papers() -> ResponseReturnValue:
    """The papers of every issue of shares, for the network: the late ones first, each with its business to ask."""
    show = Show(chosen("show", set(Show), default=Show.LATE))
    found = queries.papers_to(show, on=today())
    shown: dict[str, Any] = {"page": numbered(found, size=ROWS), "count": len(found), "show": show}
    return render_template("angels/holdings/all_papers.html", today=today(), **shown, **words())


@blueprint.get("/raises/<uuid:pitch_id>/papers")
@permit(Act.VIEW, audience=Audience.MEMBER, load=pitch)
def of_raise(found: Pitch) -> ResponseReturnValue:
    """What was sent, what is due, and who has a certificate."""
    actor = current_actor()
    shown: dict[str, Any] = {"pitch": found, "papers": queries.papers_of(found.id), "today": today()}
    shown["can_record"] = actor.seen_by is None and POLICY.allows(actor, Act.RECORD, found)
    return render_template("angels/holdings/of_raise.html", **shown, **words())


@blueprint.route("/raises/<uuid:pitch_id>/papers/<uuid:investment_id>", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.MEMBER, load=queries.papers_for)
def record(found: Papers) -> ResponseReturnValue:
    """Record where the papers of one issue of shares stand."""
    known = filing_values(found.filing) or _known(found)
    form = FilingForm.of_request(**known).about(found.relief)
    return answer(
        form,
        page=lambda: _record_page(form, found),
        act=lambda: service.record(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved(
            f"Papers saved for the shares issued on {found.issued}.", PAGE, pitch_id=found.pitch.id
        ),
    )


def _known(found: Papers) -> dict[str, date | None]:
    """What the business has recorded for other shares and is not asked again: when trading began, and advance assurance of this raise."""
    others = queries.other_filings(found)
    same = [each for each in others if (each.pitch_id, each.relief) == (found.pitch.id, found.relief)]
    return {
        "trading_from": next((each.trading_from for each in others if each.trading_from), None),
        "assured_on": next((each.assured_on for each in same if each.assured_on), None),
    }


def _record_page(form: Form, found: Papers) -> str:
    return render_template("angels/holdings/record.html", form=form, papers=found, **words())


@blueprint.route("/holdings/<uuid:investment_id>/certificate", methods=["GET", "POST"])
@permit(
    Act.CERTIFY,
    audience=Audience.MEMBER,
    load=queries.investment,
    unless=service.why_not_certified,
    takes_files=True,
)
def certify(found: Investment) -> ResponseReturnValue:
    """Give an investor their certificate."""
    form = CertificateForm.of_request()
    paper, day = stored_first(lambda: [form.file.data]), form.given_on.data
    return answer(
        form,
        page=lambda: _certify_page(form, found),
        first=paper,
        act=lambda: service.certify(found, *paper.result, given_on=day, by=current_actor()),
        then=lambda _: saved("Certificate given.", PAGE, pitch_id=found.pitch_id),
    )


def _certify_page(form: Form, found: Investment) -> str:
    shown: dict[str, Any] = {"investment": found, "accept": ACCEPT, "taken": TAKEN}
    return render_template("angels/holdings/certify.html", form=form, **shown, **words())


@blueprint.get("/holdings/<uuid:investment_id>/certificate/<uuid:document_id>")
@permit(Act.READ, audience=Audience.MEMBER, load=queries.certificate_file)
def certificate(found: CertificateFile) -> ResponseReturnValue:
    """The certificate, to be saved: for its investor and the business alone."""
    return file_answer(found.file)


@blueprint.post("/holdings/<uuid:investment_id>/certificate/<uuid:document_id>/remove")
@permit(Act.REMOVE, audience=Audience.MEMBER, load=queries.certificate_file)
def remove(found: CertificateFile) -> ResponseReturnValue:
    """Remove a certificate that was given by mistake."""
    service.remove(found, by=current_actor())
    return done(saved("Certificate removed. We have told the investor.", PAGE, pitch_id=found.pitch.id))
