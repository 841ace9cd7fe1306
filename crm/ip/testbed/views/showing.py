"""What test-bed projects show elsewhere: on desks, on a business's page and in the search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import joining, reading, seeing
from crm.ip.testbed.rules import labels
from crm.ip.testbed.service import naming
from crm.ip.testbed.workflow import Act, LessonStatus, Stage, why_not_agree, why_not_change
from crm.kernel.clock import day_of, is_past, now, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Hit, Number, Todo
from crm.web.finding import first_of

SHOWN_FOR = timedelta(days=14)
"""How long the desk shows that a business withdrew."""


def _page(found: Project) -> str:
    return url_for("test_bed.project", project_id=found.id)


def to_agree(_actor: Actor) -> tuple[Todo, ...]:
    """The proposed projects, each with what it still needs."""
    found = seeing.projects_in(Stage.PROPOSED)
    return tuple(
        Todo(
            why_not_agree(each) or "Agree the project with its partners",
            None,
            _page(each),
            about=each.title,
            since=day_of(each.proposed_at),
        )
        for each in found
    )


def to_start(_actor: Actor) -> tuple[Todo, ...]:
    """The agreed projects whose first day has come."""
    return _due(seeing.due_to_start(today()), "Start the project", by_end=False)


def to_report(_actor: Actor) -> tuple[Todo, ...]:
    """The running projects whose last day is over."""
    return _due(seeing.past_their_end(today()), "End the trial, or change its last day", by_end=True)


def to_finish(_actor: Actor) -> tuple[Todo, ...]:
    """The projects whose result is to be written up."""
    words = "Record the result and finish the project"
    return tuple(
        Todo(words, None, _page(each), about=each.title, since=each.ends_on)
        for each in seeing.projects_in(Stage.REPORTING)
    )


def _due(found: Iterable[Project], words: str, *, by_end: bool) -> tuple[Todo, ...]:
    return tuple(_todo(each, words, each.ends_on if by_end else each.starts_on) for each in found)


def _todo(found: Project, words: str, due: Any) -> Todo:
    late = is_past(due, on=today())
    return Todo(words, None, _page(found), about=found.title, due=due, is_overdue=late)


def to_lead(_actor: Actor) -> tuple[Todo, ...]:
    """The projects whose lead has left: letters about them name nobody who answers."""
    words = "Lead the project: it has no lead"
    return tuple(Todo(words, None, _page(each), about=each.title) for each in seeing.without_lead())


def withdrawn(_actor: Actor) -> tuple[Todo, ...]:
    """The businesses that withdrew lately from a project whose trial goes on: the place can be given to another."""
    found = joining.withdrawn_since(now() - SHOWN_FOR)
    return tuple(_withdrawn(each) for each in found)


def _withdrawn(found: ProjectPart) -> Todo:
    label = f"{found.business.name} withdrew. Invite another business, or this one again"
    href, since = url_for("test_bed_parts.part", part_id=found.id), found.answered_at
    return Todo(label, None, href, about=found.project.title, since=day_of(since) if since else None)


def to_approve(actor: Actor) -> tuple[Todo, ...]:
    """The texts that another person wrote."""
    found = reading.lessons_in(LessonStatus.SUBMITTED)
    return tuple(
        _text(each, "Publish the lesson, or send it back")
        for each in found
        if POLICY.allows(actor, Act.PUBLISH_LESSON, each)
    )


def to_write(actor: Actor) -> tuple[Todo, ...]:
    """The drafts of this person, and those of people who left."""
    own = reading.drafts_of(actor.account_id)
    lacking = naming.still_lacking(own)
    return tuple(_text(each, _to_write(each, lacking[each.id])) for each in own)


def _to_write(found: Lesson, lacking: str) -> str:
    """What the writer of a draft does next: nobody sends off a text that lacks a consent."""
    if found.reason:
        return "Change the lesson that was sent back"
    return lacking or "Send the lesson for approval"


def _text(found: Lesson, words: str) -> Todo:
    href = url_for("test_bed_texts.text", text_id=found.id)
    return Todo(words, None, href, about=found.title, since=day_of(found.written_at))


def invitations(actor: Actor) -> tuple[Todo, ...]:
    """The projects to which the founder's own business is invited."""
    own = own_ids(actor)
    found = joining.invitations_of(own) if own else ()
    return tuple(_invitation(each) for each in found if not why_not_change(each.project))


def _invitation(found: ProjectPart) -> Todo:
    label = f"Say whether you take part in the test-bed project {found.project.title}"
    href = url_for("test_bed_parts.part", part_id=found.id)
    return Todo(label, None, href, about=found.business.name, since=day_of(found.invited_at))


def namings(actor: Actor) -> tuple[Todo, ...]:
    """The texts in which the founder's own business would be named."""
    own = own_ids(actor)
    found = reading.unanswered(own) if own else ()
    texts = naming.shown_to(found)
    return tuple(_naming(each, texts[each.id].title) for each in found)


def _naming(found: Naming, title: str) -> Todo:
    label = f"Say whether you may be named in the text “{title}”"
    href = url_for("test_bed_parts.naming", naming_id=found.id)
    return Todo(label, None, href, about=found.business.name, since=day_of(found.asked_at))


def numbers(actor: Actor) -> tuple[Number, ...]:
    """On a test-bed manager's desk: how many projects are running, and how many businesses take part."""
    if not actor.has(Role.TEST_BED_MANAGER):
        return ()
    href = url_for("test_bed.projects", stage=Stage.RUNNING.value)
    taking_part, running = url_for("test_bed_parts.businesses"), seeing.count_running()
    return (
        Number("Test-bed project running" if running == 1 else "Test-bed projects running", running, href),
        Number("My businesses: in a test-bed project", joining.count_taking_part(), taking_part),
    )


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The test-bed projects of a business."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = joining.parts_of([found.id])
    over = {each.id for each in rows if why_not_change(each.project)}
    return {"rows": rows, "labels": labels, "over": over} if rows else None


MOST_HITS = 5


def find(actor: Actor, text: str) -> list[Hit]:
    """The projects whose name or question has these words."""
    if not POLICY.allows(actor, Act.LIST):
        return []
    hits = [
        Hit(each.title, "Test-bed projects", _page(each), labels.STAGES[each.status])
        for each in seeing.named(text, most=MOST_HITS + 1)
    ]
    return first_of(hits, MOST_HITS, every=url_for("test_bed.projects", q=text))
