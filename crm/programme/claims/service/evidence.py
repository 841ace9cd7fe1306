"""Evidence that a milestone is met: handed in by the business, confirmed or sent back by a programme manager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.accounts.service.deciding import decide
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_shown
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.queries import documents_about
from crm.documents.service import Stored, Subject
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor
from crm.programme.awards.queries.awards import hold, path_to_account
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardClaim, MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import evidence as queries
from crm.programme.claims.queries.claims import claims_of, open_claim_of
from crm.programme.claims.queries.evidence import EVIDENCE_TABLE, MilestoneOf
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import EVIDENCE as MACHINE
from crm.programme.claims.workflow import Act, ClaimStatus, EvidenceStatus

NO_FILE = "Add a file that shows it"


def why_not_begun(found: MilestoneOf) -> str | None:
    """Why no evidence for a milestone can be written now."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "This award has ended, so nothing more can be handed in."
    if found.milestone.met_at is not None:
        return "This milestone is met. There is nothing more to hand in."
    waiting = queries.waiting_for(found.milestone.id)
    return "Your evidence is being checked. We will write to you." if waiting else None


def begin(found: MilestoneOf, *, words: str, papers: Sequence[Stored] = (), by: Actor) -> MilestoneEvidence:
    """Begin the evidence for a milestone: words and files. It is not handed in yet."""
    POLICY.require(by, Act.BEGIN_EVIDENCE, found)
    hold(found.award)
    refuse_if(why_not_begun(found))
    if queries.draft_for(found.milestone.id) is not None:
        raise Conflict("Evidence for this milestone has been started. Open it to change it or hand it in.")
    made = MilestoneEvidence(award_id=found.award.id, milestone_id=found.milestone.id, words=_said(words))
    made.handed_in_at, made.handed_in_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    kept = _keep(made, papers, by=by)
    told = created(milestone=found.milestone.title, files=_named(kept) or None)
    audit.record(Act.BEGIN_EVIDENCE, made, told, by=by)
    return made


def _said(words: str) -> str:
    if not says_something(words):
        raise Invalid("Say what you have done", field="words")
    return words.strip()


def _keep(made: MilestoneEvidence, papers: Sequence[Stored], *, by: Actor) -> list[Document]:
    about = Subject(EVIDENCE_TABLE, made.id)
    return [documents.keep(each, about, by=by) for each in papers]


def _named(kept: Sequence[Document]) -> str:
    return ", ".join(each.name for each in kept)


def why_not_edited(found: MilestoneEvidence) -> str | None:
    """Why the words and files of some evidence cannot be changed now."""
    if found.status is EvidenceStatus.HANDED_IN:
        return "This evidence is being checked. Take it back first to change it."
    return (
        None if found.status is EvidenceStatus.DRAFT else "This evidence was decided, so it stays as it is."
    )


def _require_editable(found: MilestoneEvidence) -> None:
    hold(found.award)
    read_state_again(found)
    refuse_if(why_not_edited(found))


def edit(found: MilestoneEvidence, *, words: str, version: int | None = None, by: Actor) -> None:
    """Change the words of evidence that is not handed in."""
    POLICY.require(by, Act.EDIT_EVIDENCE, found)
    _require_editable(found)
    require_as_shown(found, version)
    changes = amend(found, words=_said(words))
    session().flush()
    audit.record(Act.EDIT_EVIDENCE, found, changes, by=by)


def add_files(found: MilestoneEvidence, papers: Sequence[Stored], *, by: Actor) -> Sequence[Document]:
    """Add files to evidence that is not handed in."""
    POLICY.require(by, Act.ADD_FILES, found)
    _require_editable(found)
    kept = _keep(found, papers, by=by)
    audit.record(Act.ADD_FILES, found, {"files": (None, _named(kept))}, by=by)
    return kept


def remove_file(found: MilestoneEvidence, document: Document, *, by: Actor) -> None:
    """Remove a file from evidence that is not handed in. The log keeps its name."""
    POLICY.require(by, Act.DROP_FILE, found)
    _require_editable(found)
    documents.remove(document)
    audit.record(Act.DROP_FILE, found, {"file": (document.name, None)}, by=by)


