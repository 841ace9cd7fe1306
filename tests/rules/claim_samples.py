"""A sample of every kind of thing of claims that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.db.session import session
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.awards.service import closing
from crm.programme.claims.models import AwardClaim, AwardCost
from crm.programme.claims.service import money_proposals
from tests import claimed, factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _both(make: Callable[[UUID], UUID]) -> Sample:
    """One of each business of the cast."""
    return lambda _cast, _values: tuple(make(each) for each in (BUSINESS, OTHER_BUSINESS))


def _draft(business_id: UUID) -> UUID:
    return claimed.claim(claimed.award(business_id)).id


def _submitted(business_id: UUID) -> UUID:
    return claimed.submitted(claimed.award(business_id)).id


def _cost(_cast: Cast, values: Values) -> tuple[Any, ...]:
    found = session().get_one(AwardClaim, values["award_claim_id"])
    return (claimed.again(found).costs[0].id,)


def _invoice(_cast: Cast, values: Values) -> tuple[Any, ...]:
    cost = session().get_one(AwardCost, values["cost_id"])
    return (factories.document("award_cost", cost.id).id,)


def _milestone(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (claimed.whole(values["award_id"]).milestones[0].id,)


def _met_milestone(_cast: Cast, values: Values) -> tuple[Any, ...]:
    found = claimed.whole(values["award_id"])
    claimed.met(found)
    return (found.milestones[0].id,)


def _all_met(business_id: UUID) -> UUID:
    found = claimed.award(business_id)
    claimed.paid(found)
    claimed.met(claimed.whole(found.id), 1)
    return found.id


def _closings(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that the programme manager of the cast proposed, and one of the system."""
    manager = cast.programme_manager.actor
    proposed = ((BUSINESS, manager), (OTHER_BUSINESS, SYSTEM))
    return tuple(claimed.closing(claimed.paid(claimed.award(each)).award, by).id for each, by in proposed)


def _read_closings(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that was refused."""
    made = claimed.closing(claimed.paid(claimed.award()).award)
    closing.refuse(made, reason="Made: it goes on", by=SYSTEM)
    return (made.id,)


def _money(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One about each business of the cast, by somebody who opens no door of this room."""
    by = Actor(account_id=cast.administrator.id, name="Made", is_system=True)
    return tuple(claimed.money_proposal(claimed.paid(claimed.award(each)).award, by=by).id for each in BOTH)


def _own_money(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One by each who may withdraw their own."""
    manager, officer = cast.programme_manager.actor, cast.finance_officer.actor
    asked = claimed.money_proposal(claimed.paid(claimed.award()).award, by=manager)
    return asked.id, claimed.to_return(claimed.unpaid(), by=officer).id


def _read_money(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One of each kind that was refused."""
    ids = (
        claimed.money_proposal(claimed.paid(claimed.award()).award).id,
        claimed.to_return(claimed.unpaid()).id,
    )
    for each in ids:
        money_proposals.refuse(claimed.whole_proposal(each), reason="Made: it was agreed", by=SYSTEM)
    return ids


BOTH = (BUSINESS, OTHER_BUSINESS)
DECIDED = ("approve", "return_", "reject")
SAMPLES: dict[str, Sample] = {
    "award_claim_id": _both(_draft),
    **{f"claim_decisions.{each} award_claim_id": _both(_submitted) for each in DECIDED},
    "cost_id": _cost,
    **{f"grant_claims.{each} document_id": _invoice for each in ("invoice", "remove_file")},
    "recovery_id": _both(lambda each: claimed.asked_back(claimed.award(each)).id),
    "recoveries.release recovery_id": _both(lambda each: claimed.received(claimed.award(each)).id),
    "money_proposal_id": _money,
    "money_proposals.withdraw money_proposal_id": _own_money,
    "money_proposals.read money_proposal_id": _read_money,
    "money_proposals.return_unpaid award_claim_id": _both(lambda each: claimed.unpaid(business_id=each).id),
    "money_proposals.ask award_id": _both(lambda each: claimed.paid(claimed.award(each)).award_id),
    "award_closing.end award_id": _both(lambda each: claimed.paid(claimed.award(each)).award_id),
    "award_closing.complete award_id": _both(_all_met),
    "change_kind": lambda _cast, _values: ("time", "scope", "money"),
    "award_change_id": _both(lambda each: claimed.change(claimed.award(each)).id),
    "award_changes.support award_change_id": _both(lambda each: claimed.money_moved(claimed.award(each)).id),
    "award_changes.ask_change award_id": _both(lambda each: claimed.award(each).id),
    "closing_id": _closings,
    "award_closing.read closing_id": _read_closings,
    "evidence_id": _both(lambda each: claimed.handed_in(claimed.award(each)).id),
    **{
        f"milestone_evidence.{each} evidence_id": _both(
            lambda one: claimed.begun_evidence(claimed.award(one)).id
        )
        for each in ("edit", "add_files", "hand_in", "remove_file")
    },
    **{
        f"milestone_evidence.{each} document_id": lambda _cast, values: (
            factories.document("milestone_evidence", values["evidence_id"]).id,
        )
        for each in ("file", "remove_file")
    },
    **{
        f"{each} award_id": _both(lambda one: claimed.award(one).id)
        for each in ("award_claims.claims_of_award", "award_claims.begin", "milestone_evidence.begin")
    },
    "award_claims.begin milestone_id": _met_milestone,
    "milestone_evidence.begin milestone_id": _milestone,
}


def others(_cast: Cast) -> dict[str, Callable[[], UUID]]:
    """Another of what an address names."""
    return {
        "award_id": lambda: claimed.award().id,
        "award_claim_id": lambda: claimed.claim(claimed.award()).id,
        "cost_id": lambda: claimed.claim(claimed.award()).costs[0].id,
        "recovery_id": lambda: claimed.asked_back(claimed.award()).id,
        "evidence_id": lambda: claimed.handed_in(claimed.award()).id,
    }
