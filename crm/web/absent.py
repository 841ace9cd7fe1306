"""Colleagues who are away: said beside their name wherever somebody is chosen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from wtforms.fields.choices import SelectChoice

from crm.web.navigation import features


def absent(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of some people who are away now or soon, each in words: "away until 3 December"."""
    brought = [room.absences for room in features() if room.absences]
    return {each: words for absences in brought for each, words in absences(account_ids).items()}


def mark_absent(field: Any) -> None:
    """Say beside each person that a field offers whether they are away.

    A choice is a person by its value: an id of an account, alone or after a word, as in "colleague:…".
    """
    groups = field.choices if isinstance(field.choices, dict) else {"": field.choices}
    away = absent({each for rows in groups.values() for row in rows if (each := _person_in(row))})
    if not away:
        return
    marked = {name: [_marked(row, away) for row in rows] for name, rows in groups.items()}
    field.choices = marked if isinstance(field.choices, dict) else marked[""]


def _marked(row: SelectChoice, away: dict[UUID, str]) -> SelectChoice:
    person = _person_in(row)
    words = away.get(person, "") if person else ""
    return SelectChoice(row.value, f"{row.label} ({words})") if words else row


def _person_in(row: SelectChoice) -> UUID | None:
    kind, _, id_ = str(row.value).rpartition(":")
    try:
        return UUID(id_) if kind in {"", "account", "colleague"} else None
    except ValueError:
        return None
