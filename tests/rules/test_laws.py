"""The laws of the house that no linter knows: what is never written, wherever it would stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from tests.rules.house import ROOT, Module, modules, rooms

# Imported where they are used, since they are heavy and most processes never need them.
HEAVY = frozenset(
    {
        "PIL",
        "alembic",
        "email_validator",
        "highspy",
        "pillow_heif",
        "pyrage",
        "typst",
        "webauthn",
        "xlsxwriter",
        "zxcvbn",
    }
)
VAGUE_FILES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "lib"}
)
VAGUE_CLASSES = re.compile(r"(Manager|Helper|Handler|Util|Utils|Processor|Data)$")
MONEY = re.compile(r"(amount|price|pence|pounds|money|cost|turnover|_gbp)")

Law = Callable[[Module], Iterator[int]]


def environment_is_read_in_config_alone(module: Module) -> Iterator[int]:
    """No `os.environ` and no `os.getenv`, but in crm/config/reading.py."""
    if module.name != "crm/config/reading.py":
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in {"environ", "environb", "getenv"}
                and _is(node, "os")
            ):
                yield node.lineno
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                yield from (node.lineno for name in node.names if name.name in {"environ", "getenv"})


def nothing_is_imported_for_types_alone(module: Module) -> Iterator[int]:
    """No `TYPE_CHECKING`: a circle is a floor in the wrong place."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute) and "TYPE_CHECKING" in {
            getattr(node, "id", ""),
            getattr(node, "attr", ""),
        }:
            yield node.lineno


def imports_stand_at_the_top(module: Module) -> Iterator[int]:
    """No import inside a function, but of the heavy libraries listed here."""
    for function in module.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and not _imported(node) <= HEAVY:
                yield node.lineno


def relationships_point_down(module: Module) -> Iterator[int]:
    """No `backref`: a room never learns who points at it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "backref")


def money_is_never_a_float(module: Module) -> Iterator[int]:
    """Nothing named as money is a float or is made one; no column is a Float."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _is(node.func, "Float", "float"):
            arguments = " ".join(ast.unparse(argument) for argument in node.args)
            if _is(node.func, "Float") or MONEY.search(arguments.lower()):
                yield node.lineno
        named = isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None
        if named and "float" in ast.unparse(node.annotation):
            target = node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
            if MONEY.search(target.lower()):
                yield node.lineno


def modules_open_with_a_sentence(module: Module) -> Iterator[int]:
    """Every module that holds anything opens with a sentence in the words of the field."""
    if not module.text.strip():
        return
    said = (ast.get_docstring(module.tree) or "").split("\n\n")[0].rstrip()
    if not said.endswith((".", "!", "?")):
        yield 1


def files_are_named_for_what_they_hold(module: Module) -> Iterator[int]:
    """No utils.py, helpers.py or common.py."""
    if VAGUE_FILES & set(module.path.relative_to(ROOT).with_suffix("").parts):
        yield 1


def classes_are_named_for_what_they_are(module: Module) -> Iterator[int]:
    """Nothing is a Manager, Helper, Handler, Util, Processor or Data."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and VAGUE_CLASSES.search(node.name):
            yield node.lineno


def verbs_ask_the_policy_before_they_refuse(module: Module) -> Iterator[int]:
    """May they, then can it: who is not allowed learns nothing of how a thing stands."""
    asking = {each.name for each in module.functions() if any(map(_asks_the_policy, ast.walk(each)))}
    for function in module.functions() if module.kind == "service" else ():
        if "by" not in {each.arg for each in function.args.kwonlyargs}:
            continue
        before = []
        for statement in function.body:
            if any(_asks_the_policy(each) or _calls(each, asking) for each in ast.walk(statement)):
                yield from (each.lineno for each in before if _refuses(each))
                break
            before.append(statement)


def verbs_and_views_never_ask_the_store(module: Module) -> Iterator[int]:
    """A store may be slow: files go in and out by `crm.documents.papers`, while a request holds nothing."""
    asks = {
        "crm.gateways.files": {"Files"},
        "crm.documents.papers": {"store"},
        "crm.documents.service": {"stored"},
    }
    if module.room in {"documents", "backups", "watch"} or module.kind not in {
        "service",
        "views",
        "queries",
        "forms",
    }:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and asks.get(node.module or "", set()) & {
            each.name for each in node.names
        }:
            yield node.lineno


def _asks_the_policy(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("POLICY.require")


def _calls(node: ast.AST, names: set[str]) -> bool:
    """Whether one of these functions is called for an actor."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    return called and any(each.arg == "by" for each in node.keywords)  # type: ignore[attr-defined]


def _refuses(statement: ast.stmt) -> bool:
    names = [ast.unparse(each.func) for each in ast.walk(statement) if isinstance(each, ast.Call)]
    is_asking = any(name.lstrip("_").startswith(("refuse", "require", "advance")) for name in names)
    return is_asking or any(isinstance(each, ast.Raise) for each in ast.walk(statement))


