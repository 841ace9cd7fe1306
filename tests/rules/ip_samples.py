"""A sample of every kind of thing of intellectual property that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.businesses.models import Business
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.ip import bed

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _of_both(make: Callable[[Business], Any]) -> Sample:
    """One of each business of the cast."""
    return lambda _cast, _values: tuple(make(bed.owner(each)).id for each in (BUSINESS, OTHER_BUSINESS))


def _partners(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return tuple(each.id for each in bed.whole(values["project_id"]).partners[:1])


def _spend(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (bed.spent(bed.whole(values["project_id"])).id,)


SAMPLES: dict[str, Sample] = {
    "project_id": lambda _cast, _values: (bed.running().id,),
    "test_bed.remove_partner partner_id": _partners,
    "test_bed.cancel_spend spend_id": _spend,
    **{
        f"test_bed_parts.{name} part_id": _of_both(bed.invited)
        for name in ("part", "take_part", "decline", "withdraw", "cancel_invitation")
    },
    "naming_id": _of_both(bed.asked),
    "text_id": lambda _cast, _values: (bed.text().id,),
    **{f"portfolio.{name} line_id": _of_both(bed.income) for name in ("correct", "remove", "protect")},
    "protection_id": _of_both(bed.linked),
    "strategic_id": _of_both(bed.decided),
    "lesson_id": lambda _cast, _values: (bed.published().id,),
}
OTHERS: dict[str, Callable[[], Any]] = {"project_id": lambda: bed.running().id}
