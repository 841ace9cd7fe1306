"""What a draft of a readiness question set still has to put right, each fault at its field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from crm.diagnostics.rules.readiness import LONGEST_TEXT, TOP, UNSURE_LIKE, UNSURE_WORDS, Asked, exact
from crm.kernel.folding import folded
from crm.kernel.text import is_blank

FEWEST_ANSWERS, MOST_ANSWERS = 2, 8
WEIGHT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?")
POINTS = re.compile(r"[0-9]{1,3}(\.[0-9])?")
MOST_POINTS = 100
LEAST_SHARE, LEAST_BOOST = 50, 1
"""How many per cent of the questions have to be answered at least: fewer answers tell too little for a result."""
MOST_WEIGHT = "99.99"
NEW_AREA = "new"
"""The part of a question that begins a new part."""
Fault = tuple[str, str]
"""A field, and what is wrong there."""


def number(typed: str) -> int | str:
    """A number as the set keeps it: whole where it is whole, else as it is written."""
    found = exact(typed)
    return found.numerator if found.denominator == 1 else typed


def weight_fault(typed: str, *, field: str = "weight", of: str = "a weight") -> Iterable[Fault]:
    """What is wrong with a weight as it was typed; ``of`` says which, where a page asks for several."""
    if not WEIGHT.fullmatch(typed.strip()) or not exact(typed.strip()):
        yield field, f"Enter {of} above 0 and up to {MOST_WEIGHT}, like 2 or 1.5"


def boost_fault(typed: str, *, field: str, where: str) -> Iterable[Fault]:
    """What is wrong with how many times a question counts ``where`` a business is told it: never less than once."""
    if not WEIGHT.fullmatch(typed.strip()) or exact(typed.strip()) < LEAST_BOOST:
        yield field, f"Enter how many times it counts {where}, from {LEAST_BOOST} to {MOST_WEIGHT}, like 1.5"


def share_fault(typed: str, *, field: str) -> Iterable[Fault]:
    """What is wrong with how many per cent of the questions have to be answered."""
    is_number = bool(POINTS.fullmatch(typed.strip()))
    if not is_number or not LEAST_SHARE <= exact(typed.strip()) <= MOST_POINTS:
        yield field, f"Enter a percentage from {LEAST_SHARE} to 100, like 60"


def weighing_faults(found: Asked) -> list[str]:
    """What a new version must not weigh so: a result from a few answers, or a question that counts less where it matters."""
    return [
        *(
            [f"At least {LEAST_SHARE}% of the questions must be answered. Change the results and weights."]
            if found.least_share * 100 < LEAST_SHARE
            else []
        ),
        *(
            [f"A question must count {LEAST_BOOST} time or more. Change the results and weights."]
            if min(found.sector_boost, found.screen_boost) < LEAST_BOOST
            else []
        ),
    ]


def points_fault(typed: str, *, field: str, of: str = "it") -> Iterable[Fault]:
    """What is wrong with the points out of 100 at which a result begins, as they were typed."""
    if not POINTS.fullmatch(typed.strip()) or exact(typed.strip()) > MOST_POINTS:
        yield field, f"Enter the points {of} begins at, from 0 to 100, like 25 or 37.5"


def faults_in_answers(answers: Sequence[Mapping[str, Any]], *, empty: str) -> Iterable[Fault]:
    """What is wrong with the answers of a question. ``empty`` is the field to fill in where there are too few."""
    if len(answers) < FEWEST_ANSWERS:
        yield empty, f"Enter {FEWEST_ANSWERS} to {MOST_ANSWERS} answers"
        return
    seen: dict[str, int] = {}
    for place, each in enumerate(answers, start=1):
        first = seen.setdefault(folded(each["label"]).strip(), place)
        if first != place:
            yield f"label_{each['value']}", f"This is the same as answer {first}"
        if each["score"] is not None and each["label"].lower().startswith(UNSURE_LIKE):
            yield (
                f"label_{each['value']}",
                f"This would lower the score, and “{UNSURE_WORDS}” does not. Say it another way",
            )
    scores = {each["score"] for each in answers}
    for wanted, words in ((TOP, f"The best answer must score {TOP}"), (0, "The lowest answer must score 0")):
        if wanted not in scores:
            yield f"score_{answers[0]['value']}", words


def faults_in_question(row: Mapping[str, Any], *, empty: str) -> Iterable[Fault]:
    """What is wrong with the words and the answers of a question."""
    if is_blank(row["text"]):
        yield "text", "Enter the question"
    yield from faults_in_answers(row["options"], empty=empty)
    if is_blank(row["next_action"]):
        yield "next_action", "Say what to do where the answer is low"


def faults_in_bands(bands: Sequence[Mapping[str, Any]]) -> Iterable[Fault]:
    """What is wrong with results: each has a name of its own, the first begins at 0, and each above the one before."""
    names: set[str] = set()
    for place, each in enumerate(bands):
        called = folded(each["name"]).strip()
        if called in names:
            yield f"name_{each['id']}", "Two results have this name. Give each its own"
        names.add(called)
        before = bands[place - 1] if place else None
        if before is None and exact(each["min"]) != 0:
            yield f"least_{each['id']}", "The first result begins at 0"
        if before is not None and exact(each["min"]) <= exact(before["min"]):
            yield f"least_{each['id']}", f"Enter more than {before['min']}, where “{before['name']}” begins"


def faults_in_rule(row: Mapping[str, Any]) -> Iterable[Fault]:
    """What is wrong with a rule."""
    if not row["questions"]:
        yield "questions", "Choose one or more questions"
    if is_blank(row["words"]) or len(row["words"]) > LONGEST_TEXT:
        yield "words", "Say what the business is told"
    if set(row["questions"]) & set(row.get("holds", ())):
        yield "holds", "A question cannot wait for itself. Choose others"


def placed(
    rows: Sequence[Mapping[str, Any]], row: Mapping[str, Any], *, place: int
) -> list[Mapping[str, Any]]:
    """The questions with this one at a place, from 1, in its part."""
    others = [each for each in rows if each["id"] != row["id"]]
    there = [at for at, each in enumerate(others) if each["area"] == row["area"]]
    at = there[place - 1] if place <= len(there) else (there[-1] + 1 if there else len(others))
    return [*others[:at], row, *others[at:]]


def faults_in_new_area(areas: Sequence[Mapping[str, Any]], *, name: str, weight: str) -> Iterable[Fault]:
    """What is wrong with the name and the weight of a new part."""
    if is_blank(name):
        yield "new_area", "Enter the name of the new part"
    if folded(name).strip() in {folded(each["name"]).strip() for each in areas}:
        yield "new_area", "There is a part of this name. Choose it above"
    yield from weight_fault(weight, field="new_area_weight")


def without_empty_areas(content: Mapping[str, Any]) -> dict[str, Any]:
    """A set without the parts that have no question."""
    used = {each["area"] for each in content["questions"]}
    return {**content, "areas": [each for each in content["areas"] if each["id"] in used]}


def without_questions(content: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """A set without some questions, with rules that no longer name them, and without the parts that this leaves empty."""
    rows = [each for each in content["questions"] if each["id"] not in keys]
    gates = [_gate_without(gate, keys) for gate in content["gates"]]
    left = [each for each in gates if each["questions"]]
    return without_empty_areas({**content, "questions": rows, "gates": left})


def _gate_without(gate: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    names = ("questions", "holds") if "holds" in gate else ("questions",)
    return {**gate, **{name: [each for each in gate[name] if each not in keys] for name in names}}


def without_band(bands: Sequence[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    """The results without one; the first of those left begins at 0."""
    left = [each for each in bands if each["id"] != key]
    return [{**left[0], "min": 0}, *left[1:]] if left else []


def in_order_of(before: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """What is chosen, in the order that it had: boxes on a page have an order of their own. What is new comes last."""
    known = [each for each in before if each in chosen]
    return [*known, *(each for each in chosen if each not in known)]
