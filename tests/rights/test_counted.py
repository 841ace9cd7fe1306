"""What the register of rights adds to the reports, as soon as it is there."""

from __future__ import annotations

import re

import pytest

from crm.reports.scoreboard import service as scoreboard
from crm.rights import queries
from tests.cast import Cast
from tests.client import ConformingClient
from tests.evidence.test_proving import PDF
from tests.reports.test_scoreboard import numbers_on
from tests.rights.test_chain import PART, _right, sent


@pytest.mark.engine("sqlite")
def test_k14_each_signed_assignment_is_a_row_of_the_reports(cast: Cast, client: ConformingClient) -> None:
    made, rows = _right(title="Otter, the series"), "/reports/measures/assignments_signed/rows"
    client.sign_in(cast.founder)
    for number in (4, 5):
        client.post(f"/rights/{made.id}/parts/add", data=PART | {"title": f"Episode {number}"})
    first = min(queries.right(made.id).parts, key=lambda each: each.title)  # type: ignore[union-attr]
    where = f"/right-parts/{first.id}/assignment"
    measures = [each for room in client.application.extensions["features"] for each in room.measures]
    scoreboard.keep(scoreboard.count_changed(measures))
    assert client.post(where, **sent("Assignment.pdf", PDF)).status_code == 303
    board = client.sign_in(cast.auditor).get("/reports").text
    assert [value for href, value in numbers_on(board) if rows in href] == ["1"], (
        "counted as soon as it is attached"
    )
    page = client.get(rows).text
    assert set(re.findall(r"Otter, the series: Episode (\d)", page)) == {"4"}
    client.sign_in(cast.founder)
    paper = re.findall(rf"{where}/[0-9a-f-]{{36}}", client.get(f"/rights/{made.id}").text)[0]
    assert client.post(f"{paper}/remove").status_code == 303
    assert "Episode 4" not in client.sign_in(cast.auditor).get(rows).text
