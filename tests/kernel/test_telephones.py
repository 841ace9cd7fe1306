"""Telephone numbers: one number has the same figures however it is written."""

from __future__ import annotations

import pytest

from crm.kernel.telephones import dialled, figures_of


@pytest.mark.parametrize(
    "typed",
    [
        *("0121 496 0000", "(0121) 496-0000", "+44 (0)121 496 0000", "+44 121 4960000", "0044 121 496 0000"),
        *("0121 496 0000 ext 3", "0121 496 0000 x3", "0121 496 0000, ask for Jo", "1214960000"),
    ],
)
def test_one_number_written_in_many_ways_has_the_same_figures(typed: str) -> None:
    assert figures_of(typed) == "1214960000"


@pytest.mark.parametrize("typed", ["", "x", "call me", "0121", "12345", "000000"])
def test_too_few_figures_tell_nothing(typed: str) -> None:
    assert figures_of(typed) == ""


def test_a_link_dials_the_number_and_its_extension() -> None:
    assert dialled("0121 496 0000 ext 3") == "01214960000;ext=3"
    assert dialled("+44 (0)121 496 0999") == "+441214960999"
    assert dialled("0121 496 0000") == "01214960000"
