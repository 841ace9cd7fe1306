"""Assessments as they were submitted: each is a version that stays, with what became of it."""

from __future__ import annotations

from uuid import UUID

from crm.db.session import session
from crm.kernel.clock import now
from crm.programme.assessing.models import Assessment, AssessmentVersion
from crm.programme.assessing.queries import versions as queries
from crm.programme.assessing.rules.scoring import part_names
from crm.programme.rounds.models import Criterion
from crm.programme.rounds.queries import criteria_of


def keep(found: Assessment) -> AssessmentVersion:
    """Keep an assessment as it is submitted now, reasons and all."""
    kept = queries.versions_of_assessment(found.id)
    titles = _holding(found)
    scores = [each for each in found.scores if each.criterion_id in titles]
    made = AssessmentVersion(assessment_id=found.id, number=len(kept) + 1, comment=found.comment)
    made.submitted_at = found.submitted_at or now()
    made.scores = [
        {
            "id": str(each.criterion_id),
            "criterion": titles[each.criterion_id].title,
            "part": each.part,
            "value": each.value,
            "highest": titles[each.criterion_id].highest,
            "rationale": each.rationale,
        }
        for each in sorted(scores, key=lambda each: _place(titles[each.criterion_id], each.part))
    ]
    session().add(made)
    session().flush()
    return made


def _place(criterion: Criterion, part: str) -> tuple[int, str, int]:
    """Where a part stands: by its criterion, and there by its own place."""
    at = criterion.parts.index(part) if part in criterion.parts else len(criterion.parts)
    return criterion.position, str(criterion.id), at


def keep_first(found: Assessment) -> None:
    """Keep what was submitted before versions were kept, ahead of what comes now."""
    if not queries.versions_of_assessment(found.id):
        keep(found)


def note_return(found: Assessment, reason: str, *, returned_by_id: UUID | None, total: str = "") -> None:
    """Note with the version that is returned why it was, by whom, and what the application came to until then."""
    kept = queries.versions_of_assessment(found.id)
    latest = kept[-1] if kept and kept[-1].returned_at is None else keep(found)
    latest.returned_at, latest.returned_by_id = now(), returned_by_id
    latest.return_reason, latest.total = reason, total
    session().flush()


def in_words(found: Assessment) -> list[str]:
    """The scores of an assessment by the criteria that hold, as the trail says them."""
    known = _holding(found)
    scores = [each for each in found.scores if each.criterion_id in known]
    names = part_names(
        ((str(each.criterion_id), each.part), known[each.criterion_id].title) for each in scores
    )
    return sorted(f"{names[str(each.criterion_id), each.part]}: {each.value}" for each in scores)


def _holding(found: Assessment) -> dict[UUID, Criterion]:
    """The criteria that an assessment scored and that hold: what was scored by superseded ones stands in its own version."""
    every = criteria_of({each.criterion_id for each in found.scores})
    return {each.id: each for each in every if each.superseded_at is None}


def erase(found: Assessment) -> None:
    """Erase the words of every version; the scores stay."""
    for each in queries.versions_of_assessment(found.id):
        each.scores = [row | {"rationale": ""} for row in each.scores]
        each.comment, each.return_reason = "", "Erased" if each.return_reason else ""
