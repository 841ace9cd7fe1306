"""Lessons: written by one person, published by another, and taken back with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.ip.testbed.models import Lesson, Project
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import joining, knowing
from crm.ip.testbed.rules.naming import is_called, is_without_names, names_person
from crm.ip.testbed.service.naming import mark_now, named_in, why_unnamed
from crm.ip.testbed.service.telling import tell_lead, tell_of_lesson
from crm.ip.testbed.workflow import LESSONS, Act, why_not_change_text, why_not_write
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, NotAllowed, refuse_all, says_something
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor

APPROVED = ("question", "tried_from", "tried_to", "partners")
"""What a published lesson says of its project, as it was when it was approved."""


@dataclass(frozen=True)
class LessonText:
    """A lesson as it would be published."""

    title: str
    text: str


def write(found: Project, text: LessonText, *, by: Actor) -> Lesson:
    """Write a lesson of a project. It is a draft until another person publishes it."""
    POLICY.require(by, Act.WRITE_LESSON, found)
    refuse_if(why_not_write(found))
    _require_words(text)
    made = Lesson(project_id=found.id, **fields_of(text), written_at=now(), written_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.WRITE_LESSON, made, created(**fields_of(text)), by=by)
    return made


def _require_words(text: LessonText) -> None:
    for name in ("title", "text"):
        if not getattr(text, name).strip():
            raise Invalid("Enter a title" if name == "title" else "Enter the lesson", field=name)


def change_text(lesson: Lesson, text: LessonText, *, version: int | None, by: Actor) -> None:
    """Change a draft. Whoever changes it is its writer from then on; consent to the earlier text is none to the new."""
    POLICY.require(by, Act.CHANGE_LESSON, lesson)
    refuse_if(why_not_change_text(lesson))
    require_as_shown(lesson, version)
    _require_words(text)
    changes = amend(lesson, **fields_of(text))
    if changes:
        amend(lesson, written_by_id=by.account_id or lesson.written_by_id)
        audit.record(Act.CHANGE_LESSON, lesson, changes, by=by)


def discard(lesson: Lesson, *, by: Actor) -> None:
    """Discard a draft."""
    POLICY.require(by, Act.DISCARD_LESSON, lesson)
    audit.record(Act.DISCARD_LESSON, lesson, advance(LESSONS, lesson, Act.DISCARD_LESSON), by=by)


def submit(lesson: Lesson, *, by: Actor) -> None:
    """Send a draft to be approved by another person. Every business that it names has agreed to it by then."""
    POLICY.require(by, Act.SUBMIT_LESSON, lesson)
    LESSONS.target(Act.SUBMIT_LESSON, lesson.status)
    refuse_if(why_unnamed(lesson))
    changes = advance(LESSONS, lesson, Act.SUBMIT_LESSON) | amend(lesson, reason="")
    audit.record(Act.SUBMIT_LESSON, lesson, changes, by=by)


def recall(lesson: Lesson, *, by: Actor) -> None:
    """Take a text back from approval: its writer goes on with it as a draft."""
    POLICY.require(by, Act.RECALL_LESSON, lesson)
    audit.record(Act.RECALL_LESSON, lesson, advance(LESSONS, lesson, Act.RECALL_LESSON), by=by)


def return_(lesson: Lesson, *, reason: str, by: Actor) -> None:
    """Send a text back to its writer with what to change."""
    POLICY.require(by, Act.RETURN_LESSON, lesson)
    LESSONS.target(Act.RETURN_LESSON, lesson.status)
    if not says_something(reason):
        raise Invalid("Say what to change", field="reason")
    changes = amend(lesson, reason=reason.strip()) | advance(LESSONS, lesson, Act.RETURN_LESSON)
    audit.record(Act.RETURN_LESSON, lesson, changes, by=by)
    tell_lead(lesson, "test_bed_text_back", reason=lesson.reason)


def why_not_publish(lesson: Lesson) -> str | None:
    """Why a text cannot be published: it names a business without its consent."""
    return why_unnamed(lesson)


def also_names(lesson: Lesson) -> list[str]:
    """Names of businesses outside the project and of people in it that the text may have; a partner is no stranger.

    A person who is named in full is not among them: that names the business, which is asked.
    """
    known = {each.name.casefold() for each in lesson.project.partners}
    known |= {each.business.name.casefold() for each in joining.parts_in(lesson.project_id)}
    words = lesson.public.words
    found = [each for each in knowing.strangers_in(words) if each.casefold() not in known]
    there = knowing.people_at([lesson.project_id])
    people = [each for each in there if is_called(each.name, words) and not names_person(words, each.name)]
    return found + [f"{each.name} of {each.business}" for each in people]


def mark_shown(lesson: Lesson) -> str:
    """The mark of what the page shows before a text is published."""
    named = [[each.business.name, each.status, each.mark] for each in lesson.namings]
    return mark_of(lesson.project.title, mark_now(lesson), lesson.reason, named, also_names(lesson))


def publish(
    lesson: Lesson, *, kept: str, seen: str | None = None, is_checked: bool = False, by: Actor
) -> None:
    """Publish a text that another person wrote. Every business that it names has agreed to exactly these words.

    ``kept`` says how it keeps to what the partners agreed may be published: it stays in the record. Words that are also the
    name of another business are checked first: ``is_checked`` says that they do not mean it. What it says of the project,
    the question and the partners too, stays as it was approved.
    """
    POLICY.require(by, Act.PUBLISH_LESSON, lesson)
    if lesson.written_by_id is not None and lesson.written_by_id == by.account_id:
        raise NotAllowed("Another person must publish what you wrote.")
    LESSONS.target(Act.PUBLISH_LESSON, lesson.status)
    require_as_previewed(seen, mark_shown(lesson))
    refuse_if(why_not_publish(lesson))
    refuse_all(_unchecked(lesson, kept, is_checked=is_checked))
    approved = {name: getattr(lesson.public, name) for name in APPROVED}
    changes = advance(LESSONS, lesson, Act.PUBLISH_LESSON)
    changes |= amend(lesson, published_at=now(), published_by_id=by.account_id, **approved)
    session().flush()
    audit.record(Act.PUBLISH_LESSON, lesson, created(kept=kept.strip()) | changes, by=by)
    tell_lead(lesson, "test_bed_out", by=by, public=_public(lesson))
    tell_of_lesson(lesson, "test_bed_published", parts=named_in(lesson), path=_public(lesson))


def _unchecked(lesson: Lesson, kept: str, *, is_checked: bool) -> Iterator[Invalid]:
    """What has to be looked at before a text is published, and was not."""
    if not says_something(kept):
        yield Invalid("Say how the text keeps to what may be published", field="kept")
    others = also_names(lesson)
    if others and not is_checked:
        words = f"Check that the text does not mean {', '.join(others)}, then tick the box"
        yield Invalid(words, field="checked")


def why_against_terms(lesson: Lesson) -> str | None:
    """That a text names a business although the partners agreed on a text without names, in words; None where it does not."""
    named = [each.business.name for each in named_in(lesson)]
    if not named or not is_without_names(lesson.project.may_publish):
        return None
    agreed = lesson.project.may_publish.strip()
    return f"What may be published is “{agreed}”, and the text names {' and '.join(named)}"


def _public(lesson: Lesson) -> str:
    return f"/test-bed/lessons/{lesson.id}"


def take_back(lesson: Lesson, *, reason: str, by: Actor) -> None:
    """Take a published lesson back. Its page says since when; the text stays in the record."""
    POLICY.require(by, Act.TAKE_BACK_LESSON, lesson)
    LESSONS.target(Act.TAKE_BACK_LESSON, lesson.status)
    if not says_something(reason):
        raise Invalid("Say why it is taken back", field="reason")
    changes = amend(lesson, reason=reason.strip(), taken_back_at=now())
    changes |= advance(LESSONS, lesson, Act.TAKE_BACK_LESSON)
    audit.record(Act.TAKE_BACK_LESSON, lesson, changes, by=by)
    tell_lead(lesson, "test_bed_taken_back", by=by, reason=lesson.reason)
    tell_of_lesson(lesson, "test_bed_unpublished", parts=named_in(lesson), path=_public(lesson))
