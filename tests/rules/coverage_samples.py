"""What an address of coverage can name, and its CHECKs, each with a change that it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.businesses.models import Business
from crm.coverage.queries.counting import count_region
from crm.coverage.service import store
from tests.cast import Cast

SAMPLES: dict[str, Callable[[Cast, Mapping[str, Any]], tuple[Any, ...]]] = {
    "outcode": lambda _cast, _values: ("B1",),
    "need": lambda _cast, _values: ("grant",),
}
CHECKS = {
    "ck_coverage_count_not_negative": "UPDATE coverage_count SET services = -1",
    "ck_coverage_total_not_negative": "UPDATE coverage_total SET unserved = -1",
    "ck_coverage_cell_not_negative": "UPDATE coverage_cell SET medium = -1",
    "ck_coverage_gap_share_without": "UPDATE coverage_gap SET unreached = 0",
    "ck_coverage_gap_not_negative": "UPDATE coverage_gap SET asked = -1",
}


def rows(_made: Business) -> None:
    """A count of the region."""
    store(count_region())
