"""How test-bed projects, businesses' parts in them and lessons move on, and what can be done with each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.workflow import Machine, move


class Stage(StrEnum):
    """Where a test-bed project is."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    RUNNING = "running"
    REPORTING = "reporting"
    FINISHED = "finished"
    STOPPED = "stopped"


class PartStatus(StrEnum):
    """Whether a business takes part in a project. It is asked first, and can withdraw at any time."""

    INVITED = "invited"
    CANCELLED = "cancelled"
    TAKING_PART = "taking_part"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class LessonStatus(StrEnum):
    """Where the text of a lesson is: written by one person, published by another."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    TAKEN_BACK = "taken_back"
    DISCARDED = "discarded"


class NamingStatus(StrEnum):
    """What a business says about being named in exactly the text that it was shown."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


class Act(StrEnum):
    """What can be done with test-bed projects."""

    LIST = "list_test_bed_projects"
    EXTRACT = "extract_test_bed_projects"
    VIEW = "view_test_bed"
    VIEW_PROJECT = "view_test_bed_project"
    PROPOSE = "propose_test_bed_project"
    CHANGE = "change_test_bed_project"
    LEAD = "lead_test_bed_project"
    AGREE = "agree_test_bed_project"
    START = "start_test_bed_project"
    REPORT = "report_test_bed_project"
    FINISH = "finish_test_bed_project"
    STOP = "stop_test_bed_project"
    ADD_PARTNER = "add_test_bed_partner"
    REMOVE_PARTNER = "remove_test_bed_partner"
    SPEND = "record_test_bed_spend"
    CANCEL_SPEND = "cancel_test_bed_spend"
    INVITE = "invite_to_test_bed"
    CANCEL_INVITATION = "cancel_test_bed_invitation"
    TAKE_PART = "take_part_in_test_bed"
    DECLINE = "decline_test_bed"
    WITHDRAW = "withdraw_from_test_bed"
    WRITE_LESSON = "write_test_bed_lesson"
    CHANGE_LESSON = "change_test_bed_lesson"
    VIEW_LESSON = "view_test_bed_lesson"
    DISCARD_LESSON = "discard_test_bed_lesson"
    SUBMIT_LESSON = "submit_test_bed_lesson"
    RECALL_LESSON = "recall_test_bed_lesson"
    RETURN_LESSON = "return_test_bed_lesson"
    PUBLISH_LESSON = "publish_test_bed_lesson"
    TAKE_BACK_LESSON = "take_back_test_bed_lesson"
    READ_LESSONS = "read_test_bed_lessons"
    READ_LESSON = "read_test_bed_lesson"
    ASK_NAMING = "ask_to_name_in_test_bed_lesson"
    AGREE_NAMING = "agree_to_be_named_in_test_bed_lesson"
    REFUSE_NAMING = "refuse_to_be_named_in_test_bed_lesson"


S, P, L, N = Stage, PartStatus, LessonStatus, NamingStatus
OPEN_STAGES = (S.PROPOSED, S.AGREED, S.RUNNING, S.REPORTING)
LIVE_PARTS = (P.INVITED, P.TAKING_PART)
INVITED_ANEW = (P.CANCELLED, P.WITHDRAWN)
"""A business that can be invited again: it was not heard, or took part and left."""


def why_not_agree(project: Any) -> str | None:
    """What a project still needs before it can be agreed."""
    if not project.partners:
        return "Add a partner before the project is agreed"
    return None if project.may_publish else "Say what may be published before the project is agreed"


def why_not_change(project: Any) -> str | None:
    """Why a project cannot be changed: it is over."""
    return None if project.status in OPEN_STAGES else "This project is over, so it cannot be changed."


def is_tested(project: Any) -> bool:
    """Whether a project has started, so that its question and what is expected are fixed."""
    return project.status not in (S.PROPOSED, S.AGREED)


def is_agreed(project: Any) -> bool:
    """Whether a project was agreed, so that what may be published of it is fixed."""
    return project.status is not S.PROPOSED


