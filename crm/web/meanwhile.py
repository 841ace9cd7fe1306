"""What a page showed was changed after it was opened: by whom, if by its own reader, and what is saved now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import wtforms
from flask import Flask, current_app, g

from crm.kernel.errors import PREVIEWED, Changed, Moved, Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import Audience
from crm.kernel.text import one_stop
from crm.web.filters import day, moment
from crm.web.identity import current_actor
from crm.web.once import shown_at
from crm.web.subjects import after_label

LastAct = Callable[[Any], tuple[UUID | None, datetime, str, str] | None]
"""Who acted last on a row, when, their name, and what they did: a question to the trail, which stands above the web."""


def words_of(refusal: Refusal) -> str:
    """A refusal in words: whoever changed the thing themselves, in another tab, is told so and when; staff, who else did."""
    if isinstance(refusal, Moved):
        return f"{one_stop(refusal.message)}{_who_moved_it()}"
    at = _own_change() if isinstance(refusal, Changed) else None
    if at is None:
        return one_stop(refusal.message)
    own = f"You changed this yourself in another tab, on {moment(at)}, so nothing was"
    if refusal.message == PREVIEWED:
        return f"{own} done in this one. Read what it says now, then decide."
    return f"{own} saved from this one. Check what it says now, then save again."


def _who_moved_it() -> str:
    """Who acted on the thing of this request after its page was shown, and when: names of staff are for staff."""
    door, found = g.get("door"), _last_act()
    if found is None or door is None or door.audience is not Audience.INTERNAL:
        return ""
    who = "You" if found[0] == current_actor().account_id else found[2] or "The system"
    return f" {who} {found[3]} on {moment(found[1])}."


def _own_change() -> datetime | None:
    """When the current actor did what was done last to the thing of this request, after they opened its page; None where another did."""
    found = _last_act()
    is_own = found is not None and found[0] is not None and found[0] == current_actor().account_id
    return found[1] if found is not None and is_own else None


def _last_act() -> tuple[UUID | None, datetime, str, str] | None:
    """What was done last to the thing of this request, if that was after its page was shown."""
    thing = g.get("thing")
    row = thing if hasattr(thing, "__tablename__") else getattr(thing, "application", None)
    found: tuple[UUID | None, datetime, str, str] | None = (
        current_app.extensions["last_act"](row) if row is not None else None
    )
    opened = shown_at()
    return found if found and (opened is None or found[1] > opened) else None


def show_saved(form: wtforms.Form) -> None:
    """Say at each field of a form that came too late what is saved now; sent once more, it saves what it says.

    A form of several rows has a version of each: "version_1" is that of "words_1" and of every other field that ends so.
    """
    for version in form:
        if version.name == "version" or version.name.startswith("version_"):
            _show_saved_of(form, version, of=version.name.removeprefix("version"))


def _show_saved_of(form: wtforms.Form, version: wtforms.Field, *, of: str) -> None:
    if version.object_data is None or version.data == version.object_data:
        return
    version.data, version.raw_data = version.object_data, None
    for field in form:
        saved = _in_words(field, field.object_data)
        if (
            saved
            and field.name.endswith(of)
            and field is not version
            and saved != _in_words(field, field.data)
        ):
            field.errors = [*field.errors, after_label(field.label.text, f"“{saved}” is saved now")]


def _in_words(field: wtforms.Field, value: Any) -> str:
    """A value as the page of its form reads; nothing for what is no single value."""
    if isinstance(field, wtforms.RadioField | wtforms.SelectField):
        return next((str(each[1]) for each in field.iter_choices() if each[0] == str(value)), "")
    if isinstance(value, date):
        return day(value)
    return str(value).strip() if isinstance(value, str | Money) or type(value) is int else ""


def install(app: Flask, last_act: LastAct) -> None:
    """Let refusals ask the trail who acted last."""
    app.extensions["last_act"] = last_act
