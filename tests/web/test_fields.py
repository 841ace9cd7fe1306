"""Fields read the field's own values; what cannot be read is said in words, and stays as it was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from crm.kernel.money import Money
from crm.kernel.postcodes import Postcode
from crm.web.fields import (
    DayField,
    EmailLine,
    Line,
    MoneyField,
    PostcodeField,
    SeenVersion,
    WholeNumberField,
    optional,
)
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


def told_at(name: str, form: Any) -> str:
    form.validate()
    return " ".join(form.errors.get(name, ()))


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
        ("nil", Money(0)),
        ("60k", Money.pounds(60_000)),
        ("60\u00a0000", Money.pounds(60_000)),
        ("“£60,000”", Money.pounds(60_000)),
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


@pytest.mark.parametrize(
    "typed", ["b11aa", "B1 1AA", " b1  1aa ", "‘b1 1aa’", "“B1 1AA”", "B1 1AA.", "B1\u00a01AA"]
)
def test_a_postcode_is_read_however_it_is_spaced(typed: str) -> None:
    form = sent(postcode=typed)

    assert form.validate()
    assert form.postcode.data == Postcode.parse("B1 1AA")


@pytest.mark.parametrize(
    "typed",
    [
        "B1 1A",
        "QQ1 1AA",
        "DY1 2",
        "1234 AB",
        "B11 AA",
        "B１ 1AA",
        "B74",
        "B1' 1AA",
        "<b>B1 1AA</b>",
        "B" * 10_000,
        "B1 1AA\0",
    ],
)
def test_a_postcode_that_is_none_stays_as_it_was_typed(typed: str) -> None:
    form = sent(postcode=typed)

    assert not form.validate()
    assert len(form.postcode.errors) == 1
    assert form.postcode._value() == typed


@pytest.mark.parametrize(("typed", "read"), [("4", 4), ("0", 0), ("1,200", 1200), ("10 000", 10_000)])
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
        "1/1/0024",
        "1/1/206",
        "1/1/1020",
        "1/1/20271",
        "32/1/2027",
        "1/ju/2027",
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
    ("parts", "says", "box"),
    [
        ("//2027", "First day must include a day and a month", "day"),
        ("1//2027", "First day must include a month", "month"),
        ("1/2/", "First day must include a year", "year"),
        ("1/13/2027", "First day must have a month from 1 to 12, or its name", "month"),
        ("1/2/202", "First day must have a year of four figures, like 2027", "year"),
        ("1/2/0024", "First day must be 1 January 1900 or later", "year"),
        ("31/2/2027", "First day must be a real date", "day"),
    ],
)
def test_k20_what_is_wrong_with_a_day_is_said_at_the_box_concerned(parts: str, says: str, box: str) -> None:
    form = sent(**day(parts))

    assert not form.validate()
    assert form.day.errors == [says]
    assert form.day.wrong[0] == box


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ("27/jan/2027", date(2027, 1, 27)),
        ("1st/Sept./27", date(2027, 9, 1)),
        (" 3 /4/26", date(2026, 4, 3)),
        ("29/February/28", date(2028, 2, 29)),
        ("1/Ionawr/2027", date(2027, 1, 1)),
        ("“3”/mar/1999", date(1999, 3, 3)),
        ("3/mar/99", date(1999, 3, 3)),
    ],
)
def test_k20_a_day_is_read_with_a_named_month_and_a_short_year(parts: str, read: date) -> None:
    form = sent(**day(parts))

    assert form.validate(), form.errors
    assert form.day.data == read


@pytest.mark.parametrize("typed", ["27/3/2027", "27 March 2027", "2027-03-27", "27.3.27", "27th Mar 2027"])
def test_a_whole_day_typed_into_the_first_box_is_read(typed: str) -> None:
    form = Everything(MultiDict({"day-day": typed, "day-month": "", "day-year": ""}))

    assert form.validate(), form.errors
    assert form.day.data == date(2027, 3, 27)


class Past(Form):
    day = DayField("Trading since", [optional()], least=date(1600, 1, 1), most=lambda: date(2026, 11, 24))


@pytest.mark.parametrize(
    ("parts", "read"),
    [("1/1/62", date(1962, 1, 1)), ("1/1/26", date(2026, 1, 1)), ("1/1/1620", date(1620, 1, 1))],
)
def test_k20_a_short_year_of_a_past_day_is_of_the_past(parts: str, read: date) -> None:
    form = sent(Past, **day(parts))

    assert form.validate(), form.errors
    assert form.day.data == read


@pytest.mark.parametrize("parts", ["1/1/27", "25/11/2026", "1/1/1020"])
def test_k20_a_past_day_neither_lies_ahead_nor_in_another_age(parts: str) -> None:
    assert not sent(Past, **day(parts)).validate()


class Told(Form):
    text = TextAreaField("What", [Length(max=10, message="Too long")])
    email = EmailLine("Email address", [optional()])


def test_k20_a_line_break_counts_once_however_the_browser_sends_it() -> None:
    form = sent(Told, text="12345\r\n7890")

    assert form.validate()
    assert form.text.data == "12345\n7890"


@pytest.mark.parametrize("typed", ["a\x00b", "a\x08b"])
def test_what_cannot_be_shown_is_refused_in_a_line_and_in_a_text(typed: str) -> None:
    assert "cannot be shown" in told_at("text", sent(Told, text=typed))
    assert "cannot be shown" in told_at("name", sent(name=typed))


@pytest.mark.parametrize(
    "typed",
    ["Ann\r\nLee", "Ann\nLee", "Ann\x0bLee", "Ann\u2028Lee", " Ann\t Lee ", "Ann\u202e Lee", "\ufeffAnn Lee"],
)
def test_k27_a_line_is_one_line(typed: str) -> None:
    form = sent(name=typed)

    assert form.validate()
    assert form.name.data == "Ann Lee"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "lee..dots@made.example",
            "mo.@made.example",
            ".lee@made.example",
            "a@made.example; b@made.example",
        ),
        *(
            "a@made.example,b@made.example",
            "a b@made.example",
            "a@made..example",
            "a@-made.example",
            "a@made",
        ),
        *(
            "a@[10.0.0.1]",
            "x" * 65 + "@made.example",
            "a@made.example\nBcc: b@made.example",
            "not an address",
        ),
    ],
)
def test_k21_an_address_that_no_mail_server_takes_is_refused_and_stays_as_it_was_typed(typed: str) -> None:
    form = sent(Told, email=typed)

    assert not form.validate()
    assert "email address" in form.email.errors[0]
    assert form.email._value() == typed


@pytest.mark.parametrize("typed", ["Lee@Made.example", " lee@made.example ", "“lee@made.example”"])
def test_k21_an_address_is_read_in_lower_case(typed: str) -> None:
    form = sent(Told, email=typed)

    assert form.validate()
    assert form.email.data == "lee@made.example"


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
