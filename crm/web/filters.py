"""How values are shown on pages: days, moments, money and words."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from crm.kernel.calendar import day_in_words, days_in_words
from crm.kernel.clock import day_of, moment_in_words, told_apart
from crm.kernel.measures import counted, in_hours
from crm.kernel.telephones import dialled, unbroken
from crm.kernel.text import ended, within
from crm.kernel.workflow import spoken
from crm.web.subjects import summed_up


def day(value: date | datetime | None) -> str:
    """A day as it is written: "24 November 2026"; of a moment, the day it was in London; nothing for no day."""
    if isinstance(value, datetime):
        value = day_of(value)
    return day_in_words(value) if value else ""


def month(value: date | None) -> str:
    """A month and its year: "November 2026"."""
    return f"{value:%B %Y}" if value else ""


def moment(value: datetime | None) -> str:
    """A moment on a London clock: "24 November 2026 at 9:05am"; nothing for no moment."""
    return moment_in_words(value) if value else ""


def sentence(value: str) -> str:
    """The same words with a capital first letter."""
    return value[:1].upper() + value[1:]


def _counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun in agreement: ``1 | counted("step")`` is "1 step"."""
    return counted(one, many)(number)


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    for name, filter_ in (
        ("day", day),
        ("days_to", days_in_words),
        ("month", month),
        ("moment", moment),
        ("told_apart", told_apart),
        ("said", spoken),
        ("telephone", unbroken),
        ("dialled", dialled),
        ("hours", in_hours),
        ("counted", _counted),
        ("sentence", sentence),
        ("ended", ended),
        ("within", within),
        ("summed_up", summed_up),
    ):
        app.add_template_filter(filter_, name)
