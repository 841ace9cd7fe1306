"""What the test-bed counts for the reports: businesses that joined a project, and published lessons."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.ip.testbed.models import Lesson, ProjectPart
from crm.ip.testbed.policy import READERS
from crm.ip.testbed.workflow import LessonStatus, PartStatus
from crm.kernel.roles import STAFF

PART, LESSON = ProjectPart.__table__.c, Lesson.__table__.c
SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.5; our own definition",
    "1, from 1 April 2026",
)


def _joined() -> Select[tuple[object, ...]]:
    rows = counted(PART.id, at=PART.answered_at, business=PART.business_id, by=PART.answered_by_id)
    return rows.where(PART.status == PartStatus.TAKING_PART)


def _published() -> Select[tuple[object, ...]]:
    rows = counted(LESSON.id, at=LESSON.published_at, by=LESSON.published_by_id, named=LESSON.title)
    return rows.where(LESSON.status == LessonStatus.PUBLISHED)


FOR_REPORTS = (
    Measure(
        key="test_bed_businesses",
        line="6.5",
        words="Businesses that joined a test-bed project",
        meaning="Businesses that agreed to take part in a project and still do, by the day they agreed. Each business counts once.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.CONFIRMED,
        table="test_bed_part",
        rows=_joined,
        readers=READERS,
    ),
    Measure(
        key="lessons",
        line="6.5",
        words="Test-bed lessons published",
        meaning="Lessons by the day they were published, unless they were taken back since. They belong to no area or sub-sector.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.CONFIRMED,
        table="test_bed_lesson",
        rows=_published,
        readers=tuple(sorted(STAFF)),  # what is published is public
        opens_with_business=False,
        public_at="/test-bed/lessons/{id}",
    ),
)
