"""The sizes of the house: what is read at one glance is right or wrong at one glance."""

from __future__ import annotations

import ast

from tests.rules.house import Module, modules, rooms

VIEW_LINES = 12
SERVICE_LINES = 20
FUNCTION_LINES = 40
FILE_LINES = 400
POSITIONAL = 2
# Written as they are spoken, hundreds of times: `move(Act.SEND, Status.DRAFT, Status.SENT)`.
SPOKEN = frozenset(
    {
        "crm/accounts/service/deciding.py decide",
        "crm/audit/service.py record",
        "crm/db/states.py advance",
        "crm/kernel/workflow.py move",
    }
)
# Flask and click call these, and by keyword.
CALLED_FROM_OUTSIDE = frozenset({"api", "jobs", "views"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(function: Function) -> int:
    """From `def` to the end, without the docstring: explaining is never too long."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def limit_in(module: Module) -> int:
    if module.room in rooms():
        return {"views": VIEW_LINES, "api": VIEW_LINES, "service": SERVICE_LINES}.get(
            module.kind, FUNCTION_LINES
        )
    return FUNCTION_LINES


def test_no_function_is_longer_than_its_kind_may_be() -> None:
    too_long = [
        f"{module.name}:{function.lineno} {function.name} has {lines_of(function)} lines, not {limit}"
        for module in modules("crm", "tests", "tools")
        for limit in [limit_in(module)]
        for function in module.functions()
        if lines_of(function) > limit
    ]

    assert too_long == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {module.name: module.text.count("\n") for module in modules("crm", "tests", "tools")}

    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_a_public_function_takes_at_most_two_positional_arguments() -> None:
    too_many = [
        f"{module.name} {function.name}"
        for module in modules("crm")
        if module.kind not in CALLED_FROM_OUTSIDE
        for function in public_functions(module)
        if len([*function.args.posonlyargs, *function.args.args]) > POSITIONAL
    ]

    assert set(too_many) - SPOKEN == set()


def public_functions(module: Module) -> list[Function]:
    """The functions of a module itself that others may call."""
    return [node for node in module.tree.body if isinstance(node, Function) and not node.name.startswith("_")]
