"""What finished assessments came to in a word each, with what limits it: a rule, or needed answers that are not known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_, select

from crm.db.session import session
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import UNSURE, exact
from crm.diagnostics.rules.scoring import NOT_KNOWN

ANSWERS = ReadinessAnswer.__table__.c
LIMITED = "limited by a rule"


def bands_in_words(rows: Sequence[ReadinessCheck]) -> dict[UUID, str]:
    """The result of each assessment of a list, in words; "" of one that is not finished."""
    unsure = _unsure_in([each.id for each in rows if each.score is not None])
    return {each.id: _said(each, unsure.get(each.id, ())) if each.score is not None else "" for each in rows}


def band_in_words(check: ReadinessCheck) -> str:
    """The result of one assessment, in words. Its answers must be loaded, or told."""
    return _said(check, {key for key, value in check.given.items() if value == UNSURE})


def _unsure_in(check_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """The questions of some assessments that were answered "Not sure yet"."""
    if not check_ids:
        return {}
    is_unsure = or_(ANSWERS.value == UNSURE, ANSWERS.value.is_(None))
    query = select(ANSWERS.check_id, ANSWERS.question).where(ANSWERS.check_id.in_(check_ids), is_unsure)
    found: dict[UUID, set[str]] = {}
    for check_id, question in session().execute(query):
        found.setdefault(check_id, set()).add(question)
    return found


def _said(found: ReadinessCheck, unsure: Collection[str]) -> str:
    bands = found.question_set.content["bands"]
    by_score = [each["id"] for each in bands if exact(each["min"]) * 10 <= (found.score or 0)]
    name: str = next((each["name"] for each in bands if each["id"] == found.band), "")
    marks = [LIMITED] if by_score and by_score[-1] != found.band else []
    asked, of = asked_of(found) if unsure else (None, None)
    if asked and of and any(each.is_critical and each.key in unsure for each in asked.for_circumstances(of)):
        marks.append(NOT_KNOWN)
    return f"{name} ({'; '.join(marks)})" if marks else name
