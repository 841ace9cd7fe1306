"""Reading the trail: names rather than ids, one person's acts, one thing's history, values in words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.audit import queries, service
from crm.audit.rules import in_words
from crm.kernel.permissions import SYSTEM, Actor
from tests.accounts.people import person


def test_an_entry_names_whoever_acted_and_nobody_for_the_system(db: Session) -> None:
    thing, doer = person(), person()
    service.record("edit", thing, by=Actor(doer.id, doer.name))
    service.record("tidy", thing, by=SYSTEM)
    db.expire_all()

    assert [(entry.act, entry.actor_name) for entry in queries.entries_about(thing)] == [
        ("tidy", None),
        ("edit", doer.name),
    ]


def test_the_trail_is_read_by_person_and_by_thing(db: Session) -> None:
    thing, other, doer = person(), person(), person()
    mine = service.record("edit", thing, by=Actor(doer.id, doer.name))
    service.record("edit", other, by=SYSTEM)

    by_person = queries.trail(search=queries.Search(by=doer.id)).rows
    about_thing = queries.trail(search=queries.Search(about=("account", str(thing.id)))).rows

    assert [entry.id for entry in by_person] == [mine.id]
    assert [entry.id for entry in about_thing] == [mine.id]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ([], "nothing"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("2026-11-24", "24 November 2026"),
        ("2026-07-01T09:30:00+00:00", "1 July 2026 at 10:30am"),
        ("2026-13-99", "2026-13-99"),
        ("T+T", "T+T"),
        (["a", None], "a, nothing"),
        ({"a": 1}, "a: 1"),
    ],
)
def test_a_kept_value_is_said_in_words(kept: Any, said: str) -> None:
    assert in_words(kept) == said
