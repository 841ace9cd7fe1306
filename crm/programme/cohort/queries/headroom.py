"""What each enterprise can still be given as minimal financial assistance, as a limit of proposals, drafts and waiting lists (P38, P41)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from crm.db.promising import Promised
from crm.db.session import session
from crm.funding.envelopes.queries.ledger import envelope, read_lines
from crm.funding.subsidy.queries import Wanted, fits_of, rooms_of
from crm.funding.subsidy.rules import Fit, Past, Room
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, today
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.queries.decisions import DECISION, next_reserve, waiting_list, waiting_lists
from crm.programme.cohort.rules.cascading import NO_LIMIT, Headroom
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.freezing import limits_of
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.sharing import Sharing, shared
from crm.programme.cohort.workflow import DecisionStatus, Outcome


def with_headroom(
    options: Sequence[Option], rows: Sequence[Candidate], *, on: date
) -> tuple[tuple[Option, ...], Limit]:
    """The applications with the enterprise of each, and what every enterprise can still be given on a day."""
    known = {each.code for each in options}
    owners = {each.business_id for each in rows if each.reference in known}
    return grouped(options, rows, rooms=rooms_of(owners, on=on), on=on)


def grouped(
    options: Sequence[Option], rows: Sequence[Candidate], *, rooms: Mapping[UUID, Room], on: date
) -> tuple[tuple[Option, ...], Limit]:
    """The same, by rooms that are known: those of no known room are left out."""
    owners = {each.reference: each.business_id for each in rows if each.business_id in rooms}
    names = {business_id: _name(room.members) for business_id, room in rooms.items()}
    words = f"What each enterprise can still be given as subsidy on {day_in_words(on)}"
    by_group = {names[business_id]: max(0, room.left.pence) for business_id, room in rooms.items()}
    found = tuple(replace(each, group=names[owners[each.code]]) for each in options if each.code in owners)
    return found, Limit(LimitKind.HEADROOM, words, headroom=by_group)


def rooms_in(found: Cohort, rows: Sequence[Candidate]) -> dict[UUID, Room]:
    """What leaves its room to the enterprise of each ranked application of a cohort today. A dry run gives nothing, so it has no limits."""
    if found.envelope_id is None:
        return {}
    return rooms_of((each.business_id for each in rows), on=today())


def rooms_then(found: Cohort, rows: Sequence[Candidate]) -> dict[UUID, Room]:
    """The same as it was when the cohort was confirmed, by the list that was kept then: of older cohorts only what was shown of it."""
    kept = limits_of(found.limits or (), rows)
    return {one.business_id: each.known for each in kept for one in each.members}


def sharings(found: Cohort, rows: Sequence[Candidate], *, chosen: Mapping[UUID, Money]) -> list[Sharing]:
    """Of the ranked applications of a cohort those that share a limit of subsidies, or are chosen for all that they can be given today or more.

    ``chosen`` is what a draft awards, by the id of the application.
    """
    return shared(rows, rooms=rooms_in(found, rows), chosen=chosen)


def room_of(found: Cohort) -> Headroom:
    """What each business on the waiting list of a cohort can still be given today (P34); a dry run gives nothing, so has no limit (P54)."""
    if found.envelope_id is None:
        return NO_LIMIT
    return _room([each.business_id for each in waiting_list(found)])


def _room(business_ids: Iterable[UUID]) -> Headroom:
    rooms = rooms_of(business_ids, on=today())
    return lambda business_id: rooms[business_id].fits if business_id in rooms else None


def unfit(rows: Iterable[Decision]) -> dict[UUID, Fit]:
    """Of some decisions the awards of which no offer could be made today, by their ids, each with by how much it passes the limit."""
    found = [each for each in rows if _is_to_offer(each)]
    fits = fits_of([_wanted(each) for each in found]) if found else []
    return {each.id: fit for each, fit in zip(found, fits, strict=True) if fit.over}


def _is_to_offer(found: Decision) -> bool:
    """Whether an offer of an award is still to be prepared. A dry run gives nothing."""
    is_award = found.outcome is Outcome.SUCCESSFUL and found.status is not DecisionStatus.WITHDRAWN
    return is_award and found.papers_id is None and found.cohort.envelope_id is not None


def _wanted(found: Decision) -> Wanted:
    return Wanted(found.application.business_id, found.left, today(), decided_id=found.id)


def why_no_offer(found: Decision, fit: Fit) -> Past:
    """Why no offer of an award can be made today, with what to do."""
    fund = envelope(found.cohort.envelope_id) if found.cohort.envelope_id else None
    own = "lower or withdraw this award" if found.notified_at else "withdraw this award"
    do = fit.to_do(
        later="give the offer a start date of {day} or later", own=own, until=fund.ends_on if fund else None
    )
    over = fit.over.in_full() if fit.over else ""
    return Past(f"No offer of it can be made today: it passes the limit of subsidies by {over}.", fit, do)


def promises(business_ids: Collection[UUID]) -> list[Promised]:
    """What was decided for some businesses and is not in the register of subsidies yet: awards whose papers were never begun."""
    query = (
        select(Application.business_id, Application.reference, Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Cohort, Cohort.id == Decision.cohort_id)
        .where(Application.business_id.in_(list(business_ids)), Cohort.envelope_id.is_not(None))
        .where(Decision.outcome == Outcome.SUCCESSFUL, DECISION.status != DecisionStatus.WITHDRAWN)
        .where(Decision.papers_id.is_(None))
    )
    return [_promised(*row) for row in session().execute(query)]


def _promised(business_id: UUID, reference: str, made: Decision) -> Promised:
    is_told, day = made.told_outcome is Outcome.SUCCESSFUL, day_of(made.decided_at)
    return Promised(business_id, made.left, day, reference, "decision", made.id, is_told)


def with_free_money(cohorts: Sequence[Cohort]) -> list[Cohort]:
    """Those of some cohorts in which free money, within its headroom, reaches somebody on the waiting list.

    The number of queries does not grow with the cohorts or their waiting lists.
    """
    live = [each for each in cohorts if each.envelope_id is not None]
    if not live:
        return []
    read_lines(each.envelope_id for each in live)
    lists = waiting_lists([each.id for each in live])
    room = _room({each.business_id for waiting in lists.values() for each in waiting})
    steps = ((each, next_reserve(each, room, waiting=lists.get(each.id, []))) for each in live)
    return [each for each, step in steps if step.chosen is not None]


def _name(group: frozenset[UUID]) -> str:
    """One name for an enterprise, whichever of its businesses applies."""
    return min(str(each) for each in group)
