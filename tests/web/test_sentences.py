"""A sentence that ends with what a person typed has one full stop, on pages, in letters and in messages."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from jinja2 import DictLoader
from markupsafe import Markup

from crm.kernel.text import one_stop
from crm.notices.rules import environment_of


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Tell them yourself.", "Because: Tell them yourself. Next"),
        ("Full", "Because: Full. Next"),
        ("Really?", "Because: Really? Next"),
        ("Marlow & Pike Ltd.", "Because: Marlow &amp; Pike Ltd. Next"),
        (Markup("<b>Full</b>"), "Because: <b>Full</b>. Next"),
    ],
)
def test_a_full_stop_after_what_was_typed_is_never_doubled_on_a_page(
    app: Flask, typed: str, said: str
) -> None:
    with app.test_request_context():
        assert render_template_string("Because: {{ typed }}. Next", typed=typed) == said


def test_a_full_stop_after_what_was_typed_is_never_doubled_in_a_letter_or_a_message() -> None:
    letter = environment_of(
        DictLoader({"made": "{{ business }} is late. {{ reason }}.\nGo on, {{ reason }}.{{ 2 }}"})
    )
    told = letter.get_template("made").render(business="Pike Ltd.", reason="We wait for the bank.")
    assert told == "Pike Ltd. is late. We wait for the bank.\nGo on, We wait for the bank..2"
    assert (
        one_stop("Sent to Marlow and Pike Ltd.. See it ... now.")
        == "Sent to Marlow and Pike Ltd. See it ... now."
    )
