"""Reads of decisions, of the waiting list and of feedback."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.money import NO_MONEY
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.cohort.models import Cohort, CohortDraft, Decision, Feedback
from crm.programme.cohort.queries.money import free_of
from crm.programme.cohort.rules.cascading import NO_LIMIT, Headroom, Reserve, Step, next_of
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.rounds.models import Round

DECISION = Decision.__table__.c
MOST = 5_000
INSTEAD = {
    Outcome.SUCCESSFUL: "Withdraw its award on the page of the decision or, once the business accepted it, end it early.",
    Outcome.RESERVE: "Take it off the waiting list instead.",
    Outcome.UNSUCCESSFUL: "It was not successful, so nothing is awarded to it.",
    Outcome.WITHDREW: "It withdrew at its own request, so nothing is awarded to it.",
}
"""What is done instead of ruling out an application that is decided."""


def _whole() -> Select[Decision]:
    about = joinedload(Decision.application)
    return select(Decision).options(
        about.joinedload(Application.business).undefer(Business.shared),
        about.joinedload(Application.round),
        joinedload(Decision.withdrawal_proposed_by),
        joinedload(Decision.cohort).joinedload(Cohort.round).selectinload(Round.criteria),
        joinedload(Decision.cohort).selectinload(Cohort.targets),
    )


def decision(decision_id: UUID) -> Decision | None:
    """One decision with its application, cohort and round."""
    return session().scalar(_whole().where(Decision.id == decision_id))


def decision_about(application_id: UUID) -> Decision | None:
    """The decision about an application, if there is one."""
    return session().scalar(_whole().where(Decision.application_id == application_id))


def withdrawals_proposed() -> Sequence[Decision]:
    """The awards that one person proposes to withdraw, the oldest proposal first."""
    query = _whole().where(DECISION.withdrawal_proposed_at.is_not(None))
    query = query.where(DECISION.status != DecisionStatus.WITHDRAWN)
    return session().scalars(query.order_by(DECISION.withdrawal_proposed_at, DECISION.id).limit(MOST)).all()


def decision_told(application_id: UUID) -> Decision | None:
    """The decision about an application, for its story: with the cohort's round, without criteria and targets."""
    about = joinedload(Decision.application)
    query = select(Decision).options(
        about.joinedload(Application.business).undefer(Business.shared),
        about.joinedload(Application.round),
        joinedload(Decision.cohort).joinedload(Cohort.round),
    )
    return session().scalar(query.where(Decision.application_id == application_id))


def why_not_ruled_out(application_id: UUID) -> str | None:
    """Why an application is not ruled out: it is decided, or an award to it is withdrawn or ended on its own page (P36)."""
    query = select(DECISION.status, DECISION.outcome).where(Decision.application_id == application_id)
    found = session().execute(query).first()
    if found is None or found[0] is DecisionStatus.WITHDRAWN:
        return None
    return f"This application is decided, so it cannot be ruled out. {INSTEAD[found[1]]}"


def told_about(application_ids: Collection[UUID]) -> Sequence[tuple[Decision, UUID]]:
    """The decisions about some applications that were sent to the applicant, each with the id of its round."""
    query = select(Decision, Application.round_id).join(
        Application, Application.id == Decision.application_id
    )
    query = query.where(Decision.application_id.in_(list(application_ids)), Decision.notified_at.is_not(None))
    return [(found, round_id) for found, round_id in session().execute(query)]


def decisions_of(cohort_id: UUID, *statuses: DecisionStatus) -> Sequence[Decision]:
    """The decisions of a cohort, or those of them that stand so: awards first, then the waiting list in its order.

    What is no longer awarded comes last.
    """
    query = _whole().join(Application, Application.id == Decision.application_id)
    query = query.where(Decision.cohort_id == cohort_id)
    if statuses:
        query = query.where(DECISION.status.in_(statuses))
    rows = session().scalars(query.order_by(Application.reference).limit(MOST)).all()
    order = list(Outcome)
    return sorted(rows, key=lambda each: (_is_over(each), order.index(each.outcome), each.place or 0))


def _is_over(found: Decision) -> bool:
    return found.status is DecisionStatus.WITHDRAWN


