"""Asking businesses whether they may be named in a text, and what they say: to exactly these words, and until they say no."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed
from crm.ip.testbed.models import Lesson, Naming, ProjectPart
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import joining, knowing
from crm.ip.testbed.queries.knowing import Someone
from crm.ip.testbed.rules.labels import LONGEST_REASON
from crm.ip.testbed.rules.masking import Hidden, without
from crm.ip.testbed.rules.naming import Public, names, names_person
from crm.ip.testbed.service.telling import readers_by_business, tell_answered, tell_lead, tell_named
from crm.ip.testbed.workflow import (
    LESSONS,
    NAMINGS,
    Act,
    LessonStatus,
    NamingStatus,
    why_not_answer_naming,
    why_not_change_text,
)
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.marks import mark_of
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Reader

WITHDREW = "{name} no longer agrees to be named in this text"
"""Why a text is taken or sent back. It is for staff: the public page says only that it was taken back."""


def mark_now(lesson: Lesson) -> str:
    """The mark of all that anyone could read of it, as it is now."""
    return lesson.public.mark


def named_in(lesson: Lesson) -> list[ProjectPart]:
    """The businesses of the project that the page would name, or a person of theirs, whether they take part or not."""
    return _named(lesson, joining.parts_in(lesson.project_id), knowing.people_at([lesson.project_id]))


def _named(lesson: Lesson, parts: Sequence[ProjectPart], people: Sequence[Someone]) -> list[ProjectPart]:
    words = lesson.public.words
    theirs = {each.business_id for each in people if names_person(words, each.name)}
    return [each for each in parts if each.business_id in theirs or names(words, _called(each))]


def _called(part: ProjectPart) -> list[str]:
    return [part.business.name, *(each.name for each in part.business.names)]


def without_consent(lesson: Lesson, named: Sequence[ProjectPart]) -> list[ProjectPart]:
    """Those of the businesses that are named which have not agreed to exactly this text."""
    mark = mark_now(lesson)
    agreed = {
        each.part_id for each in lesson.namings if each.status is NamingStatus.AGREED and each.mark == mark
    }
    return [each for each in named if each.id not in agreed]


def why_unnamed(lesson: Lesson) -> str | None:
    """Which businesses the text names without their consent to it."""
    left = [each.business.name for each in without_consent(lesson, named_in(lesson))]
    if not left:
        return None
    verb = "has" if len(left) == 1 else "have"
    return f"The text names {' and '.join(left)}, which {verb} not agreed to this text."


def still_lacking(lessons: Sequence[Lesson]) -> dict[UUID, str]:
    """What the writer of each of these drafts has to do about those whom it names; "" where there is nothing."""
    ids = {each.project_id for each in lessons}
    parts, people = joining.parts_by_project(ids), knowing.people_at(ids) if ids else ()
    return {each.id: _lacking(each, parts.get(each.project_id, ()), people) for each in lessons}


def _lacking(lesson: Lesson, parts: Sequence[ProjectPart], people: Sequence[Someone]) -> str:
    left, mark = without_consent(lesson, _named(lesson, parts, people)), mark_now(lesson)
    asked = {each.part_id: each.status for each in lesson.namings if each.mark == mark}
    if any(each.id not in asked for each in left):
        return "Ask for consent to be named"
    refused = [each.business.name for each in left if asked[each.id] is NamingStatus.REFUSED]
    if refused:
        return f"Remove the name of {' and '.join(refused)} from the lesson"
    waiting = [each.business.name for each in left]
    return f"Waiting for the answer of {' and '.join(waiting)}" if waiting else ""


def was_refused(lesson: Lesson) -> bool:
    """Whether every business whose consent a text lacks has refused it: there is no answer to wait for."""
    mark, left = mark_now(lesson), without_consent(lesson, named_in(lesson))
    said = {each.part_id: each.status for each in lesson.namings if each.mark == mark}
    return bool(left) and all(said.get(each.id) is NamingStatus.REFUSED for each in left)


def to_ask(lesson: Lesson) -> list[ProjectPart]:
    """The businesses to ask: those named that were not asked about exactly this text yet."""
    mark = mark_now(lesson)
    asked = {each.part_id for each in lesson.namings if each.mark == mark}
    return [each for each in named_in(lesson) if each.id not in asked]


def readers_to_ask(lesson: Lesson) -> list[tuple[ProjectPart, list[tuple[Reader, bool]]]]:
    """The businesses to ask, each with whom the letter goes to."""
    asked = to_ask(lesson)
    readers = readers_by_business([each.business_id for each in asked])
    return [(each, readers[each.business_id]) for each in asked]


def mark_to_ask(lesson: Lesson) -> str:
    """The mark of what the page shows before anybody is asked: the text, and who is written to."""
    asked = [
        [each.business.name, [[to.name, to.address] for to, _ in readers]]
        for each, readers in readers_to_ask(lesson)
    ]
    return mark_of(lesson.project.title, mark_now(lesson), asked)


def mark_shown(naming: Naming) -> str:
    """The mark of what a business sees before it agrees."""
    lesson, shown = naming.lesson, shown_to([naming])[naming.id]
    return mark_of(lesson.project.title, mark_now(lesson), shown.mark, naming.business.name)


def shown_to(namings: Sequence[Naming]) -> dict[UUID, Public]:
    """What each business reads that was asked about a text: its own name, and of others only those that agreed to it.

    Until then the text says "another business": nobody learns from a draft who else takes part.
    """
    ids, found = {each.lesson.project_id for each in namings}, dict[UUID, Public]()
    if not ids:
        return found
    parts, people = joining.parts_by_project(ids), knowing.people_at(ids)
    for each in namings:
        there = parts.get(each.lesson.project_id, ())
        found[each.id] = without(each.lesson.public, _hidden(each.lesson, each.part_id, there, people))
    return found


def _hidden(
    lesson: Lesson, reader_id: UUID, parts: Sequence[ProjectPart], people: Sequence[Someone]
) -> Hidden:
    """Whose names a business does not read in a text: of the others there, all that did not agree to exactly this text."""
    others = without_consent(lesson, [each for each in parts if each.id != reader_id])
    ids = {each.business_id for each in others}
    return Hidden(
        tuple(name for each in others for name in _called(each)),
        tuple(each.name for each in people if each.business_id in ids),
    )


def why_not_ask(lesson: Lesson) -> str | None:
    """Why nobody can be asked: the text is no draft, or every business that it names was asked about it."""
    reason = why_not_change_text(lesson)
    if reason or to_ask(lesson):
        return reason
    return "The text names no business of this project that was not asked about it already."


def ask(lesson: Lesson, *, seen: str | None = None, by: Actor) -> list[ProjectPart]:
    """Ask each business that the text names whether it agrees to exactly these words. Each is written to."""
    POLICY.require(by, Act.ASK_NAMING, lesson)
    refuse_if(why_not_ask(lesson))
    require_as_previewed(seen, mark_to_ask(lesson))
    asked, there = to_ask(lesson), {each.part_id: each for each in lesson.namings}
    for part in asked:
        _ask(lesson, part, there.get(part.id), by=by)
    session().expire(lesson, ["namings"])
    return asked


def _ask(lesson: Lesson, part: ProjectPart, known: Naming | None, *, by: Actor) -> None:
    mark = mark_now(lesson)
    if known is None:
        found = Naming(lesson_id=lesson.id, part_id=part.id, mark=mark, asked_at=now())
        session().add(found)
        changes = created(business_id=part.business_id)
    else:
        found = known
        changes = advance(NAMINGS, found, Act.ASK_NAMING) if found.status is not NamingStatus.ASKED else {}
        amend(found, mark=mark, asked_at=now(), answered_at=None, answered_by_id=None)
    session().flush()
    audit.record(Act.ASK_NAMING, found, changes, by=by)
    there = joining.parts_in(lesson.project_id), knowing.people_at([lesson.project_id])
    tell_named(found, part, shown=without(lesson.public, _hidden(lesson, part.id, *there)))


def agree_naming(naming: Naming, *, seen: str | None = None, by: Actor) -> None:
    """Agree to be named in the text that was shown. Raises `Conflict` where the text was changed since it was asked."""
    POLICY.require(by, Act.AGREE_NAMING, naming)
    refuse_if(why_not_answer_naming(naming))
    require_as_previewed(seen, mark_shown(naming))
    if naming.mark != mark_now(naming.lesson):
        raise Conflict("The text was changed after you were asked. We will ask you again about the new one.")
    changes = advance(NAMINGS, naming, Act.AGREE_NAMING)
    amend(naming, answered_at=now(), answered_by_id=by.account_id)
    audit.record(Act.AGREE_NAMING, naming, changes, by=by)
    _tell_answered(naming, by=by)


def refuse_naming(naming: Naming, *, by: Actor) -> None:
    """Refuse, or withdraw consent at any time: a published text is taken back at once, one on its way goes back to its writer."""
    POLICY.require(by, Act.REFUSE_NAMING, naming)
    refuse_if(why_not_answer_naming(naming))
    is_withdrawn = naming.status is NamingStatus.AGREED
    changes = advance(NAMINGS, naming, Act.REFUSE_NAMING)
    amend(naming, answered_at=now(), answered_by_id=by.account_id)
    session().flush()
    audit.record(Act.REFUSE_NAMING, naming, changes, by=by)
    is_taken_back = naming.lesson.status is LessonStatus.PUBLISHED
    _tell_answered(naming, is_withdrawn=is_withdrawn, is_taken_back=is_taken_back, by=by)
    lesson, reason = naming.lesson, WITHDREW.format(name=naming.business.name)[:LONGEST_REASON]
    if lesson.status is LessonStatus.PUBLISHED:
        _send_back(lesson, Act.TAKE_BACK_LESSON, reason, after=by, taken_back_at=now())
    elif lesson.status is LessonStatus.SUBMITTED:
        _send_back(lesson, Act.RETURN_LESSON, reason, after=by)


def _tell_answered(naming: Naming, *, by: Actor, **said: bool) -> None:
    part = joining.part(naming.part_id)
    if part is not None:
        tell_answered(naming, part, by=by, **said)


def _send_back(lesson: Lesson, act: Act, reason: str, *, after: Actor, **fields: object) -> None:
    changes = amend(lesson, reason=reason, **fields) | advance(LESSONS, lesson, act)
    session().flush()
    audit.record(act, lesson, changes | created(followed=f"{after.name} withdrew consent"), by=SYSTEM)
    is_gone = act is Act.TAKE_BACK_LESSON
    tell_lead(lesson, "test_bed_taken_back" if is_gone else "test_bed_text_back", reason=reason)
