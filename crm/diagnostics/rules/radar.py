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


def drawing(chart: Radar) -> str:
    """The chart as SVG, for paper."""
    ink, quiet, before = "#2b1a3d", "#c9bfcd", "#8a5a00"
    middle = f"{SIZE / 2:.1f}"
    parts = [f'<polygon points="{ring}" fill="none" stroke="{quiet}"/>' for ring in chart.rings]
    for each in chart.spokes:
        parts.append(
            f'<line x1="{middle}" y1="{middle}" x2="{each.end[0]}" y2="{each.end[1]}" stroke="{quiet}"/>'
        )
        parts.append(
            f'<text x="{each.label[0]}" y="{each.label[1]}" dy="5" text-anchor="middle" font-size="14" fill="{ink}">{each.number}</text>'
        )
    if chart.before:
        parts.append(
            f'<polygon points="{chart.before}" fill="none" stroke="{before}" stroke-width="2" stroke-dasharray="5 4"/>'
        )
    parts.append(
        f'<polygon points="{chart.shape}" fill="{ink}" fill-opacity="0.15" stroke="{ink}" stroke-width="2.5"/>'
    )
    box = f'viewBox="0 0 {chart.size} {chart.size}" width="{chart.size}" height="{chart.size}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>'


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
