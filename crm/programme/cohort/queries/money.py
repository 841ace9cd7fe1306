"""The money beside a cohort, from the line of the envelope that funds it."""

from __future__ import annotations

from crm.funding.envelopes.queries import line_of
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.models import Cohort, CohortDraft
from crm.programme.cohort.rules.money import Bar


def bar_of(found: Cohort, draft: Money = NO_MONEY) -> Bar | None:
    """The money bar of a cohort with a draft on it; None in a dry run, which uses no live money."""
    if found.envelope_id is None:
        return None
    line = line_of(found.envelope_id, found.line)
    return Bar(line.limited_to, line.committed, line.reserved, draft)


def bar_beside(found: Cohort, draft: CohortDraft) -> Bar | None:
    """The money bar of a cohort beside one of its drafts. Once the cohort is confirmed its awards are reserved, so a draft adds nothing."""
    return bar_of(found) if found.confirmed_at else bar_of(found, draft.money)
