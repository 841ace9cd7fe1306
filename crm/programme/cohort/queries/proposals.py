"""Reads of proposals, and what the next one is asked of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from crm.audit.queries import entries_about
from crm.db.session import session
from crm.funding.envelopes.rules import LINES, Line
from crm.kernel.clock import moment_in_words, today
from crm.kernel.money import Money
from crm.programme.cohort.models import Cohort, CohortDraft, CohortProposal
from crm.programme.cohort.queries.cohorts import drafts_of
from crm.programme.cohort.queries.drafts import Weighed, aims_of
from crm.programme.cohort.queries.headroom import grouped, rooms_in, rooms_then
from crm.programme.cohort.queries.money import free_then
from crm.programme.cohort.rules.changes import (
    NOW,
    THEN,
    Shared,
    Tense,
    changes_since,
    limits_since,
    money_short,
    rooms_by_code,
)
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.freezing import answer_of, ranking_of, weighed_of
from crm.programme.cohort.rules.groups import Measure
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.money import Bar, Purse
from crm.programme.cohort.rules.proposing import Proposal, Question
from crm.programme.cohort.rules.sharing import Rooms
from crm.programme.cohort.rules.showing import Before, Best, best_of
from crm.programme.cohort.workflow import Act, ProposalStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import TieRule

PROPOSAL = CohortProposal.__table__.c
OPEN = (ProposalStatus.ASKED, ProposalStatus.WORKING)
SHOWN = 20
COMPARED = 5
"""So many of the latest proposals are looked through for the one that a draft is."""


def proposal(cohort_proposal_id: UUID) -> CohortProposal | None:
    """One proposal with its cohort, targets and round."""
    whole = joinedload(CohortProposal.cohort)
    query = select(CohortProposal).options(
        whole.joinedload(Cohort.round).selectinload(Round.criteria),
        whole.selectinload(Cohort.targets),
        joinedload(CohortProposal.asked_by),
    )
    return session().scalar(query.where(CohortProposal.id == cohort_proposal_id))


def proposals_of(cohort_id: UUID) -> Sequence[CohortProposal]:
    """The latest proposals of a cohort, the newest first."""
    query = select(CohortProposal).where(CohortProposal.cohort_id == cohort_id)
    return (
        session()
        .scalars(query.order_by(CohortProposal.asked_at.desc(), CohortProposal.id).limit(SHOWN))
        .all()
    )


def best_beside(found: CohortDraft, sound: Weighed, *, bar: Bar | None) -> Best | None:
    """The proposal that a draft is, else the latest, with its total score beside the draft's; None where there is none.

    ``bar`` is the money of its cohort, where there is any.
    """
    query = select(CohortProposal.id, CohortProposal.asked_at, CohortProposal.question, CohortProposal.answer)
    query = query.where(
        CohortProposal.cohort_id == found.cohort_id, PROPOSAL.status == ProposalStatus.ANSWERED
    )
    query = query.order_by(CohortProposal.asked_at.desc(), CohortProposal.id).limit(COMPARED)
    answered = [row for row in session().execute(query) if row[-1]]
    basis = basis_of(found.cohort, sound.rows, bar=bar, rooms=sound.rooms) if answered else None
    rows = []
    for key, at, question, answer in answered:
        came = answer_of(answer)
        is_stale = bool(since(weighed_of(question), came, basis=basis))
        rows.append(Before(key, moment_in_words(at), came, is_stale))
    chosen = {each.reference for each in sound.selected}
    return best_of(rows, codes=chosen, score=sound.score, is_decided=found.cohort.confirmed_at is not None)


@dataclass(frozen=True)
class Basis:
    """What a proposal would rest on: who could be chosen, what limits of subsidies leave them, and what is free; now or then."""

    options: Sequence[Option]
    shared: Mapping[str, Shared]
    free: Money | None
    tense: Tense = NOW


def basis_of(
    found: Cohort, rows: Sequence[Candidate], *, bar: Bar | None, rooms: Rooms | None = None
) -> Basis | None:
    """What a proposal of a cohort would rest on now or, once it is confirmed, at that moment; None where that was not kept.

    ``rows`` is what is ranked now, ``rooms`` what limits of subsidies leave now, where it is read already.
    """
    if found.confirmed_at is not None:
        return _basis_then(found)
    left = rooms_in(found, rows) if rooms is None else rooms
    return _basis(found.round, rows, left, free=bar.left if bar else None)


def _basis_then(found: Cohort) -> Basis | None:
    if found.ranking is None:
        return None
    rows = ranking_of(found.ranking, {})
    then = _basis(found.round, rows, rooms_then(found, rows), free=free_then(found))
    return replace(then, tense=THEN)


def _basis(found: Round, rows: Sequence[Candidate], rooms: Rooms, *, free: Money | None) -> Basis:
    can = options(found, rows)
    grouped_, limit = grouped(can, rows, rooms=rooms, on=today())
    return Basis(can, rooms_by_code(grouped_, limit.headroom), free)


def since(
    question: Question, came: Proposal, *, basis: Basis | None, names: Mapping[str, str] | None = None
) -> list[str]:
    """What a proposal rests on that had changed by a moment since it was asked for, in words; nothing where that is not known."""
    if basis is None:
        return []
    known, tense = names or {}, basis.tense
    found = changes_since(question.options, basis.options, names=known, tense=tense)
    before = next((each.headroom for each in question.limits if each.kind is LimitKind.HEADROOM), {})
    found += limits_since(rooms_by_code(question.options, before), basis.shared, names=known, tense=tense)
    return [*found, *money_short(Money(came.asked), basis.free, tense=tense)]


def taken_over(found: CohortProposal) -> list[CohortDraft]:
    """The drafts that a proposal became, the latest first, as the trail names them; not those that were deleted."""
    named = [
        each.values.changes["draft"][1]
        for each in entries_about(found, act=Act.TAKE_OVER_PROPOSAL)
        if each.values
    ]
    drafts = {each.name: each for each in drafts_of(found.cohort_id)} if named else {}
    return [drafts[name] for name in dict.fromkeys(named) if name in drafts]


def is_any_open(cohort_id: UUID) -> bool:
    """Whether a proposal of a cohort is not worked out yet."""
    query = select(PROPOSAL.id).where(PROPOSAL.cohort_id == cohort_id, PROPOSAL.status.in_(OPEN))
    return session().scalar(query.limit(1)) is not None


def _waits(lost_before: datetime) -> ColumnElement[bool]:
    is_lost = and_(PROPOSAL.status == ProposalStatus.WORKING, PROPOSAL.heard_at < lost_before)
    return or_(PROPOSAL.status == ProposalStatus.ASKED, is_lost)


def is_any_waiting(lost_before: datetime) -> bool:
    """Whether a proposal waits for a worker, or for another than the one that was not heard of since."""
    return session().scalar(select(PROPOSAL.id).where(_waits(lost_before)).limit(1)) is not None


def next_waiting(lost_before: datetime) -> CohortProposal | None:
    """The proposal that has waited longest, or whose worker was not heard of since; locked for this worker."""
    query = select(CohortProposal).where(_waits(lost_before))
    query = query.order_by(CohortProposal.asked_at, CohortProposal.id).limit(1)
    return session().scalar(query.with_for_update(skip_locked=True))


def in_hand(proposal_id: UUID, attempt: int) -> CohortProposal | None:
    """A proposal that this attempt still works on: not one that another worker took over meanwhile."""
    query = select(CohortProposal).where(
        CohortProposal.id == proposal_id,
        CohortProposal.attempts == attempt,
        PROPOSAL.status == ProposalStatus.WORKING,
    )
    return session().scalar(query.with_for_update())


def options(found: Round, rows: Sequence[Candidate]) -> tuple[Option, ...]:
    """The applications that can be chosen, as they are weighed. Of those below a threshold there is none."""
    codes = _deciding(found)
    return tuple(_option(each, codes) for each in rows if each.can_be_chosen and each.sum)


def _option(row: Candidate, codes: Sequence[str]) -> Option:
    assert row.percent is not None
    return Option(
        code=row.reference,
        total=row.percent,
        asked=row.sum.pence,
        lines={Line.CAPITAL: row.capital.pence, Line.REVENUE: (row.sum - row.capital).pence},
        shares=tuple(row.by_criterion.get(each) or Fraction() for each in codes),
        facts={str(dimension): tuple(groups) for dimension, groups in row.groups.items() if groups},
    )


def _deciding(found: Round) -> list[str]:
    """The criteria that decide between equal totals, the weightiest first; none where the panel decides."""
    if found.tie_rule is TieRule.PANEL:
        return []
    weighty = sorted((each.weighed for each in found.criteria), key=lambda each: -each.weight)
    return [each.code for each in weighty]


def limits(found: Cohort, money: Purse) -> tuple[Limit, ...]:
    """The money there is, line by line, and the targets that were fixed before the round opened."""
    targets = tuple(
        Limit(
            LimitKind.SHARE_AT_LEAST if each.measure is Measure.MONEY else LimitKind.AWARDS_AT_LEAST,
            each.words,
            each.least,
            fact=str(each.dimension),
            values=(each.value,),
            is_other=each.is_outside,
        )
        for each in aims_of(found)
    )
    return (*_money(money), *targets)


def _money(money: Purse) -> list[Limit]:
    """The limit of each line; of one line alone it is that of the whole sum."""
    if len(money) == 1:
        return [Limit(LimitKind.MONEY, f"{amount} to award", amount.pence) for amount in money.values()]
    return [
        Limit(LimitKind.MONEY, f"{amount} of {LINES[line].lower()} to award", amount.pence, line=line)
        for line, amount in money.items()
    ]
