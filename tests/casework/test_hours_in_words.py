"""Hours in words: how they are typed, how they are shown, and which band they fall into."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.casework.rules import hours_in_words, progress_in_words, reach_of, read_quarters
from crm.kernel.errors import BadInput


@given(st.integers(min_value=1, max_value=96))
def test_a23_every_quarter_is_read_as_it_is_written(quarters: int) -> None:
    assert read_quarters(hours_in_words(quarters)) == quarters


@pytest.mark.parametrize(
    ("quarters", "words"),
    [
        (38, "9.5 of 12 hours, 2.5 to go"),
        (47, "11.75 of 12 hours, 0.25 to go"),
        (48, "12 of 12 hours: enough to count"),
        (0, "0 of 12 hours, 12 to go"),
    ],
)
def test_a24_how_far_it_is_to_the_threshold(quarters: int, words: str) -> None:
    assert progress_in_words(quarters, 12) == words


@pytest.mark.parametrize(
    ("typed", "quarters"), [("1 hour 30 minutes", 6), ("1:30", 6), ("45 mins", 3), ("2h", 8), ("24", 96)]
)
def test_hours_are_typed_as_hours_and_minutes(typed: str, quarters: int) -> None:
    assert read_quarters(typed) == quarters
    for wrong in ("24.25", "1.1", "a while", "0"):
        with pytest.raises(BadInput, match=r"15 minutes|24 in a day|more than 0"):
            read_quarters(wrong)


@pytest.mark.parametrize(
    ("quarters", "band"), [(0, "light"), (3, "light"), (4, "medium"), (47, "medium"), (48, "high")]
)
def test_a25_at_a_boundary_it_is_the_higher_band(quarters: int, band: str) -> None:
    reach = reach_of({uuid4(): quarters}, 1, medium_hours=1, high_hours=12)
    assert getattr(reach, band) == 1
    assert reach.light + reach.medium + reach.high == 1
