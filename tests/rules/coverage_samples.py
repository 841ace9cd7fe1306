"""What an address of coverage can name, and its CHECKs, each with a change that it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.coverage.models import DistrictFigures
from crm.coverage.queries.counting import count_region
from crm.coverage.service.counting import store
from crm.evidence.models import Crossing
from crm.evidence.workflow import Cause
from crm.kernel.clock import now, today
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast


def crossing(owner: Business) -> Crossing:
    """A service that a rule shut a business out of, and that it can use now."""
    told = {"wanted": "grant", "cause": Cause.BUSINESS, "was": "made", "is_now": "made", "is_certain": True}
    told |= {"shut_out_on": today(), "found_at": now()}
    service = factories.service(needs=("grant",))
    made: Crossing = factories.kept(Crossing(business_id=owner.id, service_id=service.id, **told))
    return made


def _crossings(_cast: Cast, _values: Mapping[str, Any]) -> tuple[Any, ...]:
    """One of their own business, and one of the stranger's."""
    found = [owner for each in (BUSINESS, OTHER_BUSINESS) if (owner := business(each)) is not None]
    return tuple(crossing(each).id for each in found)


def figures() -> DistrictFigures:
    """A published count of creative businesses that waits to be used."""
    told = {"source": "made", "as_of": today(), "businesses": {"B1": 3}, "brought_at": now()}
    made: DistrictFigures = factories.kept(DistrictFigures(**told))
    return made


SAMPLES: dict[str, Callable[[Cast, Mapping[str, Any]], tuple[Any, ...]]] = {
    "outcode": lambda _cast, _values: ("B1",),
    "need": lambda _cast, _values: ("grant",),
    "crossing_id": _crossings,
    "figures_id": lambda _cast, _values: (figures().id,),
}
CHECKS = {
    "ck_coverage_count_not_negative": "UPDATE coverage_count SET services = -1",
    "ck_coverage_total_not_negative": "UPDATE coverage_total SET unserved = -1",
    "ck_coverage_cell_not_negative": "UPDATE coverage_cell SET medium = -1",
    "ck_coverage_gap_share_without": "UPDATE coverage_gap SET unreached = 0",
    "ck_coverage_gap_not_negative": "UPDATE coverage_gap SET asked = -1",
    "ck_coverage_count_source_with_its_day": "UPDATE coverage_count SET source = 'made'",
    "ck_district_figures_somebody_says_so": "UPDATE district_figures SET source = ''",
    "ck_crossing_followed_up_at_if_followed_up": "UPDATE crossing SET status = 'followed_up', note = 'made'",
    "ck_crossing_followed_up_in_words": "UPDATE crossing SET status = 'followed_up', followed_up_at = found_at",
    "ck_crossing_told_only_what_is_certain": "UPDATE crossing SET told_at = found_at, is_certain = false",
}


def rows(made: Business) -> None:
    """A count of the region, figures of its districts, and a crossing."""
    store(count_region())
    figures()
    crossing(made)


OTHERS = {"outcode": lambda: "SW1A"}
"""A district outside the region, of which there is no page."""
