"""Why each showing was lawful: of one investor, of one pitch, of oneself; on a page, as a table, as a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.investors.models import Angel
from crm.angels.investors.policy import reads_evidence
from crm.angels.investors.queries.angels import angel
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.papers import LEDGER_HEAD, Evidence, ledger_pdf, ledger_rows
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import ledger as queries
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.rules import labels
from crm.angels.pitches.workflow import Act
from crm.businesses.service.extracting import noting
from crm.figures.queries import figure_on
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response, pdf_response
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("ledger", __name__)
permit = permits(POLICY)
TAKEN_OUT = "who took which ledger out, and how many rows"
MOST_ON_PAPER = 5_000


@blueprint.get("/angels/mine/promotions")
@permit(Act.VIEW_OWN_LEDGER, audience=Audience.MEMBER)
def own_promotions() -> ResponseReturnValue:
    """What was shown to one, when, and on which statement that rested."""
    own = current_actor().account_id
    page = page_of(queries.promotions(account_id=own, cursor=cursor()))
    return render_template("angels/pitches/own_promotions.html", page=page, labels=labels)


@blueprint.get("/angels/<uuid:angel_id>/promotions")
@permit(Act.VIEW_LEDGER, audience=Audience.INTERNAL, load=angel)
def promotions(found: Angel) -> ResponseReturnValue:
    """Why each showing to this investor was lawful."""
    own = found.account_id
    page = page_of(queries.promotions(account_id=own, cursor=cursor())) if own else None
    return render_template("angels/pitches/promotions.html", angel=found, page=page, labels=labels)


def load_erasing(_actor: Actor, found: Angel) -> Mapping[str, Any]:
    """How many showings to an investor who is to be erased stay on record, and until when."""
    count, last = queries.shown_to(found.account_id) if found.account_id else (0, None)
    months = int(figure_on("angel.evidence_months", on=today()))
    return {"count": count, "last": last, "until": add_months(last, months) if last else None}


@blueprint.get("/raises/<uuid:pitch_id>/promotions")
@permit(Act.VIEW_LEDGER, audience=Audience.INTERNAL, load=pitch)
def pitch_promotions(found: Pitch) -> ResponseReturnValue:
    """Why each showing of this pitch was lawful."""
    whole = reads_evidence(current_actor())
    page = page_of(queries.promotions(pitch_id=found.id, with_erased=whole, cursor=cursor()))
    shown = {"page": page, "labels": labels, "is_whole": whole}
    return render_template("angels/pitches/pitch_promotions.html", pitch=found, **shown)


def _of_angel(found: Angel) -> Evidence:
    return Evidence(found.name, "Investor", queries.every_promotion(account_id=found.account_id))


def _of_pitch(found: Pitch) -> Evidence:
    about = f"{found.reference}, {found.business.name}"
    whole = reads_evidence(current_actor())
    return Evidence(found.headline, about, queries.every_promotion(pitch_id=found.id, with_erased=whole))


def _note_taken(found: Angel | Pitch, evidence: Evidence) -> None:
    """Keep who takes it out."""
    named = {found.__tablename__: [str(found.id)]}
    after(noting(Act.EXTRACT_LEDGER, named, rows=len(evidence.rows), by=current_actor()))


def _table(found: Angel | Pitch, evidence: Evidence) -> ResponseReturnValue:
    _note_taken(found, evidence)
    return csv_response("promotions.csv", LEDGER_HEAD, rows=ledger_rows(evidence.rows))


def _paper(found: Angel | Pitch, evidence: Evidence) -> ResponseReturnValue:
    if len(evidence.rows) > MOST_ON_PAPER:
        raise Conflict(
            f"There are more than {MOST_ON_PAPER:,} showings: too many for a PDF. Download the CSV instead."
        )
    _note_taken(found, evidence)
    return pdf_response("promotions.pdf", ledger_pdf(evidence, service_name=settings().service_name))


@blueprint.get("/angels/<uuid:angel_id>/promotions.csv")
@permit(Act.EXTRACT_LEDGER, audience=Audience.INTERNAL, load=angel, leaves_trace=TAKEN_OUT)
def extract(found: Angel) -> ResponseReturnValue:
    """Those of one investor as a table."""
    return _table(found, _of_angel(found))


@blueprint.get("/angels/<uuid:angel_id>/promotions.pdf")
@permit(Act.EXTRACT_LEDGER, audience=Audience.INTERNAL, load=angel, leaves_trace=TAKEN_OUT)
def paper(found: Angel) -> ResponseReturnValue:
    """The same as a paper, with every statement word for word."""
    return _paper(found, _of_angel(found))


@blueprint.get("/raises/<uuid:pitch_id>/promotions.csv")
@permit(Act.EXTRACT_LEDGER, audience=Audience.INTERNAL, load=pitch, leaves_trace=TAKEN_OUT)
def extract_pitch(found: Pitch) -> ResponseReturnValue:
    """Those of one pitch as a table."""
    return _table(found, _of_pitch(found))


@blueprint.get("/raises/<uuid:pitch_id>/promotions.pdf")
@permit(Act.EXTRACT_LEDGER, audience=Audience.INTERNAL, load=pitch, leaves_trace=TAKEN_OUT)
def pitch_paper(found: Pitch) -> ResponseReturnValue:
    """The same as a paper, with every statement word for word."""
    return _paper(found, _of_pitch(found))
