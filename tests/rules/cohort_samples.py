"""Rows of cohorts for the routes that name one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from crm.db.session import session
from crm.kernel.clock import now
from crm.programme.cohort.models import CohortDraft
from crm.programme.cohort.workflow import ProposalStatus
from tests import cohorts, rounds
from tests.cast import Cast

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _cohort_drafts(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A draft in which the better of two applications is chosen."""
    found = cohorts.cohort(cohorts.judged(threshold=6_000))
    return (cohorts.draft(found, *cohorts.ranked(found.round, 80)).id,)


def _in_the_round(_cast: Cast, values: Values) -> tuple[Any, ...]:
    """What is chosen in the draft already."""
    found = session().get_one(CohortDraft, values["cohort_draft_id"])
    return tuple(each.application_id for each in cohorts.whole_draft(found).places)


def _below(_cast: Cast, values: Values) -> tuple[Any, ...]:
    """One that is below the threshold of the round."""
    found = cohorts.whole_draft(session().get_one(CohortDraft, values["cohort_draft_id"]))
    return (cohorts.ranked(found.round, 30)[0].id,)


def _waiting_proposals(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that the worker has not begun."""
    return (cohorts.proposal(cohorts.cohort(), status=ProposalStatus.ASKED).id,)


def _targets(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A target of a round that has not opened."""
    opens = now() + timedelta(days=1)
    early = rounds.round_(opens_at=opens, deadline_at=opens + timedelta(days=9), published_at=now())
    return (cohorts.target(cohorts.cohort(early)).id,)


SAMPLES: dict[str, Sample] = {
    "cohort_id": lambda _cast, _values: (cohorts.cohort().id,),
    "cohort_draft_id": _cohort_drafts,
    "cohort_proposal_id": lambda _cast, _values: (cohorts.proposal(cohorts.cohort()).id,),
    "cohort_proposals.cancel cohort_proposal_id": _waiting_proposals,
    "target_id": _targets,
    **{f"cohort_drafts.{name} application_id": _in_the_round for name in ("choose", "remove")},
    "cohort_drafts.override application_id": _below,
}