def _is(node: ast.AST, *names: str) -> bool:
    """Whether an expression is one of these names, or an attribute of one."""
    if isinstance(node, ast.Attribute):
        return node.attr in names or (isinstance(node.value, ast.Name) and node.value.id in names)
    return isinstance(node, ast.Name) and node.id in names


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The top-level packages that an import names."""
    full = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
    return {name.split(".")[0] for name in full}


CRM_LAWS: tuple[Law, ...] = (
    environment_is_read_in_config_alone,
    nothing_is_imported_for_types_alone,
    imports_stand_at_the_top,
    relationships_point_down,
    money_is_never_a_float,
    modules_open_with_a_sentence,
    files_are_named_for_what_they_hold,
    classes_are_named_for_what_they_are,
    verbs_ask_the_policy_before_they_refuse,
    verbs_and_views_never_ask_the_store,
)
TEST_LAWS: tuple[Law, ...] = (
    nothing_is_imported_for_types_alone,
    modules_open_with_a_sentence,
    files_are_named_for_what_they_hold,
)


@cache
def broken(laws: tuple[Law, ...], *folders: str) -> dict[Law, list[str]]:
    """Where each law is broken: every module is parsed once for all of them."""
    found: dict[Law, list[str]] = {law: [] for law in laws}
    for module in modules(*folders):
        for law in laws:
            found[law] += [f"{module.name}:{line}" for line in law(module)]
    return found


@pytest.mark.parametrize("law", CRM_LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    assert broken(CRM_LAWS, "crm")[law] == [], law.__doc__


@pytest.mark.parametrize("law", TEST_LAWS, ids=lambda law: law.__name__)
def test_the_tests_and_tools_keep_the_law(law: Law) -> None:
    assert broken(TEST_LAWS, "tests", "tools", "bench")[law] == [], law.__doc__


def test_revisions_import_nothing_from_the_house() -> None:
    """A revision says what the tables were on its day; the house goes on changing."""
    strangers = [
        f"{module.name}:{node.lineno}"
        for module in modules("migrations/versions")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and "crm" in _imported(node)
    ]

    assert strangers == []


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (environment_is_read_in_config_alone, "import os\nx = os.environ['A']"),
        (environment_is_read_in_config_alone, "from os import getenv"),
        (nothing_is_imported_for_types_alone, "from typing import TYPE_CHECKING\nif TYPE_CHECKING: ..."),
        (imports_stand_at_the_top, "def f():\n    import json"),
        (relationships_point_down, "a = relationship('B', backref='c')"),
        (money_is_never_a_float, "def f(amount: float): ..."),
        (money_is_never_a_float, "x = float(turnover)"),
        (money_is_never_a_float, "x = mapped_column(Float())"),
        (modules_open_with_a_sentence, "x = 1"),
        (classes_are_named_for_what_they_are, "class PersonManager: ..."),
        (verbs_and_views_never_ask_the_store, "from crm.gateways.files import Files"),
        (verbs_and_views_never_ask_the_store, "from crm.documents.papers import file_answer, store"),
        (
            verbs_ask_the_policy_before_they_refuse,
            "def end(found, *, by):\n    refuse_if(why_not(found))\n    POLICY.require(by, Act.END, found)",
        ),
    ],
)
def test_a_law_finds_what_breaks_it(law: Law, text: str) -> None:
    module = Module(ROOT / "crm" / "figures" / "service.py")
    module.__dict__["text"] = text

    assert list(law(module)) != []


def test_a_view_knows_which_form_it_hands_to_a_verb() -> None:
    """Else a wrong details object passes strict mypy: everything that hangs on `Any` is `Any`."""
    untyped = [
        f"{module.name} {function.name}"
        for module in modules("crm")
        if module.kind == "views"
        for function in module.functions()
        for argument in (*function.args.args, *function.args.kwonlyargs)
        if argument.arg == "form"
        and argument.annotation
        and ast.unparse(argument.annotation).startswith("Any")
    ]

    assert untyped == []


# Of the file they stand in, each: how many rows it reads, and the column it asks most.
OF_ONE_FILE = frozenset({"AT_ONCE", "MOST", "STATUS", "TOO_LONG"})
NOT_SHARED = frozenset({"views", "jobs", "feature"})


def test_a_name_has_one_meaning_in_a_room() -> None:
    """Whoever reads a constant or a class in two files of a room reads of the same thing."""
    meanings: dict[tuple[str, str], set[str]] = {}
    for module in modules("crm"):
        for node in module.tree.body if module.room in rooms() and module.kind not in NOT_SHARED else ():
            for name, meaning in _named(node):
                meanings.setdefault((module.room, name), set()).add(meaning)

    assert [key for key, said in meanings.items() if len(said) > 1 and key[1] not in OF_ONE_FILE] == []


def _named(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """The public names that a statement gives, each with what it is."""
    if isinstance(node, ast.ClassDef):
        yield node.name, ast.unparse(node)
    for target in node.targets if isinstance(node, ast.Assign) else ():
        if isinstance(target, ast.Name) and re.fullmatch(r"[A-Z][A-Z0-9_]+", target.id):
            yield target.id, ast.unparse(node.value)
