"""The figures of many businesses together: by round and time of asking, with what is too few to show left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.queries.reports import days_on, reports_of_round
from crm.programme.outcomes.rules.labels import MEASURES, Asked, time_in_words
from crm.programme.outcomes.rules.trends import Drawn, Summed, drawn, summed
from crm.programme.outcomes.workflow import ReportStatus
from crm.programme.rounds.models import Round

BEHIND = {
    "awards": "Awards that report figures",
    "unconfirmed": "Reports still to be confirmed",
    "cancelled": "Awards whose reports were cancelled",
    "cut": "Awards whose reports still to come were cancelled",
}
"""The numbers about a round that open their reports, besides those of its figures."""


@dataclass(frozen=True)
class Trend:
    """One measure over the times of asking: drawn, and what each time comes to."""

    asked: Asked
    picture: Drawn
    cells: tuple[Summed, ...]


@dataclass(frozen=True)
class Counted:
    """The reports behind a number: those that it counts and, of a figure, those that were asked and do not count, each with its words.

    ``noun`` is what is counted: a number of awards shows one report of each.
    """

    title: str
    counted: tuple[tuple[OutcomeReport, str], ...]
    others: tuple[tuple[OutcomeReport, str], ...] = ()
    total: str = ""
    median: str = ""
    noun: str = "report"


@dataclass(frozen=True)
class Trends:
    """The measures of a cohort: the times of asking in words, how many awards there are, and each trend.

    ``unconfirmed`` is how many of the reports that are counted were not confirmed yet, ``cancelled`` of how many awards all were
    cancelled, ``cut`` of how many only those still to come, and ``is_broken`` says that two neighbouring times are of different businesses, so that no line joins them.
    """

    times: tuple[str, ...]
    places: tuple[int, ...]
    awards: int
    rows: tuple[Trend, ...]
    unconfirmed: int = 0
    cancelled: int = 0
    cut: int = 0
    is_broken: bool = False


def rounds_with_reports() -> Sequence[Round]:
    """The rounds whose awards are asked for figures, the newest first. Dry runs are left out."""
    asked = select(Application.round_id).join(OutcomeReport, OutcomeReport.application_id == Application.id)
    query = select(Round).where(Round.id.in_(asked), Round.is_dry_run.is_(False))
    return session().scalars(query.order_by(Round.opens_at.desc(), Round.name).limit(100)).all()


def least_shown(*, on: date) -> int:
    """From how many businesses sums are shown to those who see no single one."""
    return days_on("least_shown", on=on)


def trends_of(round_id: UUID, *, least: int) -> Trends:
    """The figures of a round's awards at each time of asking. What is cancelled is not asked; what is missing is not nought."""
    every = reports_of_round(round_id)
    reports = [each for each in every if each.status is not ReportStatus.CANCELLED]
    places: dict[int, list[OutcomeReport]] = {}
    for each in reports:
        places.setdefault(each.place, []).append(each)
    times = tuple(time_in_words(rows[0].months) for _, rows in sorted(places.items()))
    rows = tuple(_trend(asked, places, least=least) for asked in MEASURES)
    unconfirmed = sum(each.status is ReportStatus.GIVEN for each in reports)
    awards = {each.application_id for each in reports}
    gone = {each.application_id for each in every if each.status is ReportStatus.CANCELLED}
    ended = {"cancelled": len(gone - awards), "cut": len(gone & awards)}
    is_broken = any(not all(_joined(asked, places)) for asked in MEASURES)
    return Trends(times, tuple(sorted(places)), len(awards), rows, unconfirmed, **ended, is_broken=is_broken)


def reports_behind(round_id: UUID, show: str, *, actor: Actor) -> Counted:
    """The reports of one number about a round (``BEHIND``): those still to be confirmed, or the first of each award that it counts."""
    every = reports_of_round(round_id, seen_by=actor)
    if show == "unconfirmed":
        found = [each for each in every if each.status is ReportStatus.GIVEN]
        return Counted(BEHIND[show], tuple((each, each.time) for each in found))
    gone, asked = (
        {each.application_id for each in every if (each.status is ReportStatus.CANCELLED) is is_cancelled}
        for is_cancelled in (True, False)
    )
    counted = {"awards": asked, "cancelled": gone - asked, "cut": gone & asked}[show]
    first: dict[UUID, OutcomeReport] = {}
    for each in every:
        if each.application_id in counted and (each.status is ReportStatus.CANCELLED) is (show != "awards"):
            first.setdefault(each.application_id, each)
    return Counted(BEHIND[show], tuple((each, "") for each in first.values()), noun="award")


def figures_behind(round_id: UUID, asked: Asked, *, place: int, actor: Actor) -> Counted | None:
    """The reports behind the sum and the median of a figure at one time of asking; None where nothing is asked at that time."""
    every = reports_of_round(round_id, seen_by=actor)
    there = [each for each in every if each.place == place and each.status is not ReportStatus.CANCELLED]
    rows = [(each, _counted(each, asked.name)) for each in there]
    if not rows:
        return None
    known = tuple((each, asked.say(value)) for each, value in rows if value is not None)
    others = tuple((each, _said(each, asked)) for each, value in rows if value is None)
    whole = summed([value for _, value in rows])
    total, middle = (asked.say(each) if each is not None else "" for each in (whole.total, whole.median))
    title = f"{asked.label}: {rows[0][0].time[:1].lower()}{rows[0][0].time[1:]}"
    return Counted(title, known, others, total, middle)


def _trend(asked: Asked, places: Mapping[int, Sequence[OutcomeReport]], *, least: int) -> Trend:
    cells = tuple(
        summed([_counted(each, asked.name) for each in rows], least=least)
        for _, rows in sorted(places.items())
    )
    return Trend(asked, drawn([each.median for each in cells], joined=_joined(asked, places)), cells)


def _joined(asked: Asked, places: Mapping[int, Sequence[OutcomeReport]]) -> list[bool]:
    """Of each two neighbouring times, whether the same awards gave this figure at both, where both have any."""
    gave = [
        {each.application_id for each in rows if _counted(each, asked.name) is not None}
        for _, rows in sorted(places.items())
    ]
    return [not one or not other or one == other for one, other in pairwise(gave)]


def _counted(report: OutcomeReport, name: str) -> int | None:
    return report.figures.counted(name) if report.figures is not None else None


def _said(report: OutcomeReport, asked: Asked) -> str:
    """A figure in words; of one that was not sent, that it was not."""
    if report.figures is not None:
        return asked.say(_counted(report, asked.name))
    return "Not due yet" if report.status is ReportStatus.PLANNED else "Not sent yet"


def own_trends(reports: Sequence[OutcomeReport]) -> list[tuple[Asked, Drawn, list[str]]]:
    """Each measure of one award: drawn, and as it is said at each time."""
    return [
        (
            asked,
            drawn([_counted(each, asked.name) for each in reports]),
            [_said(each, asked) for each in reports],
        )
        for asked in MEASURES
    ]
