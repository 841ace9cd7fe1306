"""What each enterprise can still be given as minimal financial assistance, as a limit of a proposed cohort (P38, P41)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from crm.funding.subsidy.queries import groups_of, headrooms_of
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY
from crm.programme.cohort.models import Cohort
from crm.programme.cohort.queries.decisions import waiting_list
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
    left = headrooms_of([each.business_id for each in waiting_list(found)], on=today())
    return lambda business_id: max(NO_MONEY, left[business_id]) if business_id in left else None


def _name(group: frozenset[UUID]) -> str:
    """One name for an enterprise, whichever of its businesses applies."""
    return min(str(each) for each in group)
