"""Making a claim: begun once for a milestone, costs with their invoices, checked and submitted with a declaration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_previewed, require_as_shown
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.service import Stored, Subject
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, refuse_all
from crm.kernel.marks import mark_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.kernel.signing import require_signed
from crm.programme.awards.queries.awards import hold
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardClaim, AwardCost, ClaimVersion
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries.claims import COST, CostOf
from crm.programme.claims.queries.evidence import MilestoneOf
from crm.programme.claims.rules.claiming import Cost, claimed, why_not_claimed, why_not_dated, why_too_much
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import CLAIMS, EDITABLE, Act

MOST_COSTS = 100


@dataclass(frozen=True)
class CostDetails:
    """One cost as a founder enters it, net of VAT."""

    paid_on: date
    supplier: str
    what: str
    claimed: Money
    own: Money


def why_not_begun(found: MilestoneOf) -> str | None:
    """Why nothing can be claimed for a milestone, whatever its evidence."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "Claims can be made from when the offer is accepted until the award ends."
    if not found.milestone.amount:
        return "No money is paid for this milestone."
    if queries.open_claim_of(found.milestone.id) is not None:
        return None
    gone = queries.taken(found.award.id).get(found.milestone.id, NO_MONEY)
    return None if gone < found.milestone.amount else "Everything that this milestone pays has been claimed."


def begin(found: MilestoneOf, *, by: Actor) -> AwardClaim:
    """Begin the claim for a milestone, or return the one that is open already."""
    POLICY.require(by, Act.BEGIN, found)
    hold(found.award)
    refuse_if(why_not_begun(found))
    known = queries.open_claim_of(found.milestone.id)
    if known is not None:
        return known
    number = queries.next_number(found.award.id)
    made = AwardClaim(award_id=found.award.id, milestone_id=found.milestone.id, number=number)
    made.begun_at, made.begun_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    audit.record(Act.BEGIN, made, created(number=number, milestone=found.milestone.title), by=by)
    return _whole(made)


def _whole(made: AwardClaim) -> AwardClaim:
    found = queries.claim(made.id)
    assert found is not None
    return found


def why_not_edited(found: AwardClaim) -> str | None:
    """Why the costs of a claim cannot be changed now."""
    return None if found.status in EDITABLE else "This claim was submitted, so it cannot be changed now."


def _require_editable(found: AwardClaim) -> None:
    hold(found.award)
    read_state_again(found)
    refuse_if(why_not_edited(found))


def require_sound(found: AwardClaim, details: CostDetails, *, besides: UUID | None = None) -> None:
    """Refuse what could never be submitted: £0, a day outside the award, more than remains (P43). Raises `Invalid`."""
    refuse_all(_faults_of(found, details, besides=besides))


def _faults_of(found: AwardClaim, details: CostDetails, *, besides: UUID | None) -> Iterator[Invalid]:
    terms = queries.terms_of(found)
    reason = why_not_dated(details.paid_on, terms, on=today())
    if reason:
        yield Invalid(reason, field="paid_on")
    if not details.claimed or details.claimed < NO_MONEY:
        yield Invalid("The amount you claim must be more than £0", field="claimed")
    others = sum((each.claimed for each in found.costs if each.id != besides), start=NO_MONEY)
    reason = why_too_much(others + details.claimed, terms)
    if reason:
        also = f". The other costs of this claim are {others.in_full()}" if others else ""
        yield Invalid(f"{reason}{also}", field="claimed")


def add_cost(found: AwardClaim, details: CostDetails, *, by: Actor) -> AwardCost:
    """Add a cost to a claim that is not submitted."""
    POLICY.require(by, Act.ADD_COST, found)
    _require_editable(found)
    if len(found.costs) >= MOST_COSTS:
        raise Conflict(f"A claim has {MOST_COSTS} costs at most. Submit this one, then make another.")
    require_sound(found, details)
    made = AwardCost(claim_id=found.id, **fields_of(details))
    session().add(made)
    session().flush()
    audit.record(Act.ADD_COST, found, created(**_said(details)), by=by)
    return made


def _said(details: CostDetails) -> dict[str, Any]:
    return {"supplier": details.supplier, "what": details.what, "cost": details.claimed}


def edit_cost(found: CostOf, details: CostDetails, *, version: int | None = None, by: Actor) -> None:
    """Change a cost of a claim that is not submitted."""
    POLICY.require(by, Act.EDIT_COST, found.claim)
    _require_editable(found.claim)
    require_as_shown(found.cost, version)
    require_sound(found.claim, details, besides=found.cost.id)
    changes = amend(found.cost, **fields_of(details), approved=None, reason="", why_again="")
    session().flush()
    audit.record(Act.EDIT_COST, found.claim, changes, by=by)


def remove_cost(found: CostOf, *, version: int | None = None, by: Actor) -> None:
    """Remove a cost with its files from a claim that is not submitted. What was submitted before stays in its version."""
    POLICY.require(by, Act.REMOVE_COST, found.claim)
    _require_editable(found.claim)
    require_as_shown(found.cost, version)
    for each in queries.files_of(found.claim)[found.cost.id]:
        documents.remove(each)
    session().delete(found.cost)
    session().flush()
    gone = {"supplier": (found.cost.supplier, None), "cost": (found.cost.claimed, None)}
    audit.record(Act.REMOVE_COST, found.claim, gone, by=by)


