"""A secret is judged by how often it would have to be guessed."""

from __future__ import annotations

import random
from base64 import b64encode

import pytest

from crm.config.strength import bits_of, is_weak

LOT = random.Random(126)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "a" * 64,
        "abc" * 20,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "0123456789abcdef" * 4,
        "change-me-change-me-change-me-change-me",
        "not-a-secret-" * 4,
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "CreativeGrowthWestMidlandsSecret!",
    ],
)
def test_what_was_made_up_is_weak(secret: str) -> None:
    assert is_weak(secret)


def test_what_was_drawn_by_lot_is_not() -> None:
    drawn = [LOT.randbytes(16).hex() for _ in range(30)]
    drawn += [b64encode(LOT.randbytes(32)).decode() for _ in range(30)]

    assert [each for each in drawn if is_weak(each)] == []
    assert bits_of(drawn[-1]) > bits_of(drawn[0])
