"""Decisions: saved when a cohort is confirmed, withdrawn with a reason, and the waiting list that follows from them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.service.running import is_same
from crm.funding.subsidy.queries import subsidy
from crm.kernel.clock import now
from crm.kernel.errors import require_reason
from crm.kernel.marks import mark_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts, decisions
from crm.programme.cohort.queries.independence import why_not_apart
from crm.programme.cohort.queries.signposts import signposts_for
from crm.programme.cohort.rules.cascading import NO_LIMIT, Headroom, Step, words_of
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.money import lines_of, parts_of
from crm.programme.cohort.service.telling import tell_applicant
from crm.programme.cohort.workflow import DECISIONS, Act, ChangeKind, Outcome, why_not_promoted

TAKES_TWO = "The applicant was told of this award, so withdrawing it takes two people: one proposes it, and another confirms it."
NOT_BY_WHO_PROPOSED = (
    "You proposed to withdraw this award, so another programme manager or an approver confirms it."
)
TOLD_OF_PLACE = (
    "The applicant was told of its place on the waiting list, so taking it off takes two people: one proposes it, and another "
    "confirms it."
)
WITHDRAWAL = ("withdrawal_reason", "withdrawal_proposed_at", "withdrawal_proposed_by_id")
HELD = ("_status", "outcome", "place", "amount", "capital", "notified_at", "version", *WITHDRAWAL)
"""What is read again once a decision is held."""


@dataclass(frozen=True)
class Ruling:
    """What is decided about one application: its award, or its place on the waiting list, or neither.

    ``capital`` is the part of either for capital, where the cohort is funded from capital and revenue; ``part_reason`` is why
    the award is less than was asked for.
    """

    about: Candidate
    award: Money | None = None
    place: int | None = None
    signposts: list[dict[str, Any]] = field(default_factory=list)
    capital: Money = NO_MONEY
    part_reason: str = ""

    @property
    def outcome(self) -> Outcome:
        """In one word."""
        if self.award is not None:
            return Outcome.SUCCESSFUL
        return Outcome.RESERVE if self.place else Outcome.UNSUCCESSFUL


def reserves_among(rows: Sequence[Candidate], *, chosen: Collection[UUID], most: int) -> list[Candidate]:
    """Those that go on the waiting list: the next ranked that could be chosen, in order of rank."""
    return [each for each in rows if each.can_be_chosen and each.sum and each.id not in chosen][:most]


@dataclass(frozen=True)
class Others:
    """Those that are not awarded, in order of rank: who waits, and who is refused."""

    waiting: list[Candidate]
    refused: list[Candidate]


def others_among(rows: Sequence[Candidate], *, chosen: Collection[UUID], most: int) -> Others:
    """Those that are not chosen: ``most`` of them wait, as `reserves_among` says, and the others are refused."""
    waiting = reserves_among(rows, chosen=chosen, most=most)
    known = {*chosen, *(each.id for each in waiting)}
    return Others(waiting, [each for each in rows if each.id not in known])


def decide(found: Cohort, ruling: Ruling, *, by: Actor) -> Decision:
    """Save a decision and, of an award, reserve its money. The applicant sees nothing of it yet (P35)."""
    made = Decision(
        cohort_id=found.id,
        application_id=ruling.about.id,
        outcome=ruling.outcome,
        amount=ruling.award or (ruling.about.sum if ruling.place else None),
        capital=ruling.capital if found.line is None else NO_MONEY,
        place=ruling.place,
        part_reason=ruling.part_reason,
        signposts=ruling.signposts,
        decided_at=now(),
        decided_by_id=by.account_id,
    )
    session().add(made)
    session().flush()
    told = {"outcome": made.outcome, "amount": made.amount, "part_reason": made.part_reason}
    audit.record(Act.DECIDE, made, created(application=ruling.about.reference, **told), by=by)
    if ruling.award is not None:
        reserve(found, made, reason=f"Award to {ruling.about.name}, {ruling.about.reference}", by=by)
    return made


def reserve(found: Cohort, made: Decision, *, reason: str, by: Actor) -> None:
    """Reserve the money of an award until its offer is accepted. A dry run moves none (P54)."""
    if found.envelope_id is None or made.amount is None:
        return
    about = Subject("decision", made.id)
    for line, amount in parts_of(made.amount, made.capital, lines=lines_of(found.line)).items():
        if amount:
            posting.reserve(found.envelope_id, line, amount=amount, about=about, reason=reason, by=by)


def note_papers(found: Decision, papers_id: UUID) -> None:
    """Note which subsidy an award is, now that its papers are begun: from here on the register of subsidies counts it (P41)."""
    amend(found, papers_id=papers_id)
    session().flush()


def withdraw_award(found: Decision, *, reason: str = "", version: int | None = None, by: Actor) -> None:
    """Withdraw an award: its money is free again, and an applicant who knew of it is told (P36).

    Where the applicant knew, another person proposed it, and the reason is theirs. ``version`` is that of the decision that its page showed.
    """
    POLICY.require(by, Act.WITHDRAW_AWARD, found)
    hold_as_shown(found, version)
    refuse_if(why_ended_instead(found) or why_not_withdrawn_by(found, by.account_id))
    why = found.withdrawal_reason or reason
    require_reason(why)
    amend(found, withdrawn_by_id=by.account_id)
    was_offered = _was_offered(found)
    end_award(found, why, by=by)
    if found.notified_at is None:
        return
    facts = {"reason": why.strip(), "amount": str(found.amount), "was_offered": was_offered}
    tell_applicant(found, "award_withdrawn", facts=facts, by=by)


def _was_offered(found: Decision) -> bool:
    """Whether the grant was offered in writing: its subsidy was notified in the offer. A dry run has none."""
    papers = subsidy(found.papers_id) if found.papers_id is not None else None
    return papers is not None and papers.notified_at is not None


def why_not_withdrawn_by(found: Decision, account_id: UUID | None) -> str | None:
    """Why just this person does not withdraw an award: its applicant knows of it, and nobody proposed it, or they did themselves."""
    if found.notified_at is None or account_id is None:
        return None
    if found.withdrawal_proposed_by_id is None:
        return TAKES_TWO
    is_theirs = is_same(found.withdrawal_proposed_by_id, account_id)
    return NOT_BY_WHO_PROPOSED if is_theirs else None


def hold_as_shown(found: Decision, version: int | None) -> None:
    """Let nobody else change the decision until this ends. Raises `Changed` where its page showed another."""
    cohorts.hold(found.cohort)
    session().refresh(found, attribute_names=HELD)
    require_as_shown(found, version)


def _lying(found: Decision) -> dict[LedgerAccount, Money]:
    """What of an award lies where, as the ledger says. A dry run has nothing."""
    if found.cohort.envelope_id is None:
        return {}
    about = Subject("decision", found.id)
    mine = balances_of(about, envelope_id=found.cohort.envelope_id, line=found.cohort.line)
    return {each: mine[each] for each in LedgerAccount if mine[each]}


def why_claimed_from(found: Decision) -> str | None:
    """Why an award cannot be withdrawn: money of it was claimed, so it is ended early instead."""
    if {LedgerAccount.CLAIMED, LedgerAccount.PAID, LedgerAccount.RECOVERED} & _lying(found).keys():
        return "Money of this award was claimed, so it cannot be withdrawn. End it early on its own page instead."
    return None


def why_ended_instead(found: Decision) -> str | None:
    """Why one person does not withdraw an award: the business accepted it, so it is ended early, which a second person confirms."""
    claimed = why_claimed_from(found)
    if claimed or LedgerAccount.COMMITTED not in _lying(found):
        return claimed
    return "The business accepted this grant, so it cannot be withdrawn. End it early on its own page instead: another person confirms it."


def end_award(found: Decision, reason: str, *, is_given_up: bool = False, by: Actor) -> None:
    """End an award and release what is reserved for it. Where its business gave it up, the programme's team is to read why."""
    cohorts.hold(found.cohort)
    session().refresh(found, attribute_names=["_status", "outcome", "version"])
    changes = advance(DECISIONS, found, Act.WITHDRAW_AWARD)
    changes |= amend(found, withdrawn_at=now(), withdrawn_reason=reason.strip())
    amend(found, is_end_unread=is_given_up)
    session().flush()
    _release(found, reason.strip(), by=by)
    audit.record(Act.WITHDRAW_AWARD, found, changes | {"amount": (found.amount, None)}, by=by)
    follow(Act.WITHDRAW_AWARD, found, by=by)


