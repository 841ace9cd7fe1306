"""The demonstration's large round: £800,000 of capital and £500,000 of revenue, more asked for than there is, no draft yet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.funding.envelopes.jobs import GROWTH
from crm.funding.envelopes.queries.ledger import envelope_named
from crm.kernel.permissions import Actor
from crm.programme.jobs.choosing import Applicant, assess_all, begin
from crm.programme.rounds.models import Round

ASKING = (
    (80, 50, (5, 5, 5, 5)),
    (90, 40, (5, 5, 5, 4)),
    (70, 60, (5, 5, 4, 5)),
    (85, 45, (5, 4, 5, 5)),
    (75, 55, (5, 5, 4, 4)),
    (80, 50, (4, 5, 5, 5)),
    (90, 40, (5, 4, 4, 5)),
    (70, 55, (4, 5, 5, 4)),
    (80, 50, (4, 5, 4, 5)),
    (80, 65, (4, 4, 5, 5)),
    (95, 20, (4, 4, 4, 5)),
    (30, 20, (4, 4, 4, 4)),
    (90, 40, (3, 4, 4, 4)),
    (60, 30, (2, 3, 2, 2)),
)
"""Thousands of pounds of capital and of revenue, and the points by criterion that both assessors give, the best first.

Nine fit by rank. With the tenth both lines come to exactly what there is, if it is given £10,000 less of revenue. When the
second declines, the first on the waiting list asks for more capital than that frees, so the next comes in.
"""


def grow(found: Round, business_ids: Sequence[UUID], *, by: Actor) -> int:
    """Every business applies and is assessed, so that the cohort can be built; return how many applications there are."""
    cohort_id = begin(found, envelope_named(GROWTH), line=None, by=by)
    if cohort_id is None:
        return 0
    applicants = [
        Applicant(each, 1_000 * (capital + revenue), (points, points), 1_000 * capital)
        for each, (capital, revenue, points) in zip(business_ids, ASKING, strict=False)
    ]
    assess_all(found.id, applicants, by=by)
    return len(applicants)
