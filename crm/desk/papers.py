"""Drawings of the house for ``docs/drawn/``, made from its own tables."""

from __future__ import annotations

from collections.abc import Iterable
from configparser import ConfigParser
from pathlib import Path

from sqlalchemy import Table

from crm.db.base import Base
from crm.db.migrating import ROOT
from crm.kernel.drawing import draw_machine, draw_table, permission_rows
from crm.kernel.workflow import spoken
from crm.web.feature import Feature

OF_WINGS = "A wing may import any wing after it, but not one beside it (·)."
NOTE = "Drawn by `make docs` from the code. Change the code, not this page.\n"


def drawings(rooms: Iterable[Feature]) -> dict[str, str]:
    """Every drawing by the name of its file."""
    known = tuple(rooms)
    return {
        "workflows.md": _workflows(known),
        "permissions.md": _permissions(known),
        "floors.md": _floors(ROOT / "setup.cfg"),
        "follows.md": _follows(known),
        "waiting.md": _waiting(known),
        "tables.md": _tables(Base.metadata.sorted_tables),
    }


def _workflows(rooms: Iterable[Feature]) -> str:
    parts = [f"# What may follow what\n\n{NOTE}"]
    for room in rooms:
        parts += [
            f"## {machine.name}\n\n```mermaid\n{draw_machine(machine)}\n```\n" for machine in room.machines
        ]
    return "\n".join(parts)


def _permissions(rooms: Iterable[Feature]) -> str:
    parts = [f"# Who can do what\n\n{NOTE}"]
    for room in rooms:
        if room.policy is not None:
            table = draw_table(("Act", "Who", "Condition"), permission_rows(room.policy))
            parts.append(f"## {room.name}\n\n{table}\n")
    return "\n".join(parts)


def _follows(rooms: Iterable[Feature]) -> str:
    """What each act brings about in rooms above its own."""
    rows = [
        (spoken(each.act), room.name, _first_line(each.verb.__doc__))
        for room in rooms
        for each in room.follows
    ]
    table = draw_table(("After", "In", "This follows, in the same transaction"), rows)
    return f"# What follows an act in another room\n\n{NOTE}\n{table}\n"


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def _waiting(rooms: Iterable[Feature]) -> str:
    rows = [
        (
            wait.what,
            ", ".join(sorted(spoken(each) for each in wait.states)),
            ", ".join(sorted(role.label for role in wait.roles)),
            spoken(wait.act),
        )
        for room in rooms
        for wait in room.waits
    ]
    table = draw_table(("What waits", "In state", "On whose desk", "What they can do"), rows)
    return f"# What waits, and on whose desk\n\n{NOTE}\n{table}\n"


def _floors(setup: Path) -> str:
    """The layers that import-linter holds, as a drawing from top to bottom."""
    config = ConfigParser(interpolation=None)
    config.read(setup, encoding="utf-8")
    layers = config["importlinter:contract:floors"]["layers"].split("\n")
    floors = [layer.replace("(", "").replace(")", "").strip() for layer in layers if layer.strip()]
    names = [f"    F{number}[{floor.replace('|', '·')}]" for number, floor in enumerate(floors)]
    arrows = [f"    F{number} --> F{number + 1}" for number in range(len(floors) - 1)]
    drawing = "\n".join(["flowchart TB", *names, *arrows])
    below = f"A room may import any floor below it.\n\n```mermaid\n{drawing}\n```\n"
    return "\n".join([f"# The floors\n\n{NOTE}", below, *_wings(config)])


def _layer(line: str) -> str:
    """The rooms of one floor as they are drawn: beside each other, and without the brackets of one that may be missing."""
    return " · ".join(each.strip().strip("()") for each in line.split("|"))


def _wings(config: ConfigParser) -> list[str]:
    """The order of the wings of each trade."""
    found = []
    for name, title in ((each, config[each].get("name", "")) for each in config.sections()):
        if title.startswith("The wings of"):
            layers = " > ".join(_layer(line) for line in config[name]["layers"].strip().splitlines())
            found.append(f"## {title}\n\n{OF_WINGS}\n\n    {layers}\n")
    return found


def _tables(tables: Iterable[Table]) -> str:
    lines = ["erDiagram"]
    for table in sorted(tables, key=lambda each: each.name):
        lines.append(f"    {table.name} {{")
        lines += [f"        {type(column.type).__name__} {column.name}" for column in table.columns]
        lines.append("    }")
        # A column may point at two tables at once: as well as by itself, as a part of a longer key.
        for key in sorted(table.foreign_keys, key=lambda each: (each.parent.name, each.column.table.name)):
            lines.append(f"    {key.column.table.name} ||--o{{ {table.name} : {key.parent.name}")
    drawing = "\n".join(lines)
    return f"# The tables\n\n{NOTE}\n```mermaid\n{drawing}\n```\n"
