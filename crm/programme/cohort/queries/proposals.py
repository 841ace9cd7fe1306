"""Reads of proposals, and what the next one is asked of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import defer, joinedload

from crm.audit.queries import entries_about
from crm.db.session import session
from crm.funding.envelopes.rules import LINES, Line
from crm.kernel.clock import moment_in_words, today
from crm.kernel.money import Money
from crm.programme.cohort.models import Cohort, CohortDraft, CohortProposal
from crm.programme.cohort.queries.cohorts import drafts_of
from crm.programme.cohort.queries.drafts import Weighed, aims_of
from crm.programme.cohort.queries.headroom import grouped
from crm.programme.cohort.rules.changes import changes_since, limits_since, money_short, rooms_by_code
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.freezing import answer_of, question_of
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
    """The latest proposals of a cohort, the newest first, without what was asked: that is long."""
    query = select(CohortProposal).where(CohortProposal.cohort_id == cohort_id)
    query = query.options(defer(CohortProposal.question, raiseload=True))
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
    is_open, rows, free = found.cohort.confirmed_at is None, [], bar.left if bar else None
    for key, at, question, answer in session().execute(query):
        if answer:
            came = answer_of(answer)
            is_stale = is_open and bool(
                since(
                    question_of(question, seconds=0),
                    came,
                    now_=Now(found.cohort, sound.rows, sound.rooms, free),
                )
            )
            rows.append(Before(key, moment_in_words(at), came, is_stale))
    return best_of(rows, codes={each.reference for each in sound.selected}, score=sound.score)


@dataclass(frozen=True)
class Now:
    """What a proposal would rest on now: the ranked applications of a cohort, what limits of subsidies leave, and what is free."""

    cohort: Cohort
    rows: Sequence[Candidate]
    rooms: Rooms
    free: Money | None


def since(
    question: Question, came: Proposal, *, now_: Now, names: Mapping[str, str] | None = None
) -> list[str]:
    """What a proposal rests on that has changed since it was asked for, in words."""
    known = names or {}
    today_ = options(now_.cohort.round, now_.rows)
    found = changes_since(question.options, today_, names=known)
    if now_.rooms:
        grouped_, limit = grouped(today_, now_.rows, rooms=now_.rooms, on=today())
        before = next((each.headroom for each in question.limits if each.kind is LimitKind.HEADROOM), {})
        rooms = rooms_by_code(question.options, before), rooms_by_code(grouped_, limit.headroom)
        found += limits_since(*rooms, names=known)
    return [*found, *money_short(Money(came.asked), now_.free)]


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
    return tuple(_option(each, found) for each in rows if each.can_be_chosen and each.sum)


def _option(row: Candidate, found: Round) -> Option:
    assert row.percent is not None
    return Option(
        code=row.reference,
        total=row.percent,
        asked=row.sum.pence,
        lines={Line.CAPITAL: row.capital.pence, Line.REVENUE: (row.sum - row.capital).pence},
        shares=_shares(row, found),
        facts={str(dimension): tuple(groups) for dimension, groups in row.groups.items() if groups},
    )


def _shares(row: Candidate, found: Round) -> tuple[Fraction, ...]:
    """What each criterion adds to the total, the weightiest first, where these decide between equal totals."""
    if found.tie_rule is TieRule.PANEL:
        return ()
    weighty = sorted((each.weighed for each in found.criteria), key=lambda each: -each.weight)
    return tuple(row.by_criterion.get(each.code) or Fraction() for each in weighty)


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
