"""Signposting without a database: one answer a service, in the shape that programs rely on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm.directory.jobs.signposting import signpost_command
from crm.directory.rules.signposting import signpost
from tests.directory.test_rules_reading import REAL, rows, written

ON = date(2026, 11, 24)
FACTS = '{"postcode": "B74 4AA", "turnover_gbp": 1200000, "needs": ["export"]}'


def answers(facts: str) -> dict[object, dict[str, object]]:
    return {answer["service_id"]: answer for answer in signpost(REAL, facts, on=ON)}


def test_every_service_is_answered_in_the_agreed_shape() -> None:
    told = signpost(REAL, FACTS, on=ON)
    assert len(told) == 72
    for answer in told:
        assert list(answer) == [
            "service_id",
            "verdict",
            "available",
            "fresh",
            "rank",
            "rules",
            "would_change",
        ]
        assert (answer["rank"] is None) is (answer["verdict"] == "ineligible")
        assert json.loads(json.dumps(answer)) == answer
    ranks = [answer["rank"] for answer in told]
    ineligible = ranks.count(None)
    assert ranks == [*range(1, 73 - ineligible), *[None] * ineligible]


def test_exp07_a_turnover_under_five_million_is_said_with_what_would_change_it() -> None:
    answer = answers(FACTS)["dit_ita_2018"]
    assert answer["verdict"] == "ineligible"
    assert answer["would_change"] == ["turnover_gbp"]
    assert answer["available"] is False
    rules = answer["rules"]
    assert isinstance(rules, list)
    assert rules[0] == {
        "rule": "min_turnover_gbp",
        "outcome": "not_met",
        "needed": "£5m or more",
        "actual": "£1.2m",
        "words": "turnover £1.2m, needs £5m or more",
    }


@pytest.mark.parametrize(("postcode", "verdict"), [("WS13 6AA", "ineligible"), ("B1 1AY", "eligible")])
def test_geo08_offers_of_the_metropolitan_seven_stop_at_their_border(postcode: str, verdict: str) -> None:
    assert answers(json.dumps({"postcode": postcode}))["bgwm"]["verdict"] == verdict


def test_a_postcode_that_is_none_leaves_areas_unknown() -> None:
    assert answers('{"postcode": "B74"}')["cwgh"]["verdict"] == "unknown"


def test_invented_services_have_verdicts_and_are_never_available() -> None:
    answer = answers("{}")["csu_demo"]
    assert (answer["verdict"], answer["available"]) == ("unknown", False)


def test_the_command_prints_the_answers(tmp_path: Path) -> None:
    services, facts = tmp_path / "services.csv", tmp_path / "facts.json"
    services.write_bytes(REAL)
    facts.write_text(FACTS, encoding="utf-8")
    told = ["--services", str(services), "--facts", str(facts), "--on", "2026-11-24"]
    ran = CliRunner().invoke(signpost_command, told)
    assert ran.exit_code == 0
    assert json.loads(ran.stdout) == signpost(REAL, FACTS, on=ON)


@pytest.mark.parametrize(
    ("services", "facts", "on", "says"),
    [
        (b"nonsense", b"{}", "2026-11-24", "this column is missing"),
        (written([rows()[0] | {"opens_on": "x"}]), b"{}", "2026-11-24", "line 2, opens_on: Give a real date"),
        (REAL, b'{"employees": -1}', "2026-11-24", "employees: this cannot be less than zero"),
        (REAL, b"{}", "24/24/2026", "--on: Give a real date"),
        (None, b"{}", "2026-11-24", "No such file"),
    ],
)
def test_what_is_wrong_goes_to_the_error_stream_and_nothing_is_printed(
    tmp_path: Path, services: bytes | None, facts: bytes, on: str, says: str
) -> None:
    if services is not None:
        (tmp_path / "s.csv").write_bytes(services)
    (tmp_path / "f.json").write_bytes(facts)
    told = ["--services", str(tmp_path / "s.csv"), "--facts", str(tmp_path / "f.json"), "--on", on]
    ran = CliRunner().invoke(signpost_command, told)
    assert ran.exit_code == 2
    assert ran.stdout == ""
    assert says in ran.stderr
