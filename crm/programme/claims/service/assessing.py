"""Assessing a claim: approved in whole or in part, returned, or rejected; and paid when its payment is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.accounts.service.deciding import decide
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_shown
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.service import requesting
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, says_something
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.kernel.text import one_stop
from crm.programme.awards.queries.awards import hold, path_to_account
from crm.programme.claims.models import AwardClaim, AwardCost
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries.apart import why_apart
from crm.programme.claims.queries.changes import open_change
from crm.programme.claims.queries.copies import claimed_elsewhere
from crm.programme.claims.queries.evidence import waiting_for
from crm.programme.claims.rules.labels import cost_in_words
from crm.programme.claims.service.claiming import facts_of
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import CLAIMS, Act


@dataclass(frozen=True)
class Ruling:
    """What of one cost is approved, why not all of it, and why although another claim has the same file."""

    approved: Money
    reason: str = ""
    why_again: str = ""


def why_not_by(found: AwardClaim, account_id: UUID | None) -> str | None:
    """Why just this person does not decide a claim: they made it, by whichever of their accounts (P45)."""
    return why_apart(
        account_id, found.submitted_by_id, found.begun_by_id, did="made this claim", then="decides it"
    )


def why_not_approved(found: AwardClaim) -> str | None:
    """Why a claim cannot be approved as it is: its milestone is not met yet."""
    if found.milestone.met_at is None:
        return "The milestone of this claim is not confirmed as met. Check its evidence first, or return the claim."
    return None


def _begin(found: AwardClaim, act: Act, *, version: int | None, by: Actor) -> None:
    POLICY.require(by, act, found)
    hold(found.award)
    read_state_again(found)
    require_as_shown(found, version)
    CLAIMS.target(act, found.status, thing=found)
    refuse_if(why_not_by(found, by.account_id))


def approve(
    found: AwardClaim,
    rulings: Mapping[UUID, Ruling] | None = None,
    *,
    version: int | None = None,
    by: Actor,
) -> None:
    """Approve a claim, in whole or with a reason for what is not: written in the ledger and asked to be paid at once.

    A cost with a file that another claim has too is approved with a reason, which stays with it.
    """
    _begin(found, Act.APPROVE, version=version, by=by)
    refuse_if(why_not_approved(found))
    total = _approved(found, rulings or {}, again=claimed_elsewhere(found, actor=by))
    _answer(found, "")
    changes = decide(CLAIMS, found, Act.APPROVE, approved=total, by=by)
    said = " ".join(one_stop(f"{each.supplier}: {each.why_again}") for each in found.costs if each.why_again)
    changes |= {"why_again": (None, said)} if said else {}
    audit.record(Act.APPROVE, found, changes, by=by)
    _post(found, total, by=by)
    facts = facts_of(found) | {"approved": total.in_full(), "cuts": cuts_of(found)}
    facts |= {"account": path_to_account(found.business.id)} | _held(found)
    tell_business(found.award, "grant_claim_approved", **facts, by=by)


def _held(found: AwardClaim) -> dict[str, Any]:
    """What holds the payment of a claim, as its letter says it: an overdue milestone, and where its evidence is handed in (P47)."""
    late = found.held_by
    if late is None:
        return {}
    where = "" if waiting_for(late.id) else f"/awards/{found.award_id}/milestones/{late.id}/evidence"
    return {"late": late.title, "late_due": day_in_words(late.due_on), "hand_in": where} | {
        "is_changing": open_change(found.award_id) is not None
    }


def _approved(found: AwardClaim, rulings: Mapping[UUID, Ruling], *, again: Collection[UUID]) -> Money:
    """What is approved of a claim, each cost in full where nothing else is ruled."""
    for place, each in enumerate(found.costs, 1):
        ruling = rulings.get(each.id, Ruling(each.claimed))
        _rule(each, ruling, about=cost_in_words(place, each.what), is_again=each.id in again)
    total = sum((each.approved or NO_MONEY for each in found.costs), start=NO_MONEY)
    if not total:
        raise Invalid("Nothing of this claim is approved. Reject it instead, with a reason")
    return total


def _rule(cost: AwardCost, ruling: Ruling, *, about: str, is_again: bool) -> None:
    if not NO_MONEY <= ruling.approved <= cost.claimed:
        words = f"Approve between £0 and {cost.claimed.in_full()} of {about}"
        raise Invalid(words, field=f"approved_{cost.id.hex}")
    if ruling.approved < cost.claimed and not says_something(ruling.reason):
        raise Invalid(f"Say why you do not approve all of {about}", field=f"reason_{cost.id.hex}")
    is_again = is_again and bool(ruling.approved)
    if is_again and not says_something(ruling.why_again):
        words = f"Say why you approve {about}, although another claim has the same file, or approve £0 of it"
        raise Invalid(words, field=f"again_{cost.id.hex}")
    reason = ruling.reason.strip() if ruling.approved < cost.claimed else ""
    again = ruling.why_again.strip() if is_again else ""
    amend(cost, approved=ruling.approved, reason=reason, why_again=again)


def cuts_of(found: AwardClaim) -> list[str]:
    """Which costs were not approved in full, and why, in sentences."""
    return [
        f"{each.supplier}: {(each.approved or NO_MONEY).in_full()} of {each.claimed.in_full()}. {each.reason}"
        for each in found.costs
        if each.approved != each.claimed
    ]


def _post(found: AwardClaim, total: Money, *, by: Actor) -> None:
    """Write the claim in the ledger, and ask for its payment."""
    award = found.award
    if award.envelope_id is None:
        return
    about, reason = Subject("decision", award.decision_id), _reason(found)
    line = found.milestone.line_of(award)
    posting.claim(award.envelope_id, line, amount=total, about=about, reason=reason, by=by)
    cause = Subject("award_claim", found.id)
    where = (award.business_id, award.envelope_id)
    requesting.request(*where, line=line, amount=total, about=about, cause=cause, reason=reason, by=by)


def _reason(found: AwardClaim) -> str:
    """What is paid for, as letters, the bank's text and the ledger say it: a business can have several grants."""
    return f"Claim {found.number} of {found.award.application.reference}: {found.milestone.title}"


