"""Changes to an award: requested by the business, decided by others, and then the award's terms. The old terms stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.accounts.service.deciding import decide
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.kernel.clock import now, today
from crm.kernel.errors import Elsewhere, Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.awards.queries.awards import hold
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardChange
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import changes as queries
from crm.programme.claims.queries.apart import why_apart
from crm.programme.claims.queries.changes import Asking
from crm.programme.claims.rules.changing import (
    AwardTerms,
    in_sentences,
    only,
    require_change,
    stored,
    terms_of_award,
)
from crm.programme.claims.rules.labels import CHANGE_KINDS
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import CHANGES, Act, ChangeKind

MOVED_ON = "The award’s terms changed after this was requested"

CHANGE_WAITS = "A change to this award is being decided. Withdraw it first, or wait for our answer."


@dataclass(frozen=True)
class ChangeWanted:
    """The terms that a business asks for, and why."""

    terms: AwardTerms
    why: str


def why_not_asked(found: Asking) -> str | None:
    """Why no such change can be asked for now: the award is over, another change waits, or nothing is left to change."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "This award has ended, so its terms cannot be changed."
    waiting = queries.open_change(found.award.id)
    if waiting is not None:
        return Elsewhere(CHANGE_WAITS, waiting)
    fixed = queries.bounds_of(found.award, found.kind).fixed
    return _why_not_moved(found.award, fixed) if found.kind is ChangeKind.MONEY else None


def _why_not_moved(award: Award, fixed: Collection[UUID]) -> str | None:
    """Why no money can be moved: it takes two milestones that are not fixed, paid from one line."""
    left = Counter(each.line_of(award) for each in award.milestones if each.id not in fixed)
    if left.total() < 2:
        return "Money can be moved between two milestones of which not everything was claimed. This award has fewer."
    if max(left.values()) < 2:
        return "Capital cannot be moved to revenue, or back, and this award has one milestone of each left."
    return None


def ask(found: Asking, wanted: ChangeWanted, *, by: Actor) -> AwardChange:
    """Ask for other terms, with a reason. Nothing changes before the programme's people approve it; one waits at a time."""
    POLICY.require(by, Act.ASK_CHANGE, found)
    award = _held(found.award)
    refuse_if(why_not_asked(found))
    require_reason(wanted.why)
    before = terms_of_award(award)
    after = only(before, wanted.terms, kind=found.kind)
    require_change(before, after, kind=found.kind, within=queries.bounds_of(award, found.kind), on=today())
    made = AwardChange(award_id=award.id, kind=found.kind, before=stored(before), after=stored(after))
    made.why, made.asked_at, made.asked_by_id = wanted.why.strip(), now(), by.account_id
    session().add(made)
    session().flush()
    told = created(kind=found.kind, changes=in_sentences(before, after), why=made.why)
    audit.record(Act.ASK_CHANGE, made, told, by=by)
    return made


def _held(found: Award) -> Award:
    """The award with its terms as they are now, held until the transaction ends."""
    hold(found)
    session().refresh(found, attribute_names=["purpose", "ends_on", "milestones"])
    for each in found.milestones:
        session().refresh(each)
    return found


