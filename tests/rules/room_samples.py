"""The samples of rooms that keep theirs in a file of their own, put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.cast import Cast
from tests.rules import (
    caseload_samples,
    cohort_samples,
    complaint_samples,
    coverage_samples,
    directory_samples,
    exporting_samples,
    feed_samples,
    funding_samples,
    ip_samples,
    network_samples,
    night_samples,
    outcome_samples,
    report_samples,
    syndicate_samples,
)

SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    **network_samples.SAMPLES,
    **night_samples.SAMPLES,
    **caseload_samples.SAMPLES,
    **cohort_samples.SAMPLES,
    **complaint_samples.SAMPLES,
    **directory_samples.SAMPLES,
    **feed_samples.SAMPLES,
    **funding_samples.SAMPLES,
    **exporting_samples.SAMPLES,
    **coverage_samples.SAMPLES,
    **outcome_samples.SAMPLES,
    **ip_samples.SAMPLES,
    **syndicate_samples.SAMPLES,
    **report_samples.SAMPLES,
}


def others(cast: Cast) -> dict[str, Callable[[], UUID]]:
    """Another thing of the same kind as each parent in an address."""
    found = {**funding_samples.others(cast), **network_samples.OTHERS, **ip_samples.OTHERS}
    return {**found, **night_samples.OTHERS, **coverage_samples.OTHERS}
