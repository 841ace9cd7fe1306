"""A sample of every kind of thing of exporting and intellectual property that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.businesses.models import Business
from crm.db.session import session
from crm.exporting.delegations.models import DelegationReturn
from crm.exporting.delegations.queries import counting
from crm.kernel.clock import today
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.exporting import trade
from tests.ip import acting

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _of_both(make: Callable[[Business], Any]) -> Sample:
    """One of each business of the cast."""
    return lambda _cast, _values: tuple(make(trade.owner(each)).id for each in (BUSINESS, OTHER_BUSINESS))


def _due(owner: Business) -> DelegationReturn:
    """The first that a business is asked about its place, due today."""
    found = counting.returns_of(trade.went(owner).id)[1]
    found.due_on = today()
    session().flush()
    return found


SAMPLES: dict[str, Sample] = {
    "market_id": lambda _cast, _values: (trade.market().id,),
    "edition_id": lambda _cast, _values: (trade.edition().id,),
    "visit_id": _of_both(trade.visit),
    "country_id": _of_both(trade.country),
    "task_id": _of_both(lambda owner: trade.task(trade.country(owner))),
    "delegation_id": lambda _cast, _values: (trade.opened().id,),
    **{
        f"delegation_places.{name} place_id": _of_both(trade.any_place)
        for name in ("place", "assess", "accept", "decline", "give_up", "withdraw", "offer_again")
    },
    **{f"place_papers.{name} place_id": _of_both(trade.any_place) for name in ("prepare", "settle")},
    "return_id": _of_both(_due),
    "barrier_id": _of_both(trade.barrier),
    "readiness_action_id": _of_both(acting.action),
}
