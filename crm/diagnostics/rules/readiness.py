"""A readiness question set as it is read: areas, questions, options, gates and bands. All weights are exact fractions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crm.kernel.errors import BadInput
from crm.kernel.text import is_blank

IP, EXPORT = "ip_readiness", "export_readiness"
SETS_IN_WORDS = {IP: "IP readiness", EXPORT: "export readiness"}
TOP = 3
"""The highest score of an answer; the lowest is 0."""
EVERY, BOTH = "all", "both"
SELLS = {"goods": "Goods", "services": "Services, rights or digital work", "both": "Both"}
YES_NO = {True: "Yes", False: "No"}
UNSURE_LIKE = ("not sure", "unsure", "no idea", "do not know", "don't know", "don’t know")
"""How an answer must not begin that scores: every question offers “Not sure yet”, which costs nothing."""
DONE = "Answered"
UNSURE, UNSURE_WORDS, LEFT_OUT_WORDS = "unsure", "Not sure yet", "Not answered"
COUNTED = re.compile(r"^[0-9]+ questions?\b")
"""How many questions there are, as an introduction may begin: it is counted each time."""
LONGEST_KEY, LONGEST_TEXT, MOST_QUESTIONS = 40, 500, 100


@dataclass(frozen=True)
class Option:
    """One answer. Its score is 0 to 3, or None where the question does not apply to the business."""

    value: str
    label: str
    score: int | None


@dataclass(frozen=True)
class Circumstances:
    """What is true of the business and changes what is asked or what counts more."""

    groups: frozenset[str] = frozenset()
    is_screen: bool = False
    sells: str = BOTH

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"groups": sorted(self.groups), "screen": self.is_screen, "sells": self.sells}

    def in_words(self) -> dict[str, tuple[str, str]]:
        """By what a set may ask about the business at the start: its name, and what was told."""
        screen = ("Screen or mixed-media funding", YES_NO[self.is_screen])
        return {"screen": screen, "sells": ("Sold abroad", SELLS[self.sells])}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Circumstances:
        """Circumstances as they were stored."""
        return cls(frozenset(kept.get("groups", ())), bool(kept.get("screen")), kept.get("sells", BOTH))


@dataclass(frozen=True)
class Question:
    """One question. ``groups`` are the creative sectors that it matters most to; empty is every sector alike."""

    key: str
    area: str
    text: str
    help: str
    options: tuple[Option, ...]
    weight: Fraction
    groups: frozenset[str]
    is_screen: bool
    is_critical: bool
    applies_to: str
    next_action: str
    providers: tuple[str, ...]

    def is_asked(self, of: Circumstances) -> bool:
        """Whether a business of these circumstances is asked this at all."""
        return BOTH in (self.applies_to, of.sells) or self.applies_to == of.sells

    def option(self, value: str | None) -> Option | None:
        """The option of a stored answer; None where it is not answered, or not sure."""
        return next((each for each in self.options if each.value == value), None)

    def offers(self, value: str | None) -> bool:
        """Whether this can be its answer: one of its options, not sure, or left out."""
        return not value or value == UNSURE or self.option(value) is not None


@dataclass(frozen=True)
class Area:
    """A part of the assessment with its own score and page."""

    key: str
    name: str
    weight: Fraction


@dataclass(frozen=True)
class Band:
    """A result in words, from ``least`` (tenths of a point out of 100) upwards."""

    key: str
    name: str
    least: int
    meaning: str
    offer: str


@dataclass(frozen=True)
class Gate:
    """What follows where one of some questions is scored below a limit: a highest band, or words to heed.

    While it is so, the actions of the questions in ``holds`` wait, and with ``holds_offer`` so does the support of the band.
    """

    questions: frozenset[str]
    below: int
    cap: str
    only_screen: bool
    words: str
    holds: frozenset[str] = frozenset()
    holds_offer: bool = False

    def is_shut(self, points: Mapping[str, int], of: Circumstances) -> bool:
        """Whether one of its questions is scored below its limit by such a business."""
        low = any(key in self.questions and value < self.below for key, value in points.items())
        return low and (of.is_screen or not self.only_screen)


@dataclass(frozen=True)
class Provider:
    """A kind of provider that a question names, and the directory's services of that kind by their ids."""

    name: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A whole question set, read."""

    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    bands: tuple[Band, ...]
    gates: tuple[Gate, ...]
    providers: Mapping[str, Provider]
    least_share: Fraction
    sector_boost: Fraction
    screen_boost: Fraction
    asks: tuple[str, ...]
    intro: str

    def for_circumstances(self, of: Circumstances) -> tuple[Question, ...]:
        """The questions that a business of these circumstances is asked."""
        return tuple(each for each in self.questions if each.is_asked(of))

    def least_answers(self, count: int) -> int:
        """How many of so many questions have to be answered before there is a result."""
        return -(-count * self.least_share.numerator // self.least_share.denominator)

    def areas_asked(self, of: Circumstances) -> tuple[Area, ...]:
        """The areas that have a question for such a business, in order."""
        there = {each.area for each in self.for_circumstances(of)}
        return tuple(each for each in self.areas if each.key in there)

    def question(self, key: str) -> Question | None:
        """One question by its key."""
        return next((each for each in self.questions if each.key == key), None)

    def weight(self, question: Question, of: Circumstances) -> Fraction:
        """What a question counts for this business: more where its sector, or its funding bid, turns on it."""
        weight = question.weight
        if question.groups & of.groups:
            weight *= self.sector_boost
        return weight * self.screen_boost if question.is_screen and of.is_screen else weight


def exact(value: Any) -> Fraction:
    """A number of the file as it is written there: 0.6 is three fifths. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError("a weight is a number")
    return Fraction(str(value))


