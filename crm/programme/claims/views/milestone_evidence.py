"""Evidence that milestones are met: handed in by the business, checked by a programme manager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.documents.models import Document
from crm.documents.papers import file_answer, store
from crm.documents.queries import documents_about
from crm.documents.rules import ACCEPT, TAKEN
from crm.kernel.permissions import Audience
from crm.programme.claims.forms.claims import EvidenceForm, ReasonForm
from crm.programme.claims.models import MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import evidence as queries
from crm.programme.claims.queries.evidence import EVIDENCE, MilestoneOf, milestone_of
from crm.programme.claims.service import evidence as service
from crm.programme.claims.views.showing import words
from crm.programme.claims.workflow import EVIDENCE as MACHINE
from crm.programme.claims.workflow import Act
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("milestone_evidence", __name__)
permit = permits(POLICY)
PAGE = "award_claims.claims_of_award"


@blueprint.route("/awards/<uuid:award_id>/milestones/<uuid:milestone_id>/evidence", methods=["GET", "POST"])
@permit(
    Act.HAND_IN,
    audience=Audience.MEMBER,
    load=milestone_of,
    unless=service.why_not_handed_in,
    takes_files=True,
)
def hand_in(found: MilestoneOf) -> ResponseReturnValue:
    """Hand in evidence for a milestone."""
    form = EvidenceForm.of_request()
    said, upload = form.words.data or "", form.file.data
    shown: dict[str, Any] = {"award": found.award, "milestone": found.milestone, "accept": ACCEPT}
    return answer(
        form,
        page=lambda: render_template("programme/claims/hand_in.html", form=form, taken=TAKEN, **shown),
        act=lambda: service.hand_in(found, words=said, upload=upload, files=store(), by=current_actor()),
        then=lambda _: saved("Evidence handed in. We will check it.", PAGE, award_id=found.award.id),
    )


@blueprint.get("/milestone-evidence/<uuid:evidence_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.evidence)
def evidence(found: MilestoneEvidence) -> ResponseReturnValue:
    """What was handed in, and what became of it."""
    acts = open_acts(found, policy=POLICY, machine=MACHINE)
    shown: dict[str, Any] = {"evidence": found, "files": documents_about(EVIDENCE, found.id), "acts": acts}
    return render_template("programme/claims/evidence.html", Act=Act, words=words(), **shown)


@dataclass(frozen=True)
class Shown:
    """A file of some evidence."""

    evidence: MilestoneEvidence
    document: Document

    @property
    def business(self) -> Business:
        """Whose evidence it is."""
        return self.evidence.business


def _shown(evidence_id: UUID, document_id: UUID) -> Shown | None:
    found, kept = queries.evidence(evidence_id), queries.file_of(evidence_id, document_id)
    return Shown(found, kept) if found and kept else None


@blueprint.get("/milestone-evidence/<uuid:evidence_id>/files/<uuid:document_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=_shown)
def file(found: Shown) -> ResponseReturnValue:
    """A file, to be saved."""
    return file_answer(found.document)


@blueprint.post("/milestone-evidence/<uuid:evidence_id>/accept")
@permit(Act.ACCEPT, audience=Audience.INTERNAL, load=queries.evidence, machine=MACHINE)
def accept(found: MilestoneEvidence) -> ResponseReturnValue:
    """Confirm that the milestone is met."""
    service.accept(found, by=current_actor())
    words = "Milestone confirmed as met. We have written to the business."
    return done(saved(words, "milestone_evidence.evidence", evidence_id=found.id))


@blueprint.route("/milestone-evidence/<uuid:evidence_id>/send-back", methods=["GET", "POST"])
@permit(Act.SEND_BACK, audience=Audience.INTERNAL, load=queries.evidence, machine=MACHINE)
def send_back(found: MilestoneEvidence) -> ResponseReturnValue:
    """Send evidence back with what is missing."""
    form = ReasonForm.of_request()
    page, words = "milestone_evidence.evidence", "Evidence sent back. We have written to the business."
    return answer(
        form,
        page=lambda: render_template("programme/claims/send_back.html", form=form, evidence=found),
        act=lambda: service.send_back(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(words, page, evidence_id=found.id),
    )
