"""The solver is loaded by whoever solves, and by nobody else; and what it cannot add up exactly it refuses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crm.gateways.solver import Highs, Problem, Row, Unsolvable


def test_the_application_starts_without_the_solver() -> None:
    asked = "import sys, wsgi; print({'highspy', 'numpy'} & sys.modules.keys())"
    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env={"CRM_ENV": "test"}
    )

    assert said.stdout.strip() == "set()"


def test_sums_that_no_float_holds_are_refused() -> None:
    with pytest.raises(Unsolvable, match="too large"):
        Highs().best(Problem((1,), (Row(((0, 2**53),), 5),)), seconds=1)


def test_a_penny_over_is_seen_among_millions() -> None:
    asks = [*(5_000_000 for _ in range(25)), 5_000_001]
    problem = Problem((1,) * 26, (Row(tuple(enumerate(asks)), 130_000_000),))

    found = Highs().best(problem, seconds=5, weighed=True)

    assert found.chosen is not None
    assert len(found.chosen) == 25
    assert problem.holds(found.chosen)
