"""Rows of outcomes for the routes that name one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.links.rules import Purpose
from crm.links.service import mint
from tests import outcomes
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.programme.applicants import own
from tests.rules import claim_samples

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


def _asked(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The baseline of each business of the cast, asked for."""
    return tuple(outcomes.planned(outcomes.awarded(own(each)))[0].id for each in (BUSINESS, OTHER_BUSINESS))


def _given(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    rows = (outcomes.planned(outcomes.awarded(own(each)))[0] for each in (BUSINESS, OTHER_BUSINESS))
    return tuple(outcomes.given(each).id for each in rows)


def _token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.FIGURES, str(outcomes.planned(outcomes.awarded(own()))[0].id)),)


SAMPLES: dict[str, Sample] = {
    "report_id": _asked,
    "outcome_reports.open_figures token": _token,
    **{f"outcome_reports.{name} report_id": _given for name in ("confirm", "correct")},
    "outcome_reports.start application_id": lambda _cast, _values: (outcomes.awarded(own()).id,),
    **claim_samples.SAMPLES,
}
