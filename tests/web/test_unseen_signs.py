"""Signs that nobody sees, in texts of several lines."""

from __future__ import annotations

import pytest

from tests.web.test_fields import Told, sent


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u2060"])
def test_a_text_of_several_lines_loses_signs_that_nobody_sees_and_keeps_the_joiners_of_letters(
    sign: str,
) -> None:
    form = sent(Told, text=f"a{sign}b\r\nc\u200cd\u200de")

    assert form.validate()
    assert form.text.data == "ab\nc\u200cd\u200de"
