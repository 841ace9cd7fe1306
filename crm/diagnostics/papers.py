"""What leaves of readiness assessments: a result as a PDF that everybody can read, and results as the rows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.rules.comparing import Cohort
from crm.diagnostics.rules.radar import drawing
from crm.diagnostics.rules.scoring import Drag, Score, in_words, tenths
from crm.kernel.clock import day_of, told_apart
from crm.kernel.eligibility import DCMS_GROUPS
from crm.web.filters import day
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "readiness.typ"
MOST_DRAGS = 5
ANSWERERS = {"business": "The business", "adviser": "An adviser", "together": "Together"}


def report_pdf(check: ReadinessCheck, shown: Mapping[str, Any], *, service_name: str, contact: str) -> bytes:
    """The result as tagged PDF (PDF/UA-1). ``shown`` is what its page shows."""
    return set_paper(SHEET, {"service_name": service_name, "contact": contact, **_told(check, shown)})


def _told(check: ReadinessCheck, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the paper says."""
    assert check.finished_at is not None
    result: Score = shown["result"]
    before, similar = shown["before"], shown["similar"]
    return {
        "business": check.business.name,
        "title": check.question_set.title,
        "version": check.question_set.number,
        "note": shown["note"],
        "finished": _finished(check, shown["newer"]),
        "answered": _answered(shown),
        "score": in_words(check.score or 0),
        "band": shown["band"].name,
        "meaning": shown["band"].meaning if result.claims else "",
        "offer": result.said_offer(shown["band"]),
        "in_part": result.is_in_part,
        "open": [result.said_open, [each.text for each in result.open_critical]],
        "unknown": result.said_unknown,
        "waiting": [each.question.next_action for each in result.waiting],
        "capped": result.capped,
        "flags": list(result.flags),
        "areas": _areas(shown),
        "columns": [*(["Now", "Last time"] if before else ["Score"]), *(["Similar"] if similar else [])],
        "chart": drawing(shown["chart"]),
        "before": _before(check, before, unlike=shown["unlike"]) if before else "",
        "similar": f"{similar.score} is the middle score (the median) of other businesses in your sector. {similar.said}"
        if similar
        else "",
        "drags": [_drag(each) for each in result.dearest[:MOST_DRAGS]],
        "order": result.said_order if result.drags else "",
        "actions": _actions(shown),
        "nothing": _nothing(shown),
        "later": _told_by(shown, "paper_later"),
        "later_means": " ".join(each.get("later_means", "") for each in shown["told_by"]).strip(),
        "answers": [*map(list, shown["about"]), *([each.text, words] for each, words in shown["told"])],
    }


CHECKS_HEAD = (
    *("Business", "Assessment", "Version", "Status", "Started", "Finished", "Answered by", "Sector"),
    *("Score out of 100", "Result"),
)
COHORT_HEAD = ("Part", "Name", "Businesses", "Median out of 100")


def check_row(found: ReadinessCheck, band: str) -> tuple[Any, ...]:
    """One assessment as a row of a file; scores with one decimal."""
    is_finished = found.finished_at is not None
    return (
        found.business.name,
        found.question_set.title,
        found.question_set.number,
        "Finished" if is_finished else "Not finished",
        found.begun_at,
        found.finished_at,
        ANSWERERS[found.answered_by],
        DCMS_GROUPS.get(found.sector or "", ""),
        in_words(found.score or 0) if is_finished else "",
        band,
    )


def cohort_rows(shown: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The figures across businesses as rows of a file, in the order of their page."""
    found: Cohort = shown["cohort"]
    rows: list[tuple[Any, ...]] = [("All", "Latest result of each business", found.businesses, found.score)]
    rows += [("Result", name, count, None) for name, count in (*shown["bands"], *shown["older"])]
    if found.change is not None:
        change = found.change
        rows += [("Before and after", "First time", change.count, change.first)]
        rows += [("Before and after", "Latest", change.count, change.latest)]
        moved = {"Higher": change.higher, "The same": change.same, "Lower": change.lower}
        rows += [("Before and after", name, count, None) for name, count in moved.items()]
        rows.append(("Before and after", "Under another version of the questions", change.across, None))
    rows += [("Area", area.name, None, score) for area, score in shown["areas"]]
    return rows + [("Sector", name, count, score) for name, _, count, score in shown["sectors"]]


def _finished(check: ReadinessCheck, newer: ReadinessCheck | None) -> str:
    """On which day, and that there is a newer result where there is one."""
    assert check.finished_at is not None
    on = day(day_of(check.finished_at))
    if newer is None or newer.finished_at is None:
        return on
    return f"{on}; an older result, as there is one of {told_apart(newer.finished_at, check.finished_at)}"


def _answered(shown: Mapping[str, Any]) -> str:
    """Who answered, and how much: "Answered by the business (Fi Founder). 42 of 43 questions answered, 1 not sure yet"."""
    result: Score = shown["result"]
    unsure = f", {result.unsure} not sure yet" if result.unsure else ""
    return f"Answered {shown['answered_by']}. {result.answered} of {result.asked} questions answered{unsure}"


def _score(tenths: int | None) -> str:
    return "Not scored" if tenths is None else in_words(tenths)


def _before(check: ReadinessCheck, before: ReadinessCheck, *, unlike: str) -> str:
    """The score of the time before, and what keeps the two from comparing."""
    assert before.finished_at is not None
    told = f"{in_words(before.score or 0)} on {told_apart(before.finished_at, check.finished_at)}"
    return ". ".join(filter(None, (told, unlike.rstrip("."))))


def _areas(shown: Mapping[str, Any]) -> list[list[str]]:
    """Each area with its score, the score of the time before where there was one, and what similar businesses have."""
    before, similar = shown["before"], shown["similar"]
    rows = []
    for number, (area, now, earlier) in enumerate(shown["areas"], start=1):
        row = [f"{number}. {area.name}", _score(now), *([_score(earlier)] if before else [])]
        rows.append([*row, *([str(similar.areas.get(area.key, "Fewer than 5"))] if similar else [])])
    return rows


def _drag(found: Drag) -> list[str]:
    return [found.question.text, found.answer, f"It costs {in_words(tenths(found.points))} points."]


def _actions(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What to do next and who can help, as the rooms above tell it: the same as on the page."""
    if shown["told_by"]:
        return _told_by(shown, "paper")
    return [{"what": each.question.next_action, "who": []} for each in shown["result"].actions]


def _nothing(shown: Mapping[str, Any]) -> list[str]:
    """Why nothing comes next, where nothing does: the same as on the page."""
    result: Score = shown["result"]
    said = [] if result.actions else [result.nothing_to_do]
    return [*said, *filter(None, (part.get("all_done") for part in shown["told_by"]))]


def _told_by(shown: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """What the rooms above tell under a name: each with its lines."""
    told = (line for part in shown["told_by"] for line in part.get(name, ()))
    return [{"what": what, "who": who} for what, who in told]
