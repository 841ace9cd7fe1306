"""Rows of cohorts for the routes that name one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application
from crm.programme.cohort.models import CohortDraft
from crm.programme.cohort.queries.decisions import decision, decision_about
from crm.programme.cohort.service import changing, confirming, deciding, telling
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import ProposalStatus
from tests import cohorts, rounds
from tests.cast import Cast
from tests.rules import award_samples

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


def _confirmed() -> tuple[Application, Application, Application]:
    """Three applications to a round: one with an award, one on the waiting list, one unsuccessful."""
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80, 70)
    draft = cohorts.draft(found, rows[0])
    confirming.propose(draft, Proposing(1), by=SYSTEM)
    confirming.confirm(draft, by=SYSTEM)
    return rows[0], rows[1], rows[2]


def _decided(place: int) -> Sample:
    """The decision on one of three."""

    def found(_cast: Cast, _values: Values) -> tuple[Any, ...]:
        made = decision_about(_confirmed()[place].id)
        assert made is not None
        return (made.id,)

    return found


def _told(*, proposed: bool) -> Sample:
    """An award that its applicant was told of; if ``proposed``, one person proposes to withdraw it."""

    def found(cast: Cast, values: Values) -> tuple[Any, ...]:
        (decision_id,) = _decided(0)(cast, values)
        made = decision(decision_id)
        assert made is not None
        telling.notify(made, by=SYSTEM)
        if proposed:
            # by who opens no door of this room, so that each who may confirm it is another
            made.withdrawal_reason, made.withdrawal_proposed_at = "Made: it closed", now()
            made.withdrawal_proposed_by_id = cast.administrator.id
            session().flush()
        return (decision_id,)

    return found


def _reserve_told(cast: Cast, values: Values) -> tuple[Any, ...]:
    """An application that was told of its place on the waiting list."""
    (decision_id,) = _decided(1)(cast, values)
    made = decision(decision_id)
    assert made is not None
    telling.notify(made, by=SYSTEM)
    return (decision_id,)


def _changes(is_decided: bool = False) -> Sample:
    """A proposal to lower an award, by somebody who opens no door of this room; if ``is_decided``, it was refused."""

    def found(cast: Cast, values: Values) -> tuple[Any, ...]:
        (decision_id,) = _told(proposed=False)(cast, values)
        made = decision(decision_id)
        assert made is not None
        one = cohorts.change(made, proposed_by_id=cast.administrator.id)
        if is_decided:
            changing.refuse(cohorts.whole_change(one), reason="Made: it needs all of it", by=SYSTEM)
        return (one.id,)

    return found


def _own_changes(cast: Cast, values: Values) -> tuple[Any, ...]:
    """A proposal by each who may withdraw their own."""
    rows = [_told(proposed=False)(cast, values)[0] for _ in (0, 1)]
    made = [
        (decision(key), each) for key, each in zip(rows, (cast.programme_manager, cast.approver), strict=True)
    ]
    return tuple(cohorts.change(one, proposed_by_id=by.id).id for one, by in made if one is not None)


def _given_up(cast: Cast, values: Values) -> tuple[Any, ...]:
    """An award that its business gave up, which nobody marked as read."""
    (decision_id,) = _told(proposed=False)(cast, values)
    made = decision(decision_id)
    assert made is not None
    deciding.end_award(made, "Made: declined", is_given_up=True, by=SYSTEM)
    return (decision_id,)


def _decided_cohort(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    made = decision_about(_confirmed()[0].id)
    assert made is not None
    return (made.cohort_id,)


def _submitted(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """An application that was assessed."""
    return (cohorts.ranked(cohorts.judged(), 80)[0].id,)


def _its_criterion(_cast: Cast, values: Values) -> tuple[Any, ...]:
    found = session().get_one(Application, values["application_id"])
    return (rounds.whole_application(found).round.criteria[0].id,)


SAMPLES: dict[str, Sample] = {
    **award_samples.SAMPLES,
    "cohort_id": lambda _cast, _values: (cohorts.cohort().id,),
    "cohort_draft_id": _cohort_drafts,
    "cohort_proposal_id": lambda _cast, _values: (cohorts.proposal(cohorts.cohort()).id,),
    "cohort_proposals.cancel cohort_proposal_id": _waiting_proposals,
    "target_id": _targets,
    "decision_id": _decided(0),
    "award_withdrawals.propose_withdrawal decision_id": _told(proposed=False),
    "award_withdrawals.keep_award decision_id": _told(proposed=True),
    "award_withdrawals.read_end decision_id": _given_up,
    "decision_changes.lower decision_id": _told(proposed=False),
    "decision_changes.propose_release decision_id": _reserve_told,
    "decision_change_id": _changes(),
    "decision_changes.read decision_change_id": _changes(is_decided=True),
    "decision_changes.withdraw decision_change_id": _own_changes,
    **{f"decisions.{name} decision_id": _decided(1) for name in ("promote", "release_reserve")},
    **{
        f"decisions.{name} cohort_id": _decided_cohort
        for name in ("decisions", "letters", "notify_all", "waiting_list")
    },
    "feedback.write_feedback application_id": _submitted,
    "feedback.write_all application_id": _submitted,
    "feedback.refusals cohort_id": _decided_cohort,
    "feedback.write_feedback criterion_id": _its_criterion,
    **{f"cohort_drafts.{name} application_id": _in_the_round for name in ("choose", "remove")},
    "cohort_drafts.override application_id": _below,
}