def _begin(found: AwardChange, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    _held(found.award)
    read_state_again(found)
    CHANGES.target(act, found.status, thing=found)


def why_outdated(found: AwardChange) -> str | None:
    """Why a change no longer fits the award, without a full stop: its terms changed, or a milestone was claimed for meanwhile."""
    before, after, award = found.terms_before, found.terms_after, found.award
    if terms_of_award(award) != before:
        return MOVED_ON
    within = queries.bounds_of(award, found.kind)
    try:
        require_change(before, after, kind=found.kind, within=within, on=today())
    except Invalid as error:
        return error.message
    return None


def why_not_applied(found: AwardChange) -> str | None:
    """Why a change cannot be supported or approved as the award is now, and what its reader does instead."""
    if found.award.status is not AwardStatus.ACCEPTED:
        return "This award has ended, so its terms cannot be changed. Refuse the change."
    reason = why_outdated(found)
    if reason is None:
        return None
    number = queries.claim_being_checked(found.award_id) if found.kind is ChangeKind.MONEY else None
    if number and reason != MOVED_ON:
        return f"{reason}. Decide claim {number} first, or refuse the change and say why."
    return f"{reason}. Refuse the change and say why, so that the business can ask again."


def support(found: AwardChange, *, by: Actor) -> None:
    """Support a change that moves money: a second person approves it (P45)."""
    _begin(found, Act.SUPPORT_CHANGE, by=by)
    refuse_if(why_not_applied(found))
    changes = advance(CHANGES, found, Act.SUPPORT_CHANGE)
    changes |= amend(found, supported_at=now(), supported_by_id=by.account_id)
    session().flush()
    audit.record(Act.SUPPORT_CHANGE, found, changes, by=by)


def why_not_approved_by(found: AwardChange, account_id: UUID | None) -> str | None:
    """Why just this person does not approve a change: they supported it, by whichever of their accounts (P45)."""
    return why_apart(account_id, found.supported_by_id, did="supported this change", then="approves it")


def approve(found: AwardChange, *, by: Actor) -> None:
    """Approve a change: the award has the new terms from now on, all of them or none. The business is told."""
    _begin(found, Act.APPROVE_CHANGE, by=by)
    refuse_if(why_not_approved_by(found, by.account_id))
    refuse_if(why_not_applied(found))
    changes = decide(CHANGES, found, Act.APPROVE_CHANGE, by=by)
    changes |= _apply(found.award, found.terms_after)
    session().flush()
    audit.record(Act.APPROVE_CHANGE, found, changes, by=by)
    tell_business(found.award, "award_change_approved", **_facts(found), by=by)


def _apply(award: Award, terms: AwardTerms) -> Changes:
    """Give an award other terms; return what changed in words."""
    before = terms_of_award(award)
    amend(award, purpose=terms.purpose, ends_on=terms.ends_on)
    rows = {each.id: each for each in award.milestones}
    for new in terms.milestones:
        fields = {"title": new.title, "due_on": new.due_on, "amount": new.amount}
        amend(rows[new.id], **fields, evidence_wanted=new.evidence)
    return {"changes": (None, in_sentences(before, terms))}


def refuse(found: AwardChange, *, reason: str, by: Actor) -> None:
    """Refuse a change with a reason that the business reads: the terms stay as they are."""
    _begin(found, Act.REFUSE_CHANGE, by=by)
    require_reason(reason)
    _close(found, Act.REFUSE_CHANGE, reason.strip(), by=by)
    tell_business(found.award, "award_change_refused", **_facts(found), reason=found.reason, by=by)


def withdraw(found: AwardChange, *, by: Actor) -> None:
    """Withdraw a change that is not decided: the terms stay as they are."""
    _begin(found, Act.WITHDRAW_CHANGE, by=by)
    _close(found, Act.WITHDRAW_CHANGE, "", by=by)


def _close(found: AwardChange, act: Act, reason: str, *, by: Actor) -> None:
    audit.record(act, found, decide(CHANGES, found, act, reason=reason, by=by), by=by)


def _facts(found: AwardChange) -> dict[str, Any]:
    rows = in_sentences(found.terms_before, found.terms_after)
    what = CHANGE_KINDS[found.kind].lower()
    return {"path": f"/award-changes/{found.id}", "what": what, "rows": rows}


def close_open(found: Award, *, by: Actor) -> None:
    """A change that waits when its award ends is refused: there is nothing left to change."""
    waiting = queries.open_change(found.id)
    if waiting is None:
        return
    _close(waiting, Act.REFUSE_CHANGE, "The award ended before this change was decided.", by=by)
