"""What answers come to: exact area scores, the overall score, its band, and what lowers it most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from crm.diagnostics.rules.readiness import TOP, UNSURE, Asked, Band, Circumstances, Question

MOST_ACTIONS = 3
FEWEST_SIMILAR = 5
"""A comparison with fewer other businesses could tell one of them apart."""
HUNDRED, HALF = 100, Fraction(1, 2)
Answers = Mapping[str, str | None]


@dataclass(frozen=True)
class Drag:
    """A question with how many points of the overall score its answer costs."""

    question: Question
    answer: str
    points: Fraction


@dataclass(frozen=True)
class Score:
    """What answers come to. Scores are 0 to 100; ``overall`` is None where nothing was scored.

    ``missing`` are the questions that have to be answered and are not; "Not sure yet" is an answer to them, and is in no
    sum. ``is_enough`` says whether ``answered``, which leaves out the ``unsure`` ones, reaches ``needed``, the set's
    minimum. ``capped`` is what holds the band down, in words.
    """

    areas: Mapping[str, Fraction]
    overall: Fraction | None
    answered: int
    unsure: int
    asked: int
    needed: int
    missing: tuple[Question, ...]
    is_enough: bool
    band: Band | None
    capped: str
    flags: tuple[str, ...]
    drags: tuple[Drag, ...]

    @property
    def is_complete(self) -> bool:
        """Whether the assessment can be finished."""
        return self.is_enough and not self.missing and self.overall is not None

    @property
    def dearest(self) -> tuple[Drag, ...]:
        """The answers below the top by what they cost, the dearest first."""
        return tuple(sorted(self.drags, key=lambda each: -each.points))

    @property
    def actions(self) -> tuple[Drag, ...]:
        """The few things to do first."""
        return tuple(each for each in self.drags if each.question.next_action)[:MOST_ACTIONS]


def tenths(score: Fraction) -> int:
    """A score in whole tenths of a point, a half rounded up."""
    return int(score * 10 + HALF)


def in_words(whole_tenths: int) -> str:
    """A score as it is shown: 625 is "62.5"."""
    return f"{whole_tenths // 10}.{whole_tenths % 10}"


def score(asked: Asked, answers: Answers, *, of: Circumstances) -> Score:
    """Score answers exactly. An answer that is not given, or does not apply, is in no sum: it is never 0."""
    questions = asked.for_circumstances(of)
    chosen = {each.key: option for each in questions if (option := each.option(answers.get(each.key)))}
    points = {key: option.score for key, option in chosen.items() if option.score is not None}
    most, got = _sums(asked, questions, points, of)
    areas = {key: HUNDRED * got[key] / most[key] for key in most}
    weights = {each.key: each.weight for each in asked.areas if each.key in areas}
    whole = sum(weights.values(), Fraction(0))
    overall = sum((weights[key] * areas[key] for key in areas), Fraction(0)) / whole if whole else None
    capped, flags, cap = _gates(asked, points, of)
    unsure = {each.key for each in questions if answers.get(each.key) == UNSURE}
    needed = asked.least_answers(len(questions))
    is_enough = len(chosen) >= needed if questions else False
    return Score(
        areas=areas,
        overall=overall,
        answered=len(chosen),
        unsure=len(unsure),
        asked=len(questions),
        needed=needed,
        missing=tuple(each for each in questions if each.is_critical and each.key not in {*chosen, *unsure}),
        is_enough=is_enough,
        band=_band(asked, tenths(overall), cap) if overall is not None and is_enough else None,
        capped=capped if overall is not None and _is_capped(asked, tenths(overall), cap) else "",
        flags=flags,
        drags=_drags(asked, questions, points, {key: weights[key] / whole / most[key] for key in areas}, of),
    )


def _sums(
    asked: Asked, questions: tuple[Question, ...], points: Mapping[str, int], of: Circumstances
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """By area, the most that its scored questions could give, and what they gave."""
    most: dict[str, Fraction] = {}
    got: dict[str, Fraction] = {}
    for each in questions:
        if each.key in points:
            weight = asked.weight(each, of)
            most[each.area] = most.get(each.area, Fraction(0)) + weight * TOP
            got[each.area] = got.get(each.area, Fraction(0)) + weight * points[each.key]
    return most, got


def _gates(
    asked: Asked, points: Mapping[str, int], of: Circumstances
) -> tuple[str, tuple[str, ...], int | None]:
    """The words of the cap that holds, the warnings that do, and the place of the highest band allowed."""
    places = {each.key: place for place, each in enumerate(asked.bands)}
    held = [
        each
        for each in asked.gates
        if (of.is_screen or not each.only_screen)
        and any(key in each.questions and value < each.below for key, value in points.items())
    ]
    caps = sorted((places[each.cap], each.words) for each in held if each.cap)
    flags = tuple(each.words for each in held if not each.cap)
    return (caps[0][1] if caps else ""), flags, (caps[0][0] if caps else None)


def _place(asked: Asked, whole_tenths: int) -> int:
    return max(place for place, each in enumerate(asked.bands) if each.least <= whole_tenths)


def _band(asked: Asked, whole_tenths: int, cap: int | None) -> Band:
    place = _place(asked, whole_tenths)
    return asked.bands[place if cap is None else min(place, cap)]


def _is_capped(asked: Asked, whole_tenths: int, cap: int | None) -> bool:
    return cap is not None and _place(asked, whole_tenths) > cap


def _drags(
    asked: Asked,
    questions: tuple[Question, ...],
    points: Mapping[str, int],
    share: Mapping[str, Fraction],
    of: Circumstances,
) -> tuple[Drag, ...]:
    """Each answer below the top with what it costs, a critical one at 0 first, then the dearest."""
    rows = [
        (
            each,
            points[each.key],
            HUNDRED * share[each.area] * asked.weight(each, of) * (TOP - points[each.key]),
        )
        for each in questions
        if points.get(each.key, TOP) < TOP
    ]
    rows.sort(key=lambda row: (not (row[0].is_critical and row[1] == 0), -row[2]))
    return tuple(
        Drag(each, next(one.label for one in each.options if one.score == value), lost)
        for each, value, lost in rows
    )
