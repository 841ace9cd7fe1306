"""Drawings made from the tables, so that a drawing cannot say what the code does not do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crm.kernel.permissions import Policy
from crm.kernel.workflow import Machine, spoken


def draw_machine(machine: Machine[Any]) -> str:
    """A machine as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.start.value}"]
    for each in machine.moves:
        lines += [
            f"    {source.value} --> {each.target.value}: {spoken(each.act)}"
            for source in sorted(each.sources)
        ]
    return "\n".join(lines)


def permission_rows(policy: Policy) -> list[tuple[str, str, str]]:
    """A policy as rows of act, who may, and on what condition, all in words."""
    return [
        (
            spoken(each.act),
            ", ".join(role.label for role in sorted(each.roles, key=lambda role: role.label)),
            policy.condition_of(each),
        )
        for each in policy.rules
    ]


def draw_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
