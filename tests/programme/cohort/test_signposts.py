"""Where a refusal points to: at least two services of the directory, or the general ways where it has none."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.directory.models import Service
from crm.programme.cohort.queries.signposts import ALWAYS, signposts_for
from tests import factories


def paths(found: list[dict[str, str]]) -> list[str]:
    return [each["path"] for each in found]


def test_P37_a_refusal_names_two_or_three_services_of_the_directory(db: Session, reference: None) -> None:
    owner = factories.business()
    named = paths(signposts_for([owner.id])[owner.id])
    assert 2 <= len(named) <= 3
    assert [each for each in named if not each.startswith("/directory/services/")] == []


def test_where_nothing_of_the_directory_is_open_the_general_ways_stand_in(
    db: Session, reference: None
) -> None:
    owner = factories.business()
    db.execute(update(Service.__table__).values(status="closed"))
    assert signposts_for([owner.id])[owner.id] == list(ALWAYS)
