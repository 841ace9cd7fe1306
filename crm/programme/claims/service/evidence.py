"""Evidence that a milestone is met: handed in by the business, confirmed or sent back by a programme manager."""

from __future__ import annotations

from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.documents import service as documents
from crm.documents.service import Subject, Upload
from crm.gateways.files import Files
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.programme.awards.queries.awards import hold
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import evidence as queries
from crm.programme.claims.queries.claims import open_claim_of
from crm.programme.claims.queries.evidence import EVIDENCE, MilestoneOf
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import EVIDENCE as MACHINE
from crm.programme.claims.workflow import Act, ClaimStatus


def why_not_handed_in(found: MilestoneOf) -> str | None:
    """Why no evidence for a milestone can be handed in now."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "This award has ended, so nothing more can be handed in."
    if found.milestone.met_at is not None:
        return "This milestone is met. There is nothing more to hand in."
    waiting = queries.waiting_for(found.milestone.id)
    return "Your evidence is being checked. We will write to you." if waiting else None


def hand_in(
    found: MilestoneOf, *, words: str, upload: Upload | None = None, files: Files | None = None, by: Actor
) -> MilestoneEvidence:
    """Hand in what shows that a milestone is met: in words and, as a rule, with a file."""
    POLICY.require(by, Act.HAND_IN, found)
    hold(found.award)
    refuse_if(why_not_handed_in(found))
    if not words.strip():
        raise Invalid("Say what you have done", field="words")
    made = MilestoneEvidence(award_id=found.award.id, milestone_id=found.milestone.id, words=words.strip())
    made.handed_in_at, made.handed_in_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    kept = (
        documents.keep(upload, Subject(EVIDENCE, made.id), files=files, by=by) if upload and files else None
    )
    told = created(milestone=found.milestone.title, file=kept.name if kept else None)
    audit.record(Act.HAND_IN, made, told, by=by)
    return made


def accept(found: MilestoneEvidence, *, by: Actor) -> None:
    """Confirm that a milestone is met. Its day stays the day that the offer fixed (P47)."""
    POLICY.require(by, Act.ACCEPT, found)
    changes = _decide(found, Act.ACCEPT, reason="", by=by)
    amend(found.milestone, met_at=found.decided_at, met_by_id=by.account_id)
    session().flush()
    audit.record(Act.ACCEPT, found, changes, by=by)
    tell_business(found.award, "milestone_met", **_facts_once_met(found), by=by)


def send_back(found: MilestoneEvidence, *, reason: str, by: Actor) -> None:
    """Send evidence back with what is missing: the business hands in more."""
    POLICY.require(by, Act.SEND_BACK, found)
    if not reason.strip():
        raise Invalid("Say what is missing", field="reason")
    changes = _decide(found, Act.SEND_BACK, reason=reason.strip(), by=by)
    audit.record(Act.SEND_BACK, found, changes, by=by)
    tell_business(found.award, "milestone_sent_back", **_facts(found), reason=reason.strip(), by=by)


def _decide(
    found: MilestoneEvidence, act: Act, *, reason: str, by: Actor
) -> dict[str, tuple[object, object]]:
    hold(found.award)
    read_state_again(found)
    changes = advance(MACHINE, found, act)
    changes |= amend(found, decided_at=now(), decided_by_id=by.account_id, reason=reason)
    session().flush()
    return changes


def _facts(found: MilestoneEvidence) -> dict[str, str]:
    return {"path": f"/awards/{found.award_id}/claims", "milestone": found.milestone.title}


def _facts_once_met(found: MilestoneEvidence) -> dict[str, Any]:
    """The letter leads to the claim for the milestone where one is open, which may be being checked already."""
    claim = open_claim_of(found.milestone_id)
    if claim is None:
        return {**_facts(found), "claim": 0, "is_checked": False}
    is_checked = claim.status is ClaimStatus.SUBMITTED
    path = f"/award-claims/{claim.id}"
    return {**_facts(found), "path": path, "claim": claim.number, "is_checked": is_checked}
