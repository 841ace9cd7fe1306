"""What waits about claims, evidence and milestones: on desks, and on the page of the award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from crm.audit.queries import entries_on
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import day_of, is_past, today
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.claims import workflow
from crm.programme.claims.models import AwardClaim, MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import apart
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries import evidence as milestones
from crm.programme.claims.queries.evidence import MilestoneOf
from crm.programme.claims.rules import labels
from crm.programme.claims.service import assessing
from crm.programme.claims.workflow import Act, ClaimStatus, EvidenceStatus
from crm.web.feature import Todo

SOON = timedelta(days=14)


def claims_to_assess(actor: Actor) -> tuple[Todo, ...]:
    """Each submitted claim that this person can decide."""
    rows = queries.claims_that_are(ClaimStatus.SUBMITTED)
    mine = [each for each in rows if POLICY.allows(actor, Act.APPROVE, each)]
    makers = {each for one in mine for each in (one.submitted_by_id, one.begun_by_id)}
    held = apart.accounts_at_once({*makers, actor.account_id}) if mine else ()
    free = [each for each in mine if not assessing.why_not_by(each, actor.account_id)]
    del held  # until here, so that the accounts stay read while each claim is asked about
    return tuple(
        _of_claim("Check a claim", each, _sum(each.amount), since=each.submitted_at) for each in free
    )


def claims_to_pay_again(actor: Actor) -> tuple[Todo, ...]:
    """Each approved claim whose payment was cancelled, so that nobody pays it."""
    words = "Pay again or return a claim whose payment was cancelled"
    rows = [each for each in queries.claims_unpaid() if POLICY.allows(actor, Act.PAY_AGAIN, each)]
    noted = entries_on("award_claim", [each.id for each in rows], act=Act.NOTE_CANCELLED) if rows else ()
    since = {each.thing_id: each.at for each in reversed(noted)}
    return tuple(
        _of_claim(words, each, _sum(each.approved), since=since.get(str(each.id), each.decided_at))
        for each in rows
    )


def claims_to_correct(actor: Actor) -> tuple[Todo, ...]:
    """Each claim that was returned, or begun and not submitted, of this person's businesses."""
    rows = queries.claims_that_are(ClaimStatus.RETURNED, ClaimStatus.DRAFT)
    mine = [each for each in rows if POLICY.allows(actor, Act.ADD_COST, each)]
    return tuple(
        _of_claim(_to_finish(each), each, each.milestone.title, since=each.decided_at or each.begun_at)
        for each in mine
    )


def _of_claim(words: str, found: AwardClaim, about: str, *, since: Any) -> Todo:
    where = url_for("grant_claims.grant_claim", award_claim_id=found.id)
    day, ids = day_of(since) if since else None, (found.award_id,)
    return Todo(words, None, where, about=_about(found.award, about), since=day, things=ids)


def _about(found: Award, words: str) -> str:
    """Whose it is, what, and under which grant: a business can have several."""
    return f"{found.business.name}: {words}, {found.application.reference}"


def _sum(amount: Any) -> str:
    return str((amount or NO_MONEY).in_full())


def _to_finish(found: AwardClaim) -> str:
    if found.status is ClaimStatus.RETURNED:
        return f"Correct claim {found.number}, which was returned"
    return f"Finish claim {found.number}"


def evidence_to_check(actor: Actor) -> tuple[Todo, ...]:
    """Each piece of evidence that this person can check."""
    rows = [each for each in milestones.waiting_evidence() if POLICY.allows(actor, Act.ACCEPT, each)]
    return tuple(_of_evidence(each) for each in rows)


def _of_evidence(found: MilestoneEvidence) -> Todo:
    where = url_for("milestone_evidence.evidence", evidence_id=found.id)
    about, since = _about(found.award, found.milestone.title), day_of(found.handed_in_at)
    words = "Check the evidence for a milestone"
    return Todo(words, None, where, about=about, since=since, things=(found.award_id,))


