"""Evidence that milestones are met: handed in by the business, checked by a programme manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.policy import is_theirs
from crm.documents.forms import UploadsForm, not_added
from crm.documents.models import Document
from crm.documents.papers import file_answer, stored_first
from crm.documents.queries import documents_about
from crm.documents.rules import ACCEPT, TAKEN
from crm.documents.service import Stored
from crm.kernel.permissions import Audience
from crm.programme.claims.forms.claims import EvidenceForm, EvidenceWordsForm, ReasonForm
from crm.programme.claims.models import AwardClaim, MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import evidence as queries
from crm.programme.claims.queries.claims import open_claim_of
from crm.programme.claims.queries.evidence import EVIDENCE_TABLE, MilestoneOf, milestone_of
from crm.programme.claims.service import evidence as service
from crm.programme.claims.views.showing import added_in_words, last_saved, words
from crm.programme.claims.workflow import EVIDENCE as MACHINE
from crm.programme.claims.workflow import Act, ClaimStatus, EvidenceStatus
from crm.web.forms import answer, beside, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.seen import seen_version

blueprint = Blueprint("milestone_evidence", __name__)
permit = permits(POLICY)
PAGE = "milestone_evidence.evidence"
BEGUN = "Saved. Your evidence is not handed in yet."
HERE = "/milestone-evidence/<uuid:evidence_id>"


@blueprint.route("/awards/<uuid:award_id>/milestones/<uuid:milestone_id>/evidence", methods=["GET", "POST"])
@permit(
    Act.BEGIN_EVIDENCE,
    audience=Audience.MEMBER,
    load=milestone_of,
    unless=service.why_not_begun,
    takes_files=True,
)
def begin(found: MilestoneOf) -> ResponseReturnValue:
    """Begin the evidence for a milestone, or go on with what was begun."""
    begun = queries.draft_for(found.milestone.id)
    if begun is not None and request.method == "GET":
        return redirect(url_for(PAGE, evidence_id=begun.id), 303)
    return _begin(found)


def _begin(found: MilestoneOf) -> ResponseReturnValue:
    last = queries.last_sent_back(found.milestone.id)
    form = EvidenceForm.of_request(words=last.words if last else "")
    papers = stored_first(lambda: form.file.data or ())
    return answer(
        form,
        page=lambda: _begin_page(form, found, last),
        first=papers,
        act=lambda: _begun(form, found, papers.result),
        then=lambda made: _to_page(beside(not_added(form.file), BEGUN), made),
    )


def _begun(form: EvidenceForm, found: MilestoneOf, papers: Sequence[Stored]) -> MilestoneEvidence:
    return service.begin(found, words=form.words.data or "", papers=papers, by=current_actor())


def _begin_page(form: EvidenceForm, found: MilestoneOf, last: MilestoneEvidence | None) -> str:
    shown: dict[str, Any] = {"award": found.award, "milestone": found.milestone, "last": last}
    return render_template("programme/claims/begin.html", form=form, accept=ACCEPT, taken=TAKEN, **shown)


def _to_page(said: str, found: MilestoneEvidence) -> str:
    return saved(said, PAGE, evidence_id=found.id)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.evidence)
def evidence(found: MilestoneEvidence) -> ResponseReturnValue:
    """What was handed in, and what became of it."""
    acts = open_acts(found, policy=POLICY, machine=MACHINE)
    shown: dict[str, Any] = {"evidence": found, "acts": acts}
    shown["may_read"] = may_read = POLICY.allows(current_actor(), Act.READ, found)
    shown["files"] = documents_about(EVIDENCE_TABLE, found.id) if may_read else ()
    shown["saved_at"] = None if may_read else last_saved(found)
    shown |= {"is_own": is_theirs(current_actor(), found), "why_not_ready": service.why_not_handed_in(found)}
    shown |= {"may_again": _may_again(found), "claim": _claim_that_waits(found)}
    shown["may_edit"] = found.status is EvidenceStatus.DRAFT and Act.HAND_IN in acts
    shown["trail"] = () if shown["is_own"] or not may_read else entries_about(found)
    return render_template("programme/claims/evidence.html", Act=Act, words=words(), **shown)


def _claim_that_waits(found: MilestoneEvidence) -> AwardClaim | None:
    """The claim for a milestone that is met which this person can decide now."""
    claim = open_claim_of(found.milestone_id) if found.status is EvidenceStatus.ACCEPTED else None
    waits = claim is not None and claim.status is ClaimStatus.SUBMITTED
    return claim if waits and POLICY.allows(current_actor(), Act.APPROVE, claim) else None


def _may_again(found: MilestoneEvidence) -> bool:
    """Whether this person can hand in more, for what was sent back."""
    about = MilestoneOf(found.award, found.milestone)
    may = found.status is EvidenceStatus.SENT_BACK and POLICY.allows(
        current_actor(), Act.BEGIN_EVIDENCE, about
    )
    return may and service.why_not_begun(about) is None


@blueprint.route(f"{HERE}/change", methods=["GET", "POST"])
@permit(Act.EDIT_EVIDENCE, audience=Audience.MEMBER, load=queries.evidence, unless=service.why_not_edited)
def edit(found: MilestoneEvidence) -> ResponseReturnValue:
    """Change the words of evidence that is not handed in."""
    form = EvidenceWordsForm.of_request(words=found.words, version=found.version)
    said, seen = form.words.data or "", form.version.data
    return answer(
        form,
        page=lambda: render_template("programme/claims/edit.html", form=form, evidence=found),
        act=lambda: service.edit(found, words=said, version=seen, by=current_actor()),
        then=lambda _: _to_page("Saved. Your evidence is not handed in yet.", found),
    )


@blueprint.route(f"{HERE}/files", methods=["GET", "POST"])
@permit(
    Act.ADD_FILES,
    audience=Audience.MEMBER,
    load=queries.evidence,
    unless=service.why_not_edited,
    takes_files=True,
)
def add_files(found: MilestoneEvidence) -> ResponseReturnValue:
    """Add files to evidence that is not handed in."""
    form = UploadsForm.of_request()
    shown: dict[str, Any] = {"evidence": found, "accept": ACCEPT, "taken": TAKEN}
    papers = stored_first(lambda: form.file.data)
    return answer(
        form,
        page=lambda: render_template("programme/claims/add_files.html", form=form, **shown),
        first=papers,
        act=lambda: service.add_files(found, papers.result, by=current_actor()),
        then=lambda made: _to_page(added_in_words(made, not_added(form.file)), found),
    )


@dataclass(frozen=True)
class Shown:
    """A file of some evidence."""

    evidence: MilestoneEvidence
    document: Document

    @property
    def business(self) -> Business:
        """Whose evidence it is."""
        return self.evidence.business

    @property
    def stands_on(self) -> MilestoneEvidence:
        """On whose page it is shown."""
        return self.evidence

    @property
    def is_unsent(self) -> bool:
        """Whether the evidence was not handed in."""
        return self.evidence.is_unsent


def _shown(evidence_id: UUID, document_id: UUID) -> Shown | None:
    found, kept = queries.evidence(evidence_id), queries.file_of(evidence_id, document_id)
    return Shown(found, kept) if found and kept else None


@blueprint.get(f"{HERE}/files/<uuid:document_id>")
@permit(Act.READ, audience=Audience.MEMBER, load=_shown)
def file(found: Shown) -> ResponseReturnValue:
    """A file, to be saved."""
    return file_answer(found.document)


def _why_not_edited(found: Shown) -> str | None:
    return service.why_not_edited(found.evidence)


@blueprint.post(f"{HERE}/files/<uuid:document_id>/remove")
@permit(Act.DROP_FILE, audience=Audience.MEMBER, load=_shown, unless=_why_not_edited)
def remove_file(found: Shown) -> ResponseReturnValue:
    """Remove a file from evidence that is not handed in."""
    service.remove_file(found.evidence, found.document, by=current_actor())
    return done(_to_page(f"File {found.document.name} removed.", found.evidence))


@blueprint.post(f"{HERE}/hand-in")
@permit(Act.HAND_IN, audience=Audience.MEMBER, load=queries.evidence, machine=MACHINE)
def hand_in(found: MilestoneEvidence) -> ResponseReturnValue:
    """Hand in evidence."""
    service.hand_in(found, version=seen_version(), by=current_actor())
    return done(_to_page("Evidence handed in. We will check it and write to you.", found))


@blueprint.post(f"{HERE}/take-back")
@permit(Act.TAKE_BACK, audience=Audience.MEMBER, load=queries.evidence, machine=MACHINE)
def take_back(found: MilestoneEvidence) -> ResponseReturnValue:
    """Take back evidence that is being checked."""
    service.take_back(found, by=current_actor())
    return done(_to_page("Taken back. Change it, then hand it in again.", found))


@blueprint.post(f"{HERE}/accept")
@permit(Act.ACCEPT, audience=Audience.INTERNAL, load=queries.evidence, machine=MACHINE)
def accept(found: MilestoneEvidence) -> ResponseReturnValue:
    """Confirm that the milestone is met."""
    service.accept(found, version=seen_version(), by=current_actor())
    return done(_to_page("Milestone confirmed as met. We have written to the business.", found))


@blueprint.route(f"{HERE}/send-back", methods=["GET", "POST"])
@permit(Act.SEND_BACK, audience=Audience.INTERNAL, load=queries.evidence, machine=MACHINE)
def send_back(found: MilestoneEvidence) -> ResponseReturnValue:
    """Send evidence back with what is missing."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/claims/send_back.html", form=form, evidence=found),
        act=lambda: service.send_back(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _to_page("Evidence sent back. We have written to the business.", found),
    )
