"""Which doors were posted to well in this run: by the right person, the row there, the page after it shown.

The conforming client notes it, each worker hands its notes to the process that gives out the tests, and a whole run
fails on a route without one. A part of the tests only says how many it opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask

# Doors that no test opens well, each with the reason. It only grows shorter: one that is opened must leave the list.
NOT_YET: dict[str, str] = {}
WELL = "well"
# What became of each door at best: `WELL`, or what was lacking when it was last posted to.
OUTCOMES: dict[str, str] = {}
_all = pytest.StashKey[dict[str, str]]()


def note(endpoint: str, outcome: str) -> None:
    """Remember the outcome of a POST; one that went well is never forgotten."""
    if OUTCOMES.get(endpoint) != WELL:
        OUTCOMES[endpoint] = outcome


def is_known(endpoint: str) -> bool:
    """Whether this process has seen the door opened well already."""
    return OUTCOMES.get(endpoint) == WELL


def merged(into: dict[str, str], outcomes: dict[str, str]) -> None:
    for endpoint, outcome in outcomes.items():
        if into.get(endpoint) != WELL:
            into[endpoint] = outcome


def posted_endpoints() -> set[str]:
    """Every endpoint of the product that a form can be posted to."""
    from crm.app import create_app
    from crm.config import Settings

    app: Flask = create_app(Settings.from_environment({"CRM_ENV": "test", "DATABASE_URL": "sqlite://"}))
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def lacking(endpoints: Iterable[str], outcomes: dict[str, str]) -> list[str]:
    """What is wrong with a whole run: each door never opened well, and each one listed that is."""
    wrong = []
    for endpoint in sorted(endpoints):
        is_well = outcomes.get(endpoint) == WELL
        if not is_well and endpoint not in NOT_YET:
            wrong.append(f"{endpoint}: {outcomes.get(endpoint, 'never posted to by the right person')}")
        if is_well and endpoint in NOT_YET:
            wrong.append(f"{endpoint}: it is opened now, so it must leave the list NOT_YET")
    return wrong + [f"{each}: listed in NOT_YET, and no such door" for each in set(NOT_YET) - set(endpoints)]


def is_whole(config: pytest.Config) -> bool:
    """Whether every test of the product runs, or all but the browser's."""
    chosen = ("keyword", "deselect", "ignore", "ignore_glob", "lf", "collectonly", "maxfail")
    return (
        not any(getattr(config.option, each, None) for each in chosen)
        and config.option.markexpr in {"", "not browser"}
        and config.args == config.getini("testpaths")
    )


# ---------------------------------------------------------------- what pytest calls


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if hasattr(config, "workerinput"):
        config.workeroutput["posted"] = OUTCOMES  # type: ignore[attr-defined]
        return
    found = config.stash.setdefault(_all, {})
    merged(found, OUTCOMES)
    if is_whole(config) and exitstatus == pytest.ExitCode.OK and lacking(posted_endpoints(), found):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: what it noted is added up."""
    merged(node.config.stash.setdefault(_all, {}), getattr(node, "workeroutput", {}).get("posted", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(_all, {})
    opened = sum(outcome == WELL for outcome in found.values())
    if not is_whole(config):
        if found:
            terminalreporter.write_line(
                f"{opened} doors were posted to well; a whole run asks it of every one."
            )
        return
    wrong = lacking(posted_endpoints(), found)
    if wrong:
        terminalreporter.section("Doors that no test opens as a person does", red=True)
        for line in wrong:
            terminalreporter.write_line(line)
    else:
        terminalreporter.write_line(f"{opened} doors were posted to well: every one there is.")
