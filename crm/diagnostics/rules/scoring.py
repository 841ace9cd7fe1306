"""What answers come to: exact area scores, the overall score, its band, and what lowers it most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from crm.diagnostics.rules.readiness import (
    TOP,
    UNSURE,
    UNSURE_WORDS,
    Area,
    Asked,
    Band,
    Circumstances,
    Gate,
    Question,
)

MOST_ACTIONS = 3
FEWEST_SIMILAR = 5
"""A comparison with fewer other businesses could tell one of them apart."""
NOT_KNOWN = "some needed answers not known"
"""What is said beside a result for which a question that is needed to finish was answered "Not sure yet"."""
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
    minimum. ``capped`` is what holds the band down, in words. ``held`` are the questions whose action waits until
    a gate is open, and with ``holds_offer`` the support of the band waits too. ``open_critical`` are the questions needed
    to finish whose answer is not known, ``unknown_areas`` those of which nothing is; ``lowest`` is the lowest band.
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
    held: frozenset[str] = frozenset()
    holds_offer: bool = False
    open_critical: tuple[Question, ...] = ()
    unknown_areas: tuple[Area, ...] = ()
    lowest: Band | None = None

    @property
    def claims(self) -> bool:
        """Whether the words of its band can be said: only the lowest claims nothing that is not known."""
        return not self.open_critical or self.band == self.lowest

    @property
    def is_in_part(self) -> bool:
        """Whether the score is one of the answers given, with something that matters not known."""
        return bool(self.open_critical or self.unknown_areas)

    @property
    def said_open(self) -> str:
        """That questions needed to finish have no answer yet, before the list of them; "" where each has."""
        count = len(self.open_critical)
        if not count:
            return ""
        said = f"{count} of the questions needed to finish {'is' if count == 1 else 'are'} answered “{UNSURE_WORDS}”"
        so = "" if self.claims else ", so we cannot say yet what this level means for the business"
        return f"{said}{so}. Find out, and answer again:"

    @property
    def said_unknown(self) -> str:
        """The areas of which nothing is known; "" where something is known of each."""
        names = "; ".join(each.name for each in self.unknown_areas)
        return f"Not known yet, and not in the score: {names}." if names else ""

    def said_offer(self, band: Band) -> str:
        """The support that suits a band, or until when it waits."""
        if not band.offer:
            return ""
        if self.holds_offer:
            return "We suggest support for this level once the first action is done and the assessment taken again."
        if not self.claims:
            return "We suggest support for this level once the questions needed to finish are answered."
        return f"Kinds of support that suit this level: {band.offer}."

    @property
    def is_complete(self) -> bool:
        """Whether the assessment can be finished."""
        return self.is_enough and not self.missing and self.overall is not None

    @property
    def nothing_to_do(self) -> str:
        """What is said where no answer asks for an action: "at its best" is said of every question, or of none."""
        if self.answered == self.asked:
            return "Nothing: every answer is at its best."
        left = self.asked - self.answered
        verb = "1 question has" if left == 1 else f"{left} questions have"
        return f"Nothing yet from the answers given. {verb} no answer or “Not sure yet”: find out, and answer again."

    @property
    def dearest(self) -> tuple[Drag, ...]:
        """The answers below the top by what they cost, the dearest first."""
        return tuple(sorted(self.drags, key=lambda each: -each.points))

    @property
    def said_order(self) -> str:
        """Why the things to do first are not those that cost most; "" where they are."""
        first = [each for each in self.dearest if each.question.next_action and not self._waits(each)]
        if self.actions == tuple(first[:MOST_ACTIONS]):
            return ""
        return (
            "“What to do next” has another order: first what limits the result or other steps wait for, then the "
            "questions that matter most at their lowest answer, then what costs most."
        )

    @property
    def actions(self) -> tuple[Drag, ...]:
        """The few things to do first: what keeps a gate shut before all else, and nothing that waits for a gate."""
        return self.doable[:MOST_ACTIONS]

    @property
    def doable(self) -> tuple[Drag, ...]:
        """Every answer that something can be done about now, what comes first first."""
        return tuple(each for each in self.drags if each.question.next_action and not self._waits(each))

    @property
    def waiting(self) -> tuple[Drag, ...]:
        """Every answer whose action waits until a gate is open."""
        return tuple(each for each in self.drags if each.question.next_action and self._waits(each))

    def _waits(self, found: Drag) -> bool:
        return found.question.key in self.held


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
    shut = [each for each in asked.gates if each.is_shut(points, of)]
    capped, cap = _cap(asked, shut)
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
        flags=tuple(each.words for each in shut if not each.cap),
        drags=_drags(
            asked, questions, points, {key: weights[key] / whole / most[key] for key in areas}, of, shut
        ),
        held=frozenset(key for each in shut for key in each.holds),
        holds_offer=any(each.holds_offer for each in shut),
        open_critical=tuple(each for each in questions if each.is_critical and each.key not in chosen),
        unknown_areas=tuple(each for each in asked.areas if each.key in _blank(questions, chosen) - {*areas}),
        lowest=asked.bands[0],
    )


def _blank(questions: tuple[Question, ...], chosen: Collection[str]) -> set[str]:
    """The areas in which a question has no answer. Where every question does not apply, nothing is unknown."""
    return {each.area for each in questions if each.key not in chosen}


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


def _cap(asked: Asked, shut: Sequence[Gate]) -> tuple[str, int | None]:
    """The words of the lowest cap of some gates, and the place of the highest band that it allows."""
    places = {each.key: place for place, each in enumerate(asked.bands)}
    caps = sorted((places[each.cap], each.words) for each in shut if each.cap)
    return (caps[0][1], caps[0][0]) if caps else ("", None)


def _place(asked: Asked, whole_tenths: int) -> int:
    return max(place for place, each in enumerate(asked.bands) if each.least <= whole_tenths)


def _band(asked: Asked, whole_tenths: int, cap: int | None) -> Band:
    place = _place(asked, whole_tenths)
    return asked.bands[place if cap is None else min(place, cap)]


def _is_capped(asked: Asked, whole_tenths: int, cap: int | None) -> bool:
    return cap is not None and _place(asked, whole_tenths) > cap


def _order(points: Mapping[str, int], shut: Sequence[Gate]) -> dict[str, int]:
    """The questions that keep a gate shut: first those for which other actions or support wait."""
    found: dict[str, int] = {}
    for gate in shut:
        for key in gate.questions:
            if points.get(key, TOP) < gate.below:
                place = 0 if gate.holds or gate.holds_offer else 1
                found[key] = min(place, found.get(key, place))
    return found


def _drags(
    asked: Asked,
    questions: tuple[Question, ...],
    points: Mapping[str, int],
    share: Mapping[str, Fraction],
    of: Circumstances,
    shut: Sequence[Gate],
) -> tuple[Drag, ...]:
    """Each answer below the top with what it costs: what opens a gate, then a critical one at 0, then the dearest."""
    order = _order(points, shut)
    rows = [
        (
            each,
            points[each.key],
            HUNDRED * share[each.area] * asked.weight(each, of) * (TOP - points[each.key]),
        )
        for each in questions
        if points.get(each.key, TOP) < TOP
    ]
    rows.sort(key=lambda row: (order.get(row[0].key, 2), not (row[0].is_critical and row[1] == 0), -row[2]))
    return tuple(
        Drag(each, next(one.label for one in each.options if one.score == value), lost)
        for each, value, lost in rows
    )
