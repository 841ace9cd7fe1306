"""What follows an act in a room above: declared once, really done by the verb of the act, and said in words."""

from __future__ import annotations

import ast

from crm.app import FEATURES
from tests.rules.house import modules

FOLLOWS = [(room.name, each) for room in FEATURES for each in room.follows]


def calls_of_follow() -> set[tuple[str, str]]:
    """The module of each act's enum and the act's name, for every `follow(Act.X, …)` in a service."""
    found = set()
    for module in modules("crm"):
        if module.kind != "service" and "/service" not in module.name:
            continue
        homes = {
            alias.asname or alias.name: node.module
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(module.tree):
            is_follow = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "follow"
            if is_follow and node.args and isinstance(node.args[0], ast.Attribute):
                owner = node.args[0].value
                found.add((homes.get(getattr(owner, "id", ""), "") or "", node.args[0].attr))
    return found


def test_every_act_that_something_follows_is_followed_by_its_verb() -> None:
    declared = {(type(each.act).__module__, each.act.name) for _, each in FOLLOWS}

    assert declared - calls_of_follow() == set()


def test_no_verb_asks_for_what_no_room_declares() -> None:
    declared = {(type(each.act).__module__, each.act.name) for _, each in FOLLOWS}

    assert calls_of_follow() - declared == set()


def test_what_follows_is_said_in_one_line() -> None:
    assert [each.verb.__name__ for _, each in FOLLOWS if not (each.verb.__doc__ or "").strip()] == []
