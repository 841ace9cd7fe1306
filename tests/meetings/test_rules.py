"""Times of the day as people type them, and events that a calendar reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from crm.kernel.clock import moment_on, read_time, time_in_words, to_local, write_time
from crm.kernel.errors import BadInput
from crm.kernel.events import Event
from crm.meetings.rules import seats_in_words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14:30", time(14, 30)),
        ("2.30pm", time(14, 30)),
        ("2.30 PM", time(14, 30)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("00:00", time(0)),
        ("9.05", time(9, 5)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, read: time) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "9", "25:00", "12:60", "13pm", "0am", "half nine", "1:2", "１４:３０", "14:30:00"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_time(typed)


@given(st.times())
def test_a_time_as_it_is_shown_is_read_again(hour: time) -> None:
    whole = hour.replace(second=0, microsecond=0, fold=0)
    assert read_time(write_time(hour)) == read_time(time_in_words(whole)) == whole


def test_the_hour_that_spring_skips_is_refused_and_of_autumns_two_the_first_is_meant() -> None:
    with pytest.raises(BadInput):
        moment_on(date(2027, 3, 28), time(1, 30))
    assert moment_on(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_on(date(2027, 3, 29), time(9)) == datetime(2027, 3, 29, 8, tzinfo=UTC)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.times().map(lambda each: each.replace(fold=0)))
def test_a_moment_shows_the_time_that_was_asked_for(day: date, hour: time) -> None:
    try:
        moment = moment_on(day, hour)
    except BadInput:
        return
    assert (to_local(moment).date(), to_local(moment).time()) == (day, hour)


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_a_calendar_reads_an_event_back(is_cancelled: bool) -> None:
    begins, ends = datetime(2027, 3, 29, 8, tzinfo=UTC), datetime(2027, 3, 29, 9, 30, tzinfo=UTC)
    title = "R&D; <10, “schöne” Dinge\nBEGIN:VALARM " + "long " * 30
    event = Event(
        "one@x", 3, begins, ends, title, "Digbeth, B9", ("Ann; Ltd", "ann@x.example"), "", is_cancelled
    )
    text = event.to_ics()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = Calendar.from_ical(text)
    (found,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == ("CANCEL" if is_cancelled else "PUBLISH")
    assert (str(found["UID"]), found["SEQUENCE"], str(found["SUMMARY"])) == ("one@x", 3, title)
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (begins, ends)
    assert found["STATUS"] == ("CANCELLED" if is_cancelled else "CONFIRMED")
    assert not calendar.walk("VALARM")


@pytest.mark.parametrize(
    ("seats", "taken", "words"), [(3, 1, "2 places left"), (3, 2, "1 place left"), (3, 3, "Full")]
)
def test_the_places_that_are_left_are_said(seats: int, taken: int, words: str) -> None:
    assert seats_in_words(seats, taken).startswith(words)
