"""What is looked for in SQL is folded as it is in Python: the same on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from crm.db.types import has_words, in_plain_letters, only_figures
from crm.kernel.folding import plain

NAMES = (
    *(
        "Łódź Film House",
        "Søren Øster",
        "Ægir Þór",
        "Straße",
        "Đorđe",
        "O’Neill & Sons",
        "O'Hara",
        "Kiln™",
        "ÉCOLE",
    ),
    *("İstanbul ışık", "Ångström", "Œuvre", "Dvořák", "Nguyễn", "plain 50%_\\", "مرحبا", "中文", ""),
)


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_fold_a_name_as_we_do(db: Session, name: str) -> None:
    assert db.scalar(select(in_plain_letters(literal(name)))) == plain(name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łódź Film House Ltd", "lodz film house limited"),
        ("Marlow & Pike", "marlow and pike"),
        ("Marlow and Pike", "marlow & pike"),
        ("Marlow + Pike", "&  marlow – pike ltd"),
        ("Søren Øster", "soren oster"),
        ("O’Neill", "oneill"),
        ("O'Neill", "O‘Neill"),
        ("50% more", "%"),
        ("a_b", "_"),
        ("angel@x.example", "Angel@x.ex"),
        ("Ang_el@x.example", "<ang_el@X.example>,"),
        ("o'neil@x.example", "o’neil@x.example"),
        ("The Studio@Home", "studio@home"),
        ("Studio @ Home", "home @ studio"),
    ],
)
def test_words_are_found_however_they_are_written(db: Session, name: str, typed: str) -> None:
    assert db.scalar(select(has_words(typed, literal(name))))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("an-angel@x.example", "angel@x.example"),
        ("Marlow", "marlow pike"),
        ("plain", "%"),
        ("ab", "a_b c"),
        ("", "x"),
        ("lamps", "lamps%"),
        ("example angel x", "angel@x.example"),
    ],
)
def test_what_is_not_there_is_not_found(db: Session, name: str, typed: str) -> None:
    assert not db.scalar(select(has_words(typed, literal(name))))


def test_figures_are_what_is_left_of_a_number(db: Session) -> None:
    assert db.scalar(select(only_figures(literal("+44 (0)121 496-0000 ext 3")))) == "44012149600003"