def why_not_handed_in(found: MilestoneEvidence) -> str | None:
    """Why evidence cannot be handed in as it is."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "This award has ended, so nothing more can be handed in."
    return None if documents_about(EVIDENCE_TABLE, found.id) else f"{NO_FILE} before you hand this in."


def hand_in(found: MilestoneEvidence, *, version: int | None = None, by: Actor) -> None:
    """Hand in the evidence that a milestone is met: in words, with at least one file."""
    POLICY.require(by, Act.HAND_IN, found)
    hold(found.award)
    read_state_again(found)
    MACHINE.target(Act.HAND_IN, found.status, thing=found)
    require_as_shown(found, version)
    refuse_if(why_not_handed_in(found))
    kept = _named(documents_about(EVIDENCE_TABLE, found.id))
    changes = advance(MACHINE, found, Act.HAND_IN)
    changes |= amend(found, handed_in_at=now(), handed_in_by_id=by.account_id)
    session().flush()
    audit.record(Act.HAND_IN, found, changes | {"files": (None, kept)}, by=by)


def take_back(found: MilestoneEvidence, *, by: Actor) -> None:
    """Take back evidence that is being checked, to change it and hand it in again."""
    POLICY.require(by, Act.TAKE_BACK, found)
    hold(found.award)
    read_state_again(found)
    changes = advance(MACHINE, found, Act.TAKE_BACK)
    session().flush()
    audit.record(Act.TAKE_BACK, found, changes, by=by)


def accept(found: MilestoneEvidence, *, version: int | None = None, by: Actor) -> None:
    """Confirm that a milestone is met. Its day stays the day that the offer fixed (P47)."""
    POLICY.require(by, Act.ACCEPT, found)
    require_as_shown(found, version)
    changes = _decide(found, Act.ACCEPT, reason="", by=by)
    waited = _waiting_for(found)
    amend(found.milestone, met_at=found.decided_at, met_by_id=by.account_id)
    session().flush()
    audit.record(Act.ACCEPT, found, changes, by=by)
    freed = sum((each.approved or NO_MONEY for each in waited if each.held_by is None), start=NO_MONEY)
    account = path_to_account(found.award.business_id) if freed else ""
    told = {"freed": freed.in_full() if freed else "", "account": account, **_still_late(found)}
    tell_business(found.award, "milestone_met", **_facts_once_met(found), **told, by=by)


def _still_late(found: MilestoneEvidence) -> dict[str, str]:
    """Another milestone that is overdue, as the letter says it: it holds the next payment (P47)."""
    others = (each for each in found.award.milestones if each.id != found.milestone_id)
    late = next((each for each in others if each.is_late(on=today())), None)
    return {"late": late.title, "late_due": day_in_words(late.due_on)} if late else {}


def _waiting_for(found: MilestoneEvidence) -> list[AwardClaim]:
    """The approved claims whose payment waits for this milestone, which is overdue."""
    approved = [each for each in claims_of(found.award_id) if each.status is ClaimStatus.APPROVED]
    late = [(each, each.held_by) for each in approved]
    return [each for each, held in late if held is not None and held.id == found.milestone_id]


def send_back(found: MilestoneEvidence, *, reason: str, by: Actor) -> None:
    """Send evidence back with what is missing: the business hands in more."""
    POLICY.require(by, Act.SEND_BACK, found)
    if not says_something(reason):
        raise Invalid("Say what is missing", field="reason")
    changes = _decide(found, Act.SEND_BACK, reason=reason.strip(), by=by)
    audit.record(Act.SEND_BACK, found, changes, by=by)
    tell_business(found.award, "milestone_sent_back", **_facts(found), reason=reason.strip(), by=by)


def _decide(found: MilestoneEvidence, act: Act, *, reason: str, by: Actor) -> Changes:
    hold(found.award)
    read_state_again(found)
    return decide(MACHINE, found, act, reason=reason, by=by)


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
