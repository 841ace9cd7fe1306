"""Reads for retention: what is due of each kind, and what was done."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from crm.db.ending import Ends, count_left
from crm.db.session import session
from crm.figures.queries import NoFigure, figure_on, shipped_figure_on
from crm.kernel.clock import today
from crm.privacy.models import RetentionRun
from crm.privacy.rules import Line, first_kept, period_in_words

RUN = RetentionRun.__table__.c


def value_of(kind: Ends) -> int | None:
    """The figure of today for a kind; 0 where its time is no figure, and None where its figure is not loaded yet."""
    if not isinstance(kind.period, str):
        return 0
    try:
        return int(figure_on(kind.period, on=today()))
    except NoFigure:
        return None


def periods_of(kinds: Iterable[Ends]) -> dict[str, str]:
    """How long each kind is kept, in words, by its name: the figure of today, and before any is loaded the one that comes with
    the product.
    """
    return {each.name: period_in_words(each, _known_value(each)) for each in kinds}


def _known_value(kind: Ends) -> int:
    value = value_of(kind)
    return int(shipped_figure_on(str(kind.period), on=today())) if value is None else value


def lines_of(kinds: Iterable[Ends]) -> list[Line]:
    """The report: what is due of each kind today, and what was done last. It changes nothing."""
    found = []
    last, open_runs = last_done(), {each.kind: each for each in open_runs_now()}
    for kind in kinds:
        value = _known_value(kind)
        before = first_kept(kind, value, on=today())
        run, held = last.get(kind.name), open_runs.get(kind.name)
        found.append(
            Line(
                kind,
                period_in_words(kind, value),
                before,
                count_left(kind, before),
                run.done if run else 0,
                run.finished_at if run else None,
                held.held if held else "",
            )
        )
    return found


def open_runs_now() -> list[RetentionRun]:
    """What was planned and is not finished, the oldest first."""
    query = select(RetentionRun).where(RUN.finished_at.is_(None))
    return list(session().scalars(query.order_by(RUN.planned_at, RUN.id).limit(200)))


def next_run() -> RetentionRun | None:
    """The first that was planned, is not finished and is not held back."""
    query = select(RetentionRun).where(RUN.finished_at.is_(None), RUN.held == "")
    return session().scalar(query.order_by(RUN.planned_at, RUN.id).limit(1))


def count_held() -> int:
    """How many kinds are held back until a person has looked."""
    return sum(bool(each.held) for each in open_runs_now())


def last_done() -> dict[str, RetentionRun]:
    """The last finished run of each kind."""
    query = select(RetentionRun).where(RUN.finished_at.is_not(None))
    runs = session().scalars(query.order_by(RUN.finished_at.desc(), RUN.id).limit(500))
    found: dict[str, RetentionRun] = {}
    for each in runs:
        found.setdefault(each.kind, each)
    return found
