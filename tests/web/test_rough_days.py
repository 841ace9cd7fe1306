"""A day that is known roughly, such as when a business began, may be a month and a year."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from crm.web.fields import DayField
from crm.web.forms import Form

BOXES = ("day-day", "day-month", "day-year")


class Rough(Form):
    """A form whose day is known roughly."""

    day = DayField("Trading since", is_rough=True)


@pytest.mark.parametrize(
    ("parts", "read"), [("/3/2019", date(2019, 3, 1)), ("27/3/2019", date(2019, 3, 27)), ("//2019", None)]
)
def test_k20_where_a_day_is_known_roughly_a_month_and_a_year_are_enough(
    parts: str, read: date | None
) -> None:
    form = Rough(MultiDict(zip(BOXES, parts.split("/"), strict=True)))
    assert form.validate() is (read is not None)
    assert form.day.data == read
