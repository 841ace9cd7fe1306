"""Readiness scores against a second implementation that knows only the JSON, in whole numbers."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crm.diagnostics
from crm.diagnostics.rules.radar import radar
from crm.diagnostics.rules.readiness import Circumstances, read_set, wording_faults
from crm.diagnostics.rules.scoring import in_words, score, tenths

FOLDER = Path(crm.diagnostics.__file__).parent / "reference"
SETS = {
    name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("ip_readiness", "export_readiness")
}
# Boosts of one half, twice over, are whole numbers of quarters; minimum shares are whole tenths.
QUARTERS, SHARE_TENTHS = 4, {"ip_readiness": 6, "export_readiness": 6}
GROUPS = sorted({each for row in SETS["ip_readiness"]["questions"] for each in row["sectors_most"]} - {"all"})


@st.composite
def taken(draw: st.DrawFn) -> tuple[str, dict[str, str | None], list[str], bool, str]:
    """A set, some answers to it in any order, and the circumstances of a business."""
    name = draw(st.sampled_from(sorted(SETS)))
    answers: dict[str, str | None] = {}
    for row in draw(st.permutations(SETS[name]["questions"])):
        values = [None, *(each["value"] for each in row["options"])]
        chosen = draw(st.sampled_from([*values, "not asked"]))
        if chosen != "not asked":
            answers[row["id"]] = chosen
    groups = draw(st.lists(st.sampled_from(GROUPS), max_size=2, unique=True))
    return name, answers, groups, draw(st.booleans()), draw(st.sampled_from(["goods", "services", "both"]))


def second(
    content: dict[str, Any], answers: dict[str, str | None], groups: list[str], screen: bool, sells: str
) -> Any:
    """The score in whole tenths, the band and the questions lacking, from the file alone."""
    sums: dict[str, list[int]] = {}
    answered = asked = 0
    lacking, zeros = set(), dict[str, int]()
    for row in content["questions"]:
        if (row["applies_to"] == "goods" and sells == "services") or (
            row["applies_to"] == "services" and sells == "goods"
        ):
            continue
        asked += 1
        option = [each for each in row["options"] if each["value"] == answers.get(row["id"])]
        answered += len(option)
        if not option and row["critical"]:
            lacking.add(row["id"])
        if not option or option[0]["score"] is None:
            continue
        halves = int(2 * content["scoring"]["sector_boost"]) if set(groups) & set(row["sectors_most"]) else 2
        halves *= int(2 * content["scoring"]["screen_boost"]) if screen and row["screen_priority"] else 2
        weight = row["weight"] * halves
        got, most = sums.setdefault(row["area"], [0, 0])
        sums[row["area"]] = [got + weight * option[0]["score"], most + weight * 3]
        zeros[row["id"]] = option[0]["score"]
    if not sums:
        return None, None, lacking
    weights = {each["id"]: each["weight"] for each in content["areas"]}
    common = prod(most for _, most in sums.values())
    over = sum(weights[area] * 100 * got * common // most for area, (got, most) in sums.items())
    under = common * sum(weights[area] for area in sums)
    whole = (20 * over + under) // (2 * under)
    place = max(at for at, band in enumerate(content["bands"]) if band["min"] * 10 <= whole)
    for gate in content["gates"]:
        if "cap" in gate and any(zeros.get(each, 9) < gate["below"] for each in gate["questions"]):
            place = min(place, [band["id"] for band in content["bands"]].index(gate["cap"]))
    is_enough = 10 * answered >= SHARE_TENTHS[content["name"]] * asked
    return whole, content["bands"][place]["id"] if is_enough else None, lacking


@settings(max_examples=150)
@given(taken())
def test_a_score_is_what_the_file_says_whatever_the_order_and_whatever_is_left_out_a55(case: Any) -> None:
    name, answers, groups, screen, sells = case
    of = Circumstances(frozenset(groups), screen, sells)
    found = score(read_set(SETS[name]), answers, of=of)
    whole, band, lacking = second(SETS[name], answers, groups, screen, sells)

    assert (None if found.overall is None else tenths(found.overall)) == whole
    assert (found.band.key if found.band else None) == band
    assert {each.key for each in found.missing} == lacking

    backwards = {**SETS[name], "questions": SETS[name]["questions"][::-1], "areas": SETS[name]["areas"][::-1]}
    again = score(read_set(backwards), dict(reversed(answers.items())), of=of)
    assert (again.overall, again.areas, again.answered) == (found.overall, found.areas, found.answered)
    # What the drags cost is all that is lacking to 100.
    if found.overall is not None:
        assert sum((each.points for each in found.drags), Fraction(0)) == 100 - found.overall


def test_what_is_not_answered_is_not_nought_and_too_little_has_no_band() -> None:
    asked, of = read_set(SETS["ip_readiness"]), Circumstances()
    best = {each.key: "d" for each in asked.questions}
    few = dict(list(best.items())[:25])
    assert (score(asked, few, of=of).overall, score(asked, few, of=of).band) == (100, None)
    enough = dict(list(best.items())[:26])
    assert score(asked, enough, of=of).band is not None
    assert not score(asked, enough, of=of).is_complete
    assert score(asked, best, of=of).band == asked.bands[-1]
    assert score(asked, {}, of=of).overall is None


def test_one_critical_answer_at_its_lowest_holds_the_band_down_and_stands_first() -> None:
    asked, of = read_set(SETS["ip_readiness"]), Circumstances(is_screen=True)
    answers = {each.key: "d" for each in asked.questions} | {"own4": "a", "man1": "a"}
    found = score(asked, answers, of=of)
    assert found.band is not None
    assert found.band.key == "basic"
    assert "cannot be above" in found.capped
    assert [words.split(":")[0] for words in found.flags] == ["Chain of title to fix"]
    assert found.actions[0].question.key == "own4"
    assert score(asked, answers, of=Circumstances()).flags == ()


def test_what_opens_a_gate_is_done_first_and_what_waits_for_it_is_not_suggested() -> None:
    asked, of = read_set(SETS["export_readiness"]), Circumstances()
    low = dict.fromkeys(("ex01", "ex04", "ex05", "ex11", "ex12", "ex14"), "a")
    shut = score(asked, {each.key: "d" for each in asked.questions} | low, of=of)
    assert [each.question.key for each in shut.actions[:2]] == ["ex05", "ex14"]
    assert {each.question.key for each in shut.waiting} == {"ex11", "ex12"}
    assert not {each.question.key for each in shut.doable} & {"ex11", "ex12"}
    assert shut.holds_offer
    opened = score(asked, {each.key: "d" for each in asked.questions} | low | {"ex05": "b"}, of=of)
    assert (opened.waiting, opened.holds_offer) == ((), False)
    assert {"ex11", "ex12"} < {each.question.key for each in opened.doable}


@pytest.mark.parametrize(
    ("value", "whole", "words"),
    [("24.94", 249, "24.9"), ("24.95", 250, "25.0"), ("0", 0, "0.0"), ("100", 1000, "100.0")],
)
def test_half_a_tenth_is_rounded_up(value: str, whole: int, words: str) -> None:
    assert tenths(Fraction(value)) == whole
    assert in_words(whole) == words


def test_a_set_that_could_not_be_asked_is_refused() -> None:
    sound = SETS["export_readiness"]
    first = sound["questions"][0]
    for wrong in (
        {"questions": []},
        {"questions": [*sound["questions"], first]},
        {"areas": sound["areas"][1:]},
        {"bands": sound["bands"][1:]},
        {"providers": {}},
        {"gates": [{"questions": ["nowhere"], "below": 1, "words": "x"}]},
        {"questions": [{**first, "weight": 0}, *sound["questions"][1:]]},
        {"questions": [{**first, "options": first["options"][:1]}, *sound["questions"][1:]]},
    ):
        with pytest.raises(ValueError, match=r"question|area|band|weight|rule|answers|provider"):
            read_set({**sound, **wrong})


def test_the_chart_leaves_out_what_was_not_scored() -> None:
    chart = radar([1000, None, 500, 0], [None] * 4)
    assert [each.dot is None for each in chart.spokes] == [False, True, False, False]
    assert len(chart.shape.split()) == 3
    assert chart.before == ""
    assert chart.spokes[0].dot == ("160.0", "35.0")
    nought = radar([0, 0, 0])
    assert nought.shape == nought.rings[0] != radar([10, 0, 0]).shape
    assert len(set(nought.shape.split())) == 3


def test_a_published_version_that_scores_do_not_know_is_still_read_and_no_new_one_may_say_it() -> None:
    older = deepcopy(SETS["ip_readiness"])
    older["questions"][0]["options"][0]["label"] = "Do not know"
    read = read_set(older)
    assert wording_faults(read_set(SETS["ip_readiness"])) == []
    assert "“Do not know” would lower the score" in wording_faults(read)[0]


@pytest.mark.parametrize("name", SETS)
def test_each_action_names_what_it_is_about_and_can_be_read_alone_k32(name: str) -> None:
    """It stands on a desk, in a letter and in a link, where its question is not shown."""
    for each in SETS[name]["questions"]:
        begins = re.findall(r"\w+", each["next_action"].lower())[:5]
        assert not {"it", "this", "these", "them", "theirs"} & set(begins), each["next_action"]
