"""A sample of every kind of thing of exporting that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.businesses.models import Business
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.exporting import trade

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _of_both(make: Callable[[Business], Any]) -> Sample:
    """One of each business of the cast."""
    return lambda _cast, _values: tuple(make(trade.owner(each)).id for each in (BUSINESS, OTHER_BUSINESS))


SAMPLES: dict[str, Sample] = {
    "market_id": lambda _cast, _values: (trade.market().id,),
    "edition_id": lambda _cast, _values: (trade.edition().id,),
    "visit_id": _of_both(trade.visit),
    "country_id": _of_both(trade.country),
    "task_id": _of_both(lambda owner: trade.task(trade.country(owner))),
    "barrier_id": _of_both(trade.barrier),
}