def read_set(content: Mapping[str, Any]) -> Asked:
    """A question set as it is stored. Raises ValueError or KeyError for one that could not be asked."""
    scoring = content["scoring"]
    found = Asked(
        areas=tuple(Area(row["id"], row["name"], exact(row["weight"])) for row in content["areas"]),
        questions=tuple(_question(row) for row in content["questions"]),
        bands=tuple(_band(row) for row in content["bands"]),
        gates=tuple(_gate(row) for row in content["gates"]),
        providers={
            key: Provider(row["name"], tuple(row["services"])) for key, row in content["providers"].items()
        },
        least_share=exact(scoring["minimum_answered_share"]),
        sector_boost=exact(scoring["sector_boost"]),
        screen_boost=exact(scoring["screen_boost"]),
        asks=tuple(content["asks"]),
        intro=COUNTED.sub(f"{len(content['questions'])} questions", content["intro"]),
    )
    faults = faults_of(found)
    if faults:
        raise ValueError("; ".join(faults))
    return found


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        key=row["id"],
        area=row["area"],
        text=row["text"],
        help=row["help"],
        options=tuple(Option(each["value"], each["label"], each["score"]) for each in row["options"]),
        weight=exact(row["weight"]),
        groups=frozenset(row["sectors_most"]) - {EVERY},
        is_screen=row["screen_priority"],
        is_critical=row["critical"],
        applies_to=row["applies_to"],
        next_action=row["next_action"],
        providers=tuple(row["typical_providers"]),
    )


def _band(row: Mapping[str, Any]) -> Band:
    return Band(row["id"], row["name"], int(exact(row["min"]) * 10), row["meaning"], row["offer"])


def _gate(row: Mapping[str, Any]) -> Gate:
    return Gate(
        frozenset(row["questions"]),
        row["below"],
        row.get("cap", ""),
        row.get("only") == "screen",
        row["words"],
        frozenset(row.get("holds", ())) - frozenset(row["questions"]),
        bool(row.get("holds_offer")),
    )


def faults_of(found: Asked) -> list[str]:
    """What keeps a question set from being asked, each fault in words; none where it is sound."""
    keys = [each.key for each in found.questions]
    areas = {each.key for each in found.areas}
    bands = [each.least for each in found.bands]
    table = (
        (not keys, "It has no questions."),
        (len(keys) > MOST_QUESTIONS, f"It has more than {MOST_QUESTIONS} questions."),
        (len(set(keys)) < len(keys), "Two questions have the same key."),
        (len(areas) < len(found.areas), "Two areas have the same key."),
        (areas != {each.area for each in found.questions}, "Every area needs a question, and none is in another area."),
        (not bands or bands[0] != 0 or bands != sorted(set(bands)), "The bands must begin at 0 and rise."),
        (any(each.least > 1000 for each in found.bands), "A band begins above 100."),
        (any(each <= 0 for each in _weights(found)), "A weight must be above 0."),
        (
            any(not set(each.providers) <= set(found.providers) for each in found.questions),
            "A question names a kind of provider that is not there.",
        ),
        (any(not each.questions | each.holds <= set(keys) for each in found.gates), "A rule names a question that is not there."),
        (
            any(each.cap and each.cap not in {band.key for band in found.bands} for each in found.gates),
            "A rule names a band that is not there.",
        ),
    )  # fmt: skip
    own = (fault for each in found.questions for fault in _faults_of_question(each))
    return [words for is_so, words in table if is_so] + list(own)


def _weights(found: Asked) -> list[Fraction]:
    return [each.weight for each in found.areas] + [each.weight for each in found.questions]


def _faults_of_question(found: Question) -> Iterable[str]:
    values = [each.value for each in found.options]
    scored = [each.score for each in found.options if each.score is not None]
    if len(set(values)) < len(values) or UNSURE in values or len(set(scored)) < 2:
        yield f"“{found.text}” needs two or more different answers with different scores."
    if any(not 0 <= each <= TOP for each in scored):
        yield f"“{found.text}” has a score that is not 0 to {TOP}."
    if is_blank(found.text) or any(is_blank(each.label) for each in found.options):
        yield f"Question {found.key} has a text that is empty."


def wording_faults(found: Asked) -> list[str]:
    """What a new version must not say. A version that was published before is still read and answered as it is."""
    return [
        f"“{question.text}”: “{each.label}” would lower the score, and “{UNSURE_WORDS}” does not. Say it another way."
        for question in found.questions
        for each in question.options
        if each.score is not None and each.label.lower().startswith(UNSURE_LIKE)
    ]


def checked(questions: Sequence[Question], given: Mapping[str, str | None]) -> dict[str, str | None]:
    """The answers given, each one that its question offers or `UNSURE`; None is left out. Raises `BadInput`."""
    known = {each.key: each for each in questions}
    for key, value in given.items():
        if key not in known:
            raise BadInput(
                "One of these answers is to a question that this page does not ask. Nothing was saved."
            )
        if not known[key].offers(value):
            raise BadInput("Choose one of the answers shown")
    return {key: value or None for key, value in given.items()}


def answer_in_words(question: Question, value: str | None) -> str:
    """One answer as it is shown."""
    chosen = question.option(value)
    if chosen is not None:
        return chosen.label
    return UNSURE_WORDS if value == UNSURE else LEFT_OUT_WORDS


def how_far(chosen: Sequence[str | None]) -> str:
    """How far some questions are answered. "Not sure yet" is no answer, as in the score, and is said beside it."""
    unsure = chosen.count(UNSURE)
    done = len(chosen) - chosen.count(None) - unsure
    said = DONE if done == len(chosen) else f"{done} of {len(chosen)} answered"
    return f"{said}, {unsure} not sure yet" if unsure else said
