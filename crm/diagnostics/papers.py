"""The result of a readiness assessment as a PDF that everybody can read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.rules.scoring import Drag, Score, in_words
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
        "areas": [[area.name, _score(now), _score(earlier)] for area, now, earlier in shown["areas"]],
        "before": f"{in_words(before.score)} on {day(day_of(before.finished_at))}" if before else "",
        "similar": f"{similar.score} is the median of {similar.count} businesses in your sector"
        if similar
        else "",
        "drags": [_drag(each) for each in result.drags[:MOST_DRAGS]],
        "actions": [_action(each, shown["asked"].providers) for each in result.actions],
        "answers": [[question.text, words] for question, words in shown["told"]],
    }


def _score(tenths: int | None) -> str:
    return "Not scored" if tenths is None else in_words(tenths)


def _drag(found: Drag) -> list[str]:
    return [found.question.text, found.answer]


def _action(found: Drag, providers: Mapping[str, Any]) -> dict[str, str]:
    named = [providers[each].name for each in found.question.providers if each in providers]
    return {"what": found.question.next_action, "who": ", ".join(named)}