def _release(found: Decision, reason: str, *, by: Actor) -> None:
    """Free what is reserved or committed for an award. Where something was claimed, it is ended early instead."""
    if found.cohort.envelope_id is None:
        return
    refuse_if(why_claimed_from(found))
    about, where = Subject("decision", found.id), (found.cohort.envelope_id, found.cohort.line)
    mine = _lying(found)
    for account in (LedgerAccount.RESERVED, LedgerAccount.COMMITTED):
        if account in mine:
            posting.release(*where, amount=mine[account], about=about, reason=reason, out_of=account, by=by)


def release_rest(found: Decision, left: Money, *, reason: str, by: Actor) -> None:
    """Free what nobody claimed of an award that ended. What was decided stays as it was; what was released stands beside it."""
    owner, about = found.cohort.envelope_id, Subject("decision", found.id)
    assert owner is not None
    line, committed = found.cohort.line, LedgerAccount.COMMITTED
    posting.release(owner, line, amount=left, about=about, reason=reason, out_of=committed, by=by)
    changes = amend(found, released=left)
    session().flush()
    audit.record(Act.RELEASE_REST, found, changes | {"why": (None, reason)}, by=by)


def why_not_next(found: Decision, headroom: Headroom = NO_LIMIT) -> str | None:
    """Why a reserve cannot be promoted: it does not wait, the money does not reach, or another is next (P34)."""
    reason = why_not_promoted(found)
    if reason:
        return reason
    step = decisions.next_reserve(found.cohort, headroom)
    if step.chosen is None:
        return step.why_not(found.id)
    return None if step.chosen.id == found.id else f"{step.chosen.name} is next on the waiting list."


