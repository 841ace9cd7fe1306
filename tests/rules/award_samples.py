"""Rows of awards for the routes that name one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.kernel.clock import now
from crm.programme.awards.models import Award
from crm.programme.awards.workflow import AwardStatus
from crm.programme.cohort.models import Decision
from crm.programme.cohort.workflow import DecisionStatus
from tests import awards, cohorts, factories, rounds
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.programme.applicants import own

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _decision(business_id: UUID) -> Decision:
    """A successful decision that the business was told of."""
    found = cohorts.cohort(cohorts.judged())
    about = rounds.application(own(business_id), found.round)
    return cohorts.decision(found, about, status=DecisionStatus.NOTIFIED, notified_at=now())


def award(business_id: UUID, **fields: Any) -> Award:
    return awards.award(_decision(business_id), **fields)


def _awards(status: AwardStatus) -> Sample:
    """One of each founder's business."""

    def found(_cast: Cast, _values: Values) -> tuple[Any, ...]:
        return tuple(award(each, status=status).id for each in (BUSINESS, OTHER_BUSINESS))

    return found


def _checked(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Prepared by another, and the company is in order."""
    return (award(BUSINESS, register_status="active", register_checked_at=now()).id,)


def _with_letter(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    made = award(BUSINESS, status=AwardStatus.OFFERED)
    made.letter_key = str(factories.document("award", made.id).id)
    return (made.id,)


SAMPLES: dict[str, Sample] = {
    "award_id": _awards(AwardStatus.OFFERED),
    "award_offers.prepare decision_id": lambda _cast, _values: (_decision(BUSINESS).id,),
    **{
        f"award_offers.{name} award_id": _awards(AwardStatus.PREPARED)
        for name in ("change", "check_company", "record_company", "preview")
    },
    "award_offers.offer award_id": _checked,
    "award_offers.letter award_id": _with_letter,
}