def why_not_spend(project: Any) -> str | None:
    """Why no spend can be recorded: nothing is spent before the project is agreed, or once it is over."""
    if project.status is S.PROPOSED:
        return "Spend can be recorded once the project is agreed."
    return why_not_change(project)


def why_not_write(project: Any) -> str | None:
    """Why no lesson can be written: what may be published is agreed first."""
    if project.status is S.PROPOSED:
        return "Lessons can be written once the project is agreed."
    return None


def why_not_invite_yet(project: Any) -> str | None:
    """Why no business can be invited: it is told what was agreed with the partners, or the project is over."""
    if project.status is S.PROPOSED:
        return "Businesses can be invited once the project is agreed."
    if project.status is S.REPORTING:
        return "The trial has ended, so no business can be invited or start to take part."
    return why_not_change(project)


def why_part_over(part: Any) -> str | None:
    """Why nobody can start to take part: the trial has ended, or the project is over."""
    return why_not_invite_yet(part.project)


def why_not_withdraw(part: Any) -> str | None:
    """Why a business cannot answer or withdraw any longer: what was reported of a project stays."""
    if part.project.status in OPEN_STAGES:
        return None
    return (
        "This project is over, and its report says who took part. Consent to be named can still be withdrawn."
    )


PROJECTS = Machine(
    "test-bed project",
    start=S.PROPOSED,
    moves=[
        move(Act.AGREE, S.PROPOSED, S.AGREED, unless=why_not_agree),
        move(Act.START, S.AGREED, S.RUNNING),
        move(Act.REPORT, S.RUNNING, S.REPORTING),
        move(Act.FINISH, S.REPORTING, S.FINISHED),
        move(Act.STOP, {S.PROPOSED, S.AGREED, S.RUNNING, S.REPORTING}, S.STOPPED),
    ],
)
PARTS = Machine(
    "part in a test-bed project",
    start=P.INVITED,
    moves=[
        move(Act.TAKE_PART, P.INVITED, P.TAKING_PART, unless=why_part_over),
        move(Act.DECLINE, P.INVITED, P.DECLINED, unless=why_not_withdraw),
        move(Act.CANCEL_INVITATION, P.INVITED, P.CANCELLED, unless=why_not_withdraw),
        move(Act.INVITE, {P.CANCELLED, P.WITHDRAWN}, P.INVITED, unless=why_part_over),
        move(Act.WITHDRAW, P.TAKING_PART, P.WITHDRAWN, unless=why_not_withdraw),
    ],
)
LESSONS = Machine(
    "lesson of a test-bed project",
    start=L.DRAFT,
    moves=[
        move(Act.SUBMIT_LESSON, L.DRAFT, L.SUBMITTED),
        move(Act.RECALL_LESSON, L.SUBMITTED, L.DRAFT),
        move(Act.RETURN_LESSON, L.SUBMITTED, L.DRAFT),
        move(Act.PUBLISH_LESSON, L.SUBMITTED, L.PUBLISHED),
        move(Act.TAKE_BACK_LESSON, L.PUBLISHED, L.TAKEN_BACK),
        move(Act.DISCARD_LESSON, L.DRAFT, L.DISCARDED),
    ],
)
NAMINGS = Machine(
    "consent to be named",
    start=N.ASKED,
    moves=[
        move(Act.AGREE_NAMING, {N.ASKED, N.REFUSED}, N.AGREED),
        move(Act.REFUSE_NAMING, {N.ASKED, N.AGREED}, N.REFUSED),
        move(Act.ASK_NAMING, {N.AGREED, N.REFUSED}, N.ASKED),
    ],
)


def why_not_change_text(lesson: Any) -> str | None:
    """Why the text of a lesson cannot be changed: only a draft can."""
    if lesson.status is L.DRAFT:
        return None
    return "Only a draft can be changed. To correct a published lesson, take it back and write another."


def why_not_answer_naming(naming: Any) -> str | None:
    """Why a business cannot answer: the text is gone."""
    if naming.lesson.status in (L.TAKEN_BACK, L.DISCARDED):
        return "This text is no longer used."
    return None
