"""Fields read the field's own values; what cannot be read is said in words, and stays as it was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from crm.kernel.money import Money
from crm.kernel.postcodes import Postcode
from crm.web.fields import DayField, Line, MoneyField, PostcodeField, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form

ANYTHING = st.text(max_size=30)


class Everything(Form):
    money = MoneyField("Turnover", [optional()])
    postcode = PostcodeField("Postcode", [optional()])
    people = WholeNumberField("People", [optional()], most=100_000)
    name = Line("Name", [optional()])
    day = DayField("First day", [optional()])


class Needed(Form):
    money = MoneyField("Turnover", [InputRequired("Enter a turnover")])
    day = DayField("First day", [InputRequired("Enter the first day")])


def sent(form: type[Form] = Everything, **typed: str) -> Any:
    return form(MultiDict(typed))


def day(text: str) -> dict[str, str]:
    return dict(zip(("day-day", "day-month", "day-year"), text.split("/"), strict=True))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1200", Money.pounds(1200)),
        (" £1,300,000 ", Money.pounds(1_300_000)),
        ("£1.3m", Money.pounds(1_300_000)),
        ("£315k", Money.pounds(315_000)),
        ("12.50", Money(1250)),
        ("0", Money(0)),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, read: Money) -> None:
    form = sent(money=typed)

    assert form.validate()
    assert form.money.data == read
    assert form.money._value() == typed


@pytest.mark.parametrize(
    "typed",
    [
        "1,23",
        "12.345",
        "-5",
        "1e6",
        "NaN",
        "inf",
        "9" * 20,
        "£",
        "1.2.3",
        "１２",
        "1 000 000x",
        "£1m£",
        "None",
    ],
)
def test_money_that_cannot_be_read_stays_as_it_was_typed(typed: str) -> None:
    form = sent(money=typed)

    assert not form.validate()
    assert len(form.money.errors) == 1
    assert form.money._value() == typed


@pytest.mark.parametrize("typed", ["b11aa", "B1 1AA", " b1  1aa "])
def test_a_postcode_is_read_however_it_is_spaced(typed: str) -> None:
    form = sent(postcode=typed)

    assert form.validate()
    assert form.postcode.data == Postcode.parse("B1 1AA")


@pytest.mark.parametrize(
    "typed", ["B1 1A", "QQ1 1AA", "B１ 1AA", "B74", "B1 1AA'", "<b>B1 1AA</b>", "B" * 10_000, "B1 1AA\0"]
)
def test_a_postcode_that_is_none_stays_as_it_was_typed(typed: str) -> None:
    form = sent(postcode=typed)

    assert not form.validate()
    assert len(form.postcode.errors) == 1
    assert form.postcode._value() == typed


@pytest.mark.parametrize(("typed", "read"), [("4", 4), ("0", 0), ("1,200", 1200), ("100000", 100_000)])
def test_a_whole_number_is_read(typed: str, read: int) -> None:
    form = sent(people=typed)

    assert form.validate()
    assert form.people.data == read


@pytest.mark.parametrize(
    "typed", ["-1", "1.5", "four", "1e3", "٤", "²", "100001", "9" * 40, "1,23", ",", "1,,000", "+4", "0x4"]
)
def test_what_is_no_whole_number_stays_as_it_was_typed(typed: str) -> None:
    form = sent(people=typed)

    assert not form.validate()
    assert len(form.people.errors) == 1
    assert form.people._value() == typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [("27/3/2027", date(2027, 3, 27)), ("01/01/2026", date(2026, 1, 1)), ("29/2/2028", date(2028, 2, 29))],
)
def test_a_day_is_read_from_its_three_parts(typed: str, read: date) -> None:
    form = sent(**day(typed))

    assert form.validate()
    assert form.day.data == read


@pytest.mark.parametrize(
    "typed",
    [
        "30/2/2027",
        "29/2/2027",
        "0/1/2027",
        "1/13/2027",
        "//2027",
        "1//",
        "1/1/27",
        "1/1/20271",
        "1/1/0000",
        "a/b/c",
        "-1/1/2027",
        "１/1/2027",
        "²/1/2027",
    ],
)
def test_a_day_that_is_none_stays_as_it_was_typed(typed: str) -> None:
    form = sent(**day(typed))

    assert not form.validate()
    assert len(form.day.errors) == 1
    assert "/".join(form.day.parts) == typed


@pytest.mark.parametrize(
    "sent_parts", [{"day-day": "1"}, {"day-year": "2027"}, {"day-day": "1", "day-month": "2"}]
)
def test_a_day_sent_without_all_of_its_parts_is_said_to_lack_them(sent_parts: dict[str, str]) -> None:
    form = sent(**sent_parts)

    assert not form.validate()
    assert "must include a day, a month and a year" in form.day.errors[0]


def test_a_day_sent_many_times_over_breaks_nothing() -> None:
    form = Everything(
        MultiDict(
            [("day-day", "1"), ("day-day", "2"), ("day-month", "3"), ("day-year", "2027"), ("day", "x")]
        )
    )

    assert form.validate()
    assert form.day.data == date(2027, 3, 1)


def test_nothing_typed_is_nothing_and_not_nought() -> None:
    form = sent(money="  ", postcode="", people=" ", name=" ", **day("//"))

    assert form.validate()
    assert [form.money.data, form.postcode.data, form.people.data, form.day.data] == [None] * 4


def test_what_is_needed_is_asked_for_in_its_own_words() -> None:
    form = sent(Needed, money="", **day("//"))

    assert not form.validate()
    assert form.errors == {"money": ["Enter a turnover"], "day": ["Enter the first day"]}


def test_a_fresh_form_shows_what_is_known() -> None:
    form = Everything(None, data={"money": Money.pounds(1200), "people": 4, "day": date(2026, 11, 24)})

    assert form.money._value() == "1,200"
    assert form.people._value() == "4"
    assert form.day.parts == ("24", "11", "2026")


def test_a_line_is_trimmed_and_bounded() -> None:
    assert sent(name="  Ann  ").name.data == "Ann"
    too_long = sent(name="a" * 201)
    assert not too_long.validate()
    assert too_long.name.errors == ["Name must be 200 characters or fewer"]


@given(money=ANYTHING, postcode=ANYTHING, people=ANYTHING, first=ANYTHING, second=ANYTHING, third=ANYTHING)
def test_nothing_that_can_be_typed_breaks_a_form(
    money: str, postcode: str, people: str, first: str, second: str, third: str
) -> None:
    typed = {"day-day": first, "day-month": second, "day-year": third}
    form = sent(money=money, postcode=postcode, people=people, name=money, **typed)

    form.validate()
    assert form.money._value() == money
    assert form.money.data is None or isinstance(form.money.data, Money)
    assert form.day.data is None or isinstance(form.day.data, date)


@pytest.mark.parametrize(
    ("typed", "known"), [("3", 3), ("", None), ("x", None), ("-1", None), ("３", None), ("9" * 5_000, None)]
)
def test_a_version_on_the_screen_is_a_number_or_nothing(typed: str, known: int | None) -> None:
    class Versioned(Form):
        version = SeenVersion()

    assert Versioned(MultiDict({"version": typed})).version.data == known
    assert Versioned(None, data={"version": 7}).version.data == 7
