"""The chart of area scores as points to draw: whole tenths of a unit, so that it is the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

SIZE, INNER, RADIUS, LABEL_AT = 320, 25, 125, 145
"""The chart's side, and how far from its middle a score of 0, one of 100 and the numbers stand: 0 is a ring, not a dot."""
RINGS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Spoke:
    """One area: the end of its line, where its number stands, and the dot of its score, where it has one."""

    number: int
    end: tuple[str, str]
    label: tuple[str, str]
    dot: tuple[str, str] | None


@dataclass(frozen=True)
class Radar:
    """The chart: its rings and spokes, the shape of these scores and of the earlier ones ("" where there are none)."""

    size: int
    rings: tuple[str, ...]
    spokes: tuple[Spoke, ...]
    shape: str
    before: str


def radar(scores: Sequence[int | None], before: Sequence[int | None] = ()) -> Radar:
    """The chart of area scores in tenths, 0 to 1000. An area without a score has a spoke and no dot."""
    count = len(scores)
    return Radar(
        size=SIZE,
        rings=tuple(_line([_at(place, count, _far(ring * 10)) for place in range(count)]) for ring in RINGS),
        spokes=tuple(
            Spoke(place + 1, _at(place, count, RADIUS), _at(place, count, LABEL_AT), _dot(place, count, each))
            for place, each in enumerate(scores)
        ),
        shape=_shape(scores),
        before=_shape(before) if any(each is not None for each in before) else "",
    )


def _at(place: int, count: int, far: float) -> tuple[str, str]:
    angle = 2 * pi * place / count - pi / 2
    return f"{SIZE / 2 + far * cos(angle):.1f}", f"{SIZE / 2 + far * sin(angle):.1f}"


def _dot(place: int, count: int, score: int | None) -> tuple[str, str] | None:
    return None if score is None else _at(place, count, _far(score))


def _far(score: int) -> float:
    return INNER + score * (RADIUS - INNER) / 1000


def _shape(scores: Sequence[int | None]) -> str:
    dots = [_dot(place, len(scores), each) for place, each in enumerate(scores)]
    return _line([each for each in dots if each is not None])


def _line(points: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