def milestones_due(actor: Actor) -> tuple[Todo, ...]:
    """Each milestone of this person's businesses that is due soon or overdue, or whose evidence was sent back, and of which none waits to be checked."""
    back = milestones.sent_back_to(own_ids(actor))
    again = {each.milestone.id for each in back}
    rows = [each for each in milestones.unmet_until(today() + SOON) if each.milestone.id not in again]
    todos = [(each, "Hand in evidence again, which was sent back") for each in back]
    todos += [(each, "Hand in evidence for a milestone") for each in rows]
    mine = [(each, words) for each, words in todos if POLICY.allows(actor, Act.BEGIN_EVIDENCE, each)]
    held = _held(each for each, _ in mine)
    return tuple(_due(each, words, held.get(each.milestone.id)) for each, words in mine)


def _held(found: Iterable[MilestoneOf]) -> Mapping[UUID, Money]:
    """What waits to be paid for each of some milestones that is overdue; nothing is asked where none is."""
    late = [each.milestone for each in found if each.milestone.is_late(on=today())]
    return queries.held_by(late) if late else {}


def _waits(held: Money | None) -> str:
    return f", {held.in_full()} waits for it" if held else ""


def _due(found: MilestoneOf, words: str, held: Money | None) -> Todo:
    due, page = found.milestone.due_on, "milestone_evidence.begin"
    where = url_for(page, award_id=found.award.id, milestone_id=found.milestone.id)
    about = _about(found.award, found.milestone.title + _waits(held))
    late, ids = is_past(due, on=today()), (found.award.id,)
    return Todo(words, None, where, about=about, due=due, is_overdue=late, things=ids)


def milestones_overdue(actor: Actor) -> tuple[Todo, ...]:
    """Each milestone that is overdue and of which we have no evidence to check: it holds the next payment of its award."""
    rows = [each for each in milestones.unmet_until(today()) if each.milestone.is_late(on=today())]
    mine = [each for each in rows if POLICY.allows(actor, Act.ACCEPT, each)]
    held = _held(mine)
    return tuple(_overdue(each, held.get(each.milestone.id)) for each in mine)


def _overdue(found: MilestoneOf, held: Money | None) -> Todo:
    where = url_for("awards.award", award_id=found.award.id)
    about, words = (
        _about(found.award, found.milestone.title + _waits(held)),
        "Ask about a milestone that is overdue",
    )
    return Todo(
        words, None, where, about=about, due=found.milestone.due_on, is_overdue=True, things=(found.award.id,)
    )


def milestones_to_claim(actor: Actor) -> tuple[Todo, ...]:
    """Each milestone of this person's businesses that is met, and for which something can still be claimed."""
    rows = milestones.claimable(own_ids(actor))
    mine = [(each, left) for each, left in rows if POLICY.allows(actor, Act.BEGIN, each)]
    return tuple(_to_claim(each, _sum(left)) for each, left in mine)


def _to_claim(found: MilestoneOf, left: str) -> Todo:
    place = f"milestone-{found.milestone.id}"
    where = url_for("award_claims.claims_of_award", award_id=found.award.id, _anchor=place)
    about = _about(found.award, f"{found.milestone.title}, up to {left}")
    since = day_of(found.milestone.met_at) if found.milestone.met_at else None
    words = "Claim what you spent on a milestone"
    return Todo(words, None, where, about=about, since=since, things=(found.award.id,))


def with_us(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of an award we have to answer, in words, each with its page: claims, evidence and changes."""
    found = [
        (f"Claim {each.number}", url_for("grant_claims.grant_claim", award_claim_id=each.id))
        for each in shown["claims"]
        if each.status is ClaimStatus.SUBMITTED
    ]
    return [*found, *_checked(shown), *_asked(shown)]


def _checked(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    newest = [each["evidence"] for each in shown["rows"] if each["evidence"] is not None]
    return [
        (f"Evidence for {each.milestone.title}", url_for("milestone_evidence.evidence", evidence_id=each.id))
        for each in newest
        if each.status is EvidenceStatus.HANDED_IN
    ]


def _asked(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    page = "award_changes.change"
    waiting = [each for each in shown["changes"] if each.status in workflow.OPEN_CHANGES]
    kinds = labels.CHANGE_KINDS
    return [
        (f"Your request to change the {kinds[each.kind].lower()}", url_for(page, award_change_id=each.id))
        for each in waiting
    ]
