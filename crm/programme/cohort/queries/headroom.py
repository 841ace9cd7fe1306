"""What each enterprise can still be given as minimal financial assistance, as a limit of a proposed cohort (P38, P41)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from crm.funding.envelopes.queries.ledger import read_lines
from crm.funding.subsidy.queries import groups_of, headrooms_of
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY
from crm.programme.cohort.models import Cohort
from crm.programme.cohort.queries.decisions import next_reserve, waiting_list, waiting_lists
from crm.programme.cohort.rules.cascading import NO_LIMIT, Headroom
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option


def with_headroom(
    options: Sequence[Option], rows: Sequence[Candidate], *, on: date
) -> tuple[tuple[Option, ...], Limit]:
    """The applications with the enterprise of each, and what every enterprise can still be given on a day."""
    known = {each.code for each in options}
    owners = {each.reference: each.business_id for each in rows if each.reference in known}
    groups, left = groups_of(owners.values()), headrooms_of(owners.values(), on=on)
    names = {business_id: _name(group) for business_id, group in groups.items()}
    words = f"What each enterprise can still be given as subsidy on {day_in_words(on)}"
    by_group = {names[business_id]: max(0, money.pence) for business_id, money in left.items()}
    grouped = tuple(replace(each, group=names[owners[each.code]]) for each in options)
    return grouped, Limit(LimitKind.HEADROOM, words, headroom=by_group)


def room_of(found: Cohort) -> Headroom:
    """What each business on the waiting list of a cohort can still be given today (P34); a dry run gives nothing, so has no limit (P54)."""
    if found.envelope_id is None:
        return NO_LIMIT
    return _room([each.business_id for each in waiting_list(found)])


def _room(business_ids: Iterable[UUID]) -> Headroom:
    left = headrooms_of(business_ids, on=today())
    return lambda business_id: max(NO_MONEY, left[business_id]) if business_id in left else None


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