def counts_of(cohort_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many decisions of each cohort were not sent yet."""
    query = select(Decision.cohort_id, func.count()).where(
        Decision.cohort_id.in_(cohort_ids), DECISION.status == DecisionStatus.SAVED
    )
    rows = session().execute(query.group_by(Decision.cohort_id))
    return {row[0]: row[1] for row in rows}


def events_after(cohort_id: UUID) -> list[Decision]:
    """The decisions of a cohort that changed after it was confirmed: withdrawn, ended, or awarded from the waiting list."""
    rows = decisions_of(cohort_id)
    return [
        each
        for each in rows
        if each.withdrawn_at is not None or each.promoted_reason or each.released != NO_MONEY
    ]


def given_up(after: datetime) -> Sequence[Decision]:
    """The awards whose application its business withdrew after a moment, and that nobody marked as read; the oldest first."""
    query = _whole().join(Application, Application.id == Decision.application_id)
    query = query.where(
        Decision.is_end_unread,
        DECISION.status == DecisionStatus.WITHDRAWN,
        Decision.outcome == Outcome.SUCCESSFUL,
        Decision.withdrawn_at > after,
        Application.__table__.c.status == ApplicationStatus.WITHDRAWN,
    )
    return session().scalars(query.order_by(Decision.withdrawn_at, Decision.id).limit(MOST)).all()


def waiting_list(found: Cohort) -> list[Reserve]:
    """The waiting list of a cohort in its order."""
    return waiting_lists([found.id]).get(found.id, [])


def waiting_lists(cohort_ids: Collection[UUID]) -> dict[UUID, list[Reserve]]:
    """The waiting lists of some cohorts, each in its order and counted from 1: one query, however many there are."""
    query = (
        select(
            Decision.cohort_id,
            Decision.id,
            Application.business_id,
            Business.name,
            Decision.amount,
            Decision.capital,
            Decision.notified_at.is_not(None),
            Decision.application_id,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Business, Business.id == Application.business_id)
        .where(Decision.cohort_id.in_(list(cohort_ids)), Decision.outcome == Outcome.RESERVE)
    )
    lists: dict[UUID, list[Reserve]] = {}
    for row in session().execute(query.order_by(Decision.place)):
        cohort_id, key, owner, name, wanted, capital, told, about = row
        waiting = lists.setdefault(cohort_id, [])
        place = len(waiting) + 1
        waiting.append(Reserve(key, owner, name, place, wanted or NO_MONEY, capital, told, about))
    return lists


@remembered
def places_today(cohort_ids: Collection[UUID]) -> dict[UUID, int]:
    """By decision: its place on the waiting list today. Whoever is next is at number 1."""
    return {each.id: each.place for rows in waiting_lists(cohort_ids).values() for each in rows}


def next_reserve(
    found: Cohort, headroom: Headroom = NO_LIMIT, *, waiting: Sequence[Reserve] | None = None
) -> Step:
    """Who comes in next with what is free now, of the cohort's waiting list, which a caller may have read."""
    free = free_of(found)
    if free is None:
        return Step()
    reserves = waiting_list(found) if waiting is None else waiting
    return next_of(reserves, free=free, headroom=headroom, partial=found.allows_partial)


def feedback_of(application_ids: Collection[UUID]) -> dict[UUID, list[Feedback]]:
    """The feedback on some applications, by the application, in the order of the criteria."""
    query = (
        select(Feedback)
        .where(Feedback.application_id.in_(application_ids))
        .options(joinedload(Feedback.criterion))
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[Feedback]] = {}
    for each in sorted(session().scalars(query), key=lambda row: (row.criterion.position, str(row.id))):
        found.setdefault(each.application_id, []).append(each)
    return found


def letters_of(found: Decision) -> list[tuple[datetime, str, bool]]:
    """The letters about a decision, the oldest first, each with its time and whether anyone got it. Of decisions before this was kept only the last one is known."""
    kept = [
        (datetime.fromisoformat(each["at"]), str(each["text"]), bool(each["is_sent"]))
        for each in found.letters
    ]
    at = found.notified_at if found.withdrawn_at is None else found.withdrawn_at
    return kept or ([(at, found.letter_text, True)] if at and found.letter_text else [])


def belonging_to(application_ids: Collection[UUID]) -> Mapping[str, Collection[UUID]]:
    """The cohorts that some applications were decided in, and the drafts put forward for them: their acts are under the reference too."""
    cohorts = select(Decision.cohort_id).where(Decision.application_id.in_(list(application_ids)))
    drafts = select(CohortDraft.id).where(
        CohortDraft.cohort_id.in_(cohorts), CohortDraft.proposed_at.is_not(None)
    )
    asked = {"cohort": cohorts.distinct(), "cohort_draft": drafts}
    return {table: session().scalars(query).all() for table, query in asked.items()}