def _answer(found: AwardClaim, said: str) -> None:
    """What became of the newest version of a claim."""
    found.versions[-1].outcome, found.versions[-1].said = found.status, said


def return_(found: AwardClaim, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Return a claim with what is missing: the business corrects it and submits it again."""
    _refuse(found, Act.RETURN, reason, version=version, by=by)
    tell_business(found.award, "grant_claim_returned", **facts_of(found), reason=found.reason, by=by)


def reject(found: AwardClaim, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Reject a claim with a reason: its money can be claimed again by another claim."""
    _refuse(found, Act.REJECT, reason, version=version, by=by)
    tell_business(found.award, "grant_claim_rejected", **facts_of(found), reason=found.reason, by=by)


def _refuse(found: AwardClaim, act: Act, reason: str, *, version: int | None, by: Actor) -> None:
    _begin(found, act, version=version, by=by)
    if not says_something(reason):
        raise Invalid("Say what is missing or wrong", field="reason")
    changes = decide(CLAIMS, found, act, reason=reason.strip(), by=by)
    _answer(found, reason.strip())
    session().flush()
    audit.record(act, found, changes, by=by)


def mark_paid(found: AwardClaim, *, on: date | None = None, by: Actor) -> None:
    """A claim is paid once its payment is, on the bank's day. Who approved it never marks it as paid (P45).

    The letter about the payment is the payment's.
    """
    CLAIMS.target(Act.MARK_PAID, found.status, thing=found)
    refuse_if(why_not_paid_by(found, by.account_id))
    changes = advance(CLAIMS, found, Act.MARK_PAID) | amend(found, paid_at=now(), paid_on=on or today())
    session().flush()
    audit.record(Act.MARK_PAID, found, changes, by=by)


def reopen(found: AwardClaim, *, reason: str, by: Actor) -> None:
    """A claim whose money the bank returned is approved and not paid again: its payment is made again, or cancelled."""
    changes = advance(CLAIMS, found, Act.REOPEN) | amend(found, paid_at=None, paid_on=None)
    session().flush()
    audit.record(Act.REOPEN, found, changes | {"reason": (None, reason)}, by=by)


def why_not_paid_by(found: AwardClaim, account_id: UUID | None) -> str | None:
    """Why just this person does not record a claim as paid: they approved it, by whichever of their accounts."""
    return why_apart(account_id, found.decided_by_id, did="approved this claim", then="records it as paid")