def attach(found: CostOf, *papers: Stored, by: Actor) -> Sequence[Document]:
    """Attach invoices or proofs of payment to a cost."""
    POLICY.require(by, Act.ATTACH, found.claim)
    _require_editable(found.claim)
    about = Subject(COST, found.cost.id)
    made = [documents.keep(each, about, by=by) for each in papers]
    told = {"files": (None, ", ".join(each.name for each in made)), "supplier": (None, found.cost.supplier)}
    audit.record(Act.ATTACH, found.claim, told, by=by)
    return made


def remove_file(found: CostOf, document: Document, *, by: Actor) -> None:
    """Remove a file from a cost of a claim that is not submitted."""
    POLICY.require(by, Act.REMOVE_FILE, found.claim)
    _require_editable(found.claim)
    documents.remove(document)
    audit.record(Act.REMOVE_FILE, found.claim, {"file": (document.name, None)}, by=by)


def why_not_ready(found: AwardClaim) -> str | None:
    """Why a claim cannot be submitted as it is: what is lacking, or more than remains (P43)."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "This award has ended, so nothing more can be claimed."
    terms, met = queries.terms_of(found), queries.is_met(found.milestone)
    return why_not_claimed(queries.costs_of(found), terms, is_met=met, on=today())


def mark_of_claim(found: AwardClaim) -> str:
    """The mark of what the check page shows of a claim: its costs as they will be kept, and whose and for what it is."""
    kept = [[file.id for file in files] for files in queries.files_of(found).values()]
    decided = [(each.approved, each.reason) for each in found.costs]
    return mark_of(found.business.name, found.milestone.title, as_submitted(found), kept, decided)


def submit(found: AwardClaim, *, declared_by: str, seen: str | None = None, by: Actor) -> None:
    """Submit a claim with a signed declaration. Two for the last of the money: one is refused (P43)."""
    POLICY.require(by, Act.SUBMIT, found)
    hold(found.award)
    read_state_again(found)
    CLAIMS.target(Act.SUBMIT, found.status, thing=found)
    require_as_previewed(seen, mark_of_claim(found))
    refuse_if(why_not_ready(found))
    name = require_signed(declared_by, field="declared_by", by=by)
    amount, moment = claimed([Cost(each.paid_on, each.claimed, each.own) for each in found.costs]), now()
    changes = advance(CLAIMS, found, Act.SUBMIT)
    amend(found, submitted_at=moment, submitted_by_id=by.account_id, declared_by=name)
    changes |= amend(found, amount=amount, reason="")
    _keep_version(found, moment, amount)
    session().flush()
    audit.record(Act.SUBMIT, found, changes, by=by)
    tell_business(found.award, "grant_claim_submitted", **facts_of(found), by=by)


def facts_of(found: AwardClaim) -> dict[str, Any]:
    """What every letter about a claim says of it."""
    return {
        "path": f"/award-claims/{found.id}",
        "number": found.number,
        "amount": (found.amount or NO_MONEY).in_full(),
        "milestone": found.milestone.title,
    }


def as_submitted(found: AwardClaim) -> list[dict[str, Any]]:
    """The costs of a claim in the words that are signed, and kept with its version."""
    files = queries.files_of(found)
    return [
        {
            "paid_on": each.paid_on.isoformat(),
            "supplier": each.supplier,
            "what": each.what,
            "claimed": each.claimed.in_full(),
            "own": each.own.in_full(),
            "files": [kept.name for kept in files[each.id]],
        }
        for each in found.costs
    ]


def _keep_version(found: AwardClaim, submitted_at: datetime, amount: Money) -> None:
    made = ClaimVersion(claim_id=found.id, number=len(found.versions) + 1, costs=as_submitted(found))
    made.submitted_at, made.submitted_by_id = submitted_at, found.submitted_by_id
    made.declared_by, made.amount = found.declared_by, amount
    session().add(made)


def take_back(found: AwardClaim, *, by: Actor) -> None:
    """Take back a claim that is not decided, to change it and submit it again. Its version says so."""
    POLICY.require(by, Act.TAKE_BACK_CLAIM, found)
    hold(found.award)
    read_state_again(found)
    changes = advance(CLAIMS, found, Act.TAKE_BACK_CLAIM) | amend(found, submitted_at=None, amount=None)
    if found.versions:
        amend(found.versions[-1], outcome=found.status.value)
    session().flush()
    audit.record(Act.TAKE_BACK_CLAIM, found, changes, by=by)


def discard(found: AwardClaim, *, by: Actor) -> None:
    """Discard a claim that is not submitted, or was returned. Its versions stay in the log."""
    POLICY.require(by, Act.DISCARD, found)
    hold(found.award)
    read_state_again(found)
    changes = advance(CLAIMS, found, Act.DISCARD)
    session().flush()
    audit.record(Act.DISCARD, found, changes, by=by)
