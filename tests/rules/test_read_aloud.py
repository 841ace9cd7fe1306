"""K23: whatever a room records is read aloud in words: each field, and each value of each list, in every room."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Enum, select

from crm.app import FEATURES
from crm.audit.models import AuditEntry, AuditValue
from crm.audit.rules import WHOLE_ACTS, Wording, is_id, told
from crm.casework.models import SupportKind
from crm.db.base import Base
from crm.db.session import session
from crm.kernel.text import PAST
from crm.web.feature import unfolded
from tests.houses import database

ROOMS = unfolded(FEATURES)
WORDING = Wording(
    {key: said for room in ROOMS for key, said in room.words.items()},
    {},
    {key: said for room in ROOMS for key, said in room.fields.items()},
)
TABLES = Base.metadata.tables.values()
# Shortened words and units that nobody says, and what a program calls a yes or no.
CODED = re.compile(
    r"\b(Pct|pct|Min|Max|Url|Wmca|Fte|Lad|Sic|Dcms|Leps?|Outcode|Sha256|[Hh]undredths|[Qq]uarters|Is)\b"
)
# A code, or a score in tenths of a point, in the values that stand inside another.
INSIDE = re.compile(r"\b[a-z]+(_[a-z]+)+\b|: \d{3}\b")
# Verbs whose past is not made with -ed, but for those that the log knows; and beginnings of acts that are no verbs.
UNREGULAR = {
    "begin", "bring", "build", "buy", "choose", "come", "draw", "find", "forget", "get", "give", "go",
    "hold", "keep", "lead", "leave", "let", "lose", "make", "meet", "pay", "put", "read", "run", "say",
    "see", "sell", "send", "set", "show", "speak", "spread", "stand", "take", "teach", "tell", "undo",
    "win", "withdraw", "write",
} - set(PAST)  # fmt: skip
NO_VERBS = frozenset({"not", "note", "un"})
# Lists whose words their rooms have still to say. It only grows shorter.
TO_DO = {
    "cohort.line",
    "cohort_target.dimension",
    "cohort_target.measure",
    "cohort_draft.status",
    "decision.status",
    "cohort_proposal.status",
}


def lists() -> dict[str, list[str]]:
    """Every column that holds a word of a list, with its words."""
    return {
        f"{table.name}.{column.name}": list(column.type.enums)
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, Enum)
    }


def test_k23_every_word_of_a_list_is_said_by_the_manifest_of_its_room() -> None:
    unsaid = {
        key
        for key, words in lists().items()
        if not callable(said := WORDING.words.get(key))
        and not (isinstance(said, Mapping) and set(words) <= set(said))
    }

    assert unsaid - TO_DO == set()


def test_k23_every_field_has_a_name_that_a_person_would_say() -> None:
    labels = {
        f"{table.name}.{column.name}": WORDING.field(table.name, column.name)
        for table in TABLES
        for column in table.columns
        if not column.primary_key
    }

    assert {key: label for key, label in labels.items() if CODED.search(label)} == {}


def test_k23_every_act_is_told_as_people_say_it() -> None:
    acts = {str(rule.act) for room in ROOMS for rule in (room.policy.rules if room.policy else ())}
    assert len(acts) > 400
    wrong = {act: told(act) for act in acts if act.partition("_")[0] in (UNREGULAR | NO_VERBS)}

    assert {act: said for act, said in wrong.items() if act not in WHOLE_ACTS} == {}


@pytest.mark.engine("sqlite")
def test_k23_whatever_the_demonstration_recorded_is_read_aloud_without_a_code(demo: Flask) -> None:
    words = {key: set(values) for key, values in lists().items()}
    opened = database(demo)
    with opened.engine.connect() as connection, opened.within(connection), opened.using(opened.open()):
        kinds = set(session().scalars(select(SupportKind.code)))
        read = [line for each in recorded() for line in coded(*each, words, kinds)]

    assert read == []


def recorded() -> list[tuple[str, Mapping[str, Any]]]:
    query = select(AuditEntry.thing_kind, AuditValue.changes)
    rows = session().execute(query.join(AuditValue, AuditValue.entry_id == AuditEntry.id)).all()
    return [(kind, changes) for kind, changes in rows]


def coded(kind: str, changes: Mapping[str, Any], words: Mapping[str, set[str]], kinds: set[str]) -> list[str]:
    """The fields and values of one entry that are still said as they are stored."""
    found = []
    for name, pair in changes.items():
        label = WORDING.field(kind, name)
        if CODED.search(label) and not label.endswith("?"):
            found.append(f"{kind}.{name}: {label}")
        for value in pair if isinstance(pair, list) else [pair]:
            is_of_list = isinstance(value, str) and value in words.get(f"{kind}.{name}", ())
            said = WORDING.value(kind, name, value, changes)
            if is_of_list and said == value and f"{kind}.{name}" not in TO_DO and "_" in value:
                found.append(f"{kind}.{name} = {value}")
            if said in kinds or re.fullmatch("[a-z]", said):
                found.append(f"{kind}.{name} = {said}")
            if re.search(r"(^|, )[a-z_], [a-z_], [a-z_](,|$)", said):
                found.append(f"{kind}.{name} = {said}: read letter by letter")
            if isinstance(value, Mapping) and INSIDE.search(said):
                found.append(f"{kind}.{name} = {said}")
            if isinstance(value, str) and not is_id(value) and re.fullmatch(r"[a-z]+(_[a-z]+)+", said):
                found.append(f"{kind}.{name} = {said}")
    return found
