"""The result of a readiness assessment as a PDF that everybody can read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.rules.scoring import Drag, Score, in_words, tenths
from crm.kernel.clock import day_of
from crm.web.filters import day
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "readiness.typ"
MOST_DRAGS = 5


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
        "finished": day(day_of(check.finished_at)),
        "score": in_words(check.score or 0),
        "band": shown["band"].name,
        "meaning": shown["band"].meaning,
        "offer": shown["band"].offer,
        "capped": result.capped,
        "flags": list(result.flags),
        "areas": _areas(shown),
        "before": f"{in_words(before.score)} on {day(day_of(before.finished_at))}" if before else "",
        "similar": f"{similar.score} is the median of {similar.count} businesses in your sector"
        if similar
        else "",
        "drags": [_drag(each) for each in result.dearest[:MOST_DRAGS]],
        "actions": _actions(shown),
        "answers": [[question.text, words] for question, words in shown["told"]],
    }


def _score(tenths: int | None) -> str:
    return "Not scored" if tenths is None else in_words(tenths)


def _areas(shown: Mapping[str, Any]) -> list[list[str]]:
    """Each area with its score, and the score of the time before where there was one."""
    rows = [(area.name, _score(now), _score(earlier)) for area, now, earlier in shown["areas"]]
    return [list(row if shown["before"] else row[:2]) for row in rows]


def _drag(found: Drag) -> list[str]:
    return [found.question.text, found.answer, f"It costs {in_words(tenths(found.points))} points."]


def _actions(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What to do next and who can help, as the rooms above tell it: the same as on the page."""
    told = [line for part in shown["told_by"] for line in part.get("paper", ())]
    if not shown["told_by"]:
        told = [(each.question.next_action, []) for each in shown["result"].actions]
    return [{"what": what, "who": who} for what, who in told]
