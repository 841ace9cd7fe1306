"""A reason is words: in every form that asks for one, and in every verb that takes one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from crm.kernel.errors import Invalid, require_reason
from crm.web.fields import Line, Why
from crm.web.forms import Form
from tests.web.test_fields import sent, told_at


class Asking(Form):
    reason = TextAreaField("Why?", [InputRequired("Say why")])
    known = Why("How do you know?", [InputRequired("Say how you know")])


@pytest.mark.parametrize("typed", [".", " - ", "…", "x", "?!", "\u200b.", "__"])
def test_a_mark_or_a_letter_is_no_reason_in_any_form_or_verb(typed: str) -> None:
    form = sent(Asking, reason=typed, known=typed)

    assert told_at("reason", form) == "Say why: what you entered is too short"
    assert told_at("known", form) == "Say how you know"
    with pytest.raises(Invalid, match="Say why in a few words"):
        require_reason(typed)
    assert sent(Asking, reason="R&D", known="£5").validate()


def kinds_of(form: type[Form]) -> Iterator[type[Form]]:
    for each in form.__subclasses__():
        yield from (each, *kinds_of(each))


def stands_in_crm(form: type[Form]) -> bool:
    """Whether a form is written in the product. One made for a page, of a row's parts, is there only if its test ran before."""
    return (
        form.__module__.startswith("crm.") and getattr(sys.modules[form.__module__], form.__name__, 0) is form
    )


def test_a_line_that_asks_why_or_how_it_is_known_takes_no_mark_alone(app: Flask) -> None:
    asks = re.compile("Why|How (do you know|is it known)")
    forms = {each for each in kinds_of(Form) if stands_in_crm(each)}
    with app.test_request_context():
        lines = [
            (form.__name__, field.name)
            for form in forms
            if "__init__" not in vars(form)
            for field in form()
            if isinstance(field, Line) and not isinstance(field, Why) and asks.match(str(field.label.text))
        ]
    assert lines == []
