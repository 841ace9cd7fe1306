"""A whole number that is too large is told its bounds, and not what a number looks like."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from crm.kernel.money import NO_MONEY, Money
from crm.web.fields import WholeNumberField, optional
from crm.web.forms import Form


class Counted(Form):
    people = WholeNumberField("People", [optional()], most=100_000)


@pytest.mark.parametrize("typed", ["100001", "1 000 000 000 000", "9" * 40])
def test_a_whole_number_that_is_too_large_is_told_its_bounds(typed: str) -> None:
    form = Counted(MultiDict({"people": typed}))

    assert not form.validate()
    assert form.errors["people"] == ["People must be between 0 and 100,000"]


@pytest.mark.parametrize("typed", ["nil", "Nil", "zero", "0"])
def test_k19_nothing_is_typed_in_a_whole_number_as_in_a_sum_of_money(typed: str) -> None:
    form = Counted(MultiDict({"people": typed}))

    assert form.validate()
    assert (form.people.data, Money.parse(typed)) == (0, NO_MONEY)
