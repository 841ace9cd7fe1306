"""The house as its tests see it: its rooms, its modules, and what is written in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CRM = ROOT / "crm"
# Floors that are not rooms: they have file names of their own.
FOUNDATIONS = frozenset({"config", "db", "gateways", "kernel", "web"})
ROOM_FILES = (
    *("rules", "workflow", "models", "policy", "queries", "service"),
    *("forms", "papers", "measures", "views", "api", "jobs", "feature"),
)


@dataclass(frozen=True)
class Module:
    """One file of Python, read and parsed once."""

    path: Path

    @property
    def name(self) -> str:
        """Its path from the root, as it is said in a failure."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """The room it stands in, which may be a wing of a trade; or an empty text."""
        parts = self.path.relative_to(ROOT).parts
        if parts[0] != "crm" or len(parts) < 3:
            return ""
        return parts[2] if is_wing(parts[1], parts[2]) else parts[1]

    @property
    def kind(self) -> str:
        """What it is in its room: `service`, also for a file of the package service/."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        depth = 3 if len(parts) > 3 and parts[0] == "crm" and is_wing(parts[1], parts[2]) else 2
        return parts[depth] if len(parts) > depth else parts[-1]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (
            node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )


def modules(*folders: str) -> list[Module]:
    """Every module under these folders of the root, in order."""
    return [
        _module(path) if folder == "crm" else Module(path)
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


@cache
def _module(path: Path) -> Module:
    """A module of the product, which many laws read: it is parsed once."""
    return Module(path)


@cache
def packages() -> set[str]:
    """The folders of crm/ that hold Python."""
    return {path.parent.name for path in CRM.glob("*/__init__.py")}


@cache
def wings() -> dict[str, str]:
    """The trade of each wing: `investors` stands in `angels`."""
    return {path.parent.name: path.parent.parent.name for path in CRM.glob("*/*/feature.py")}


def is_wing(folder: str, name: str) -> bool:
    return wings().get(name) == folder


def trades() -> set[str]:
    """The rooms that are a folder of wings."""
    return set(wings().values())


@cache
def rooms() -> set[str]:
    """Every room: those of the floors, and the wings of the trades."""
    return (packages() - FOUNDATIONS) | set(wings())


def folder_of(room: str) -> str:
    """The folder of a room in crm/ and in the templates: `angels/investors`."""
    return f"{wings()[room]}/{room}" if room in wings() else room
