"""Two copies of a form: whether the second says what the first said."""

from __future__ import annotations

import pytest

from crm.submissions.service import is_alike

SENT = {"title": ["aa", False], "position": ["09", True]}


@pytest.mark.parametrize(
    ("said", "is_the_same"),
    [
        (SENT, True),
        ({**SENT, "position": ["10", True]}, True),
        ({**SENT, "position": ["09", False]}, True),
        ({**SENT, "position": ["10", False]}, False),
        ({**SENT, "title": ["bb", False]}, False),
        ({**SENT, "title": ["bb", True]}, False),
        ({**SENT, "tick": ["yy", False]}, False),
        ({"title": ["aa", False]}, False),
        ({}, False),
    ],
    ids=[
        "the very same",
        "we filled in another place",
        "the browser kept the first place",
        "another place was typed",
        "another title",
        "a title of ours for one that was typed",
        "one tick more",
        "one field less",
        "nothing",
    ],
)
def test_a_copy_is_known_by_what_its_sender_filled_in(
    said: dict[str, list[object]], is_the_same: bool
) -> None:
    assert is_alike(SENT, said) is is_the_same