def mark_of_waiting(found: Cohort, step: Step) -> str:
    """The mark of a waiting list as its page shows it: who waits, who is next with how much, and who is passed and why."""
    passed = [(each.id, why) for each, why in step.passed]
    rows = [(each.id, each.place, each.name, each.wanted) for each in decisions.waiting_list(found)]
    return mark_of(step.chosen.id if step.chosen else None, step.amount, step.capital, passed, rows)


def why_not_promoted_by(found: Cohort, account_id: UUID | None) -> str | None:
    """Why just this approver awards nothing from the waiting list: they proposed the cohort, or had a hand in its scores (P25)."""
    if account_id is not None and cohorts.proposers().get(found.id) == account_id:
        return "You proposed this cohort, so another approver makes awards from its waiting list."
    return why_not_apart(account_id, found.round_id)


def promote(found: Decision, *, headroom: Headroom = NO_LIMIT, seen: str | None = None, by: Actor) -> None:
    """Award a reserve what is free, if it is next on the waiting list. Two at once never promote the same one (P34).

    ``seen`` is the mark of the award that the page of the waiting list showed: no other sum is awarded than was read.
    """
    POLICY.require(by, Act.PROMOTE, found)
    hold_as_shown(found, None)
    DECISIONS.target(Act.PROMOTE, found.status, thing=found)
    refuse_if(why_not_promoted_by(found.cohort, by.account_id) or why_not_next(found, headroom))
    step = decisions.next_reserve(found.cohort, headroom)
    require_as_previewed(seen, mark_of_waiting(found.cohort, step))
    changes = advance(DECISIONS, found, Act.PROMOTE)
    changes |= amend(
        found, outcome=Outcome.SUCCESSFUL, place=None, amount=step.amount, promoted_reason=words_of(step)
    )
    changes |= amend(found, part_reason=step.part_in_words)
    amend(found, decided_at=now(), decided_by_id=by.account_id)
    if found.cohort.line is None:
        changes |= amend(found, capital=step.capital)
    session().flush()
    reserve(found.cohort, found, reason=f"From the waiting list: {found.application.business.name}", by=by)
    audit.record(Act.PROMOTE, found, changes, by=by)


def why_told_of_place(found: Decision) -> str | None:
    """Why one person does not take an application off the waiting list: it was told that it is on it."""
    return TOLD_OF_PLACE if found.notified_at is not None else None


def release_reserve(
    found: Decision, *, kind: ChangeKind, reason: str, version: int | None = None, by: Actor
) -> None:
    """Take an application off the waiting list that was never told of its place there; of another that takes two people.

    ``version`` is that of the decision that its page showed.
    """
    POLICY.require(by, Act.RELEASE_RESERVE, found)
    require_reason(reason)
    hold_as_shown(found, version)
    DECISIONS.target(Act.RELEASE_RESERVE, found.status, thing=found)
    refuse_if(why_told_of_place(found))
    come_off(found, kind, reason=reason.strip(), by=by)


def come_off(found: Decision, kind: ChangeKind, *, reason: str, by: Actor) -> None:
    """An application is on the waiting list no longer: it withdrew or is unsuccessful, and its letter waits with the next ones."""
    changes = advance(DECISIONS, found, Act.RELEASE_RESERVE)
    key, has_asked = found.application.business_id, kind is ChangeKind.ASKED_OFF
    outcome = Outcome.WITHDREW if has_asked else Outcome.UNSUCCESSFUL
    changes |= amend(found, outcome=outcome, place=None, amount=None)
    amend(found, off_list_reason=reason, signposts=[] if has_asked else signposts_for([key])[key])
    amend(found, decided_at=now(), decided_by_id=by.account_id)
    session().flush()
    audit.record(Act.RELEASE_RESERVE, found, changes | {"why": (None, reason)}, by=by)
