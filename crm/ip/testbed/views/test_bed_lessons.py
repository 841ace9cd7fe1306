"""The published lessons, for anyone."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.ip.testbed.forms import LessonsFilter
from crm.ip.testbed.models import Lesson
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import reading
from crm.ip.testbed.workflow import Act
from crm.kernel.clock import day_of, today
from crm.kernel.permissions import Audience
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("test_bed_lessons", __name__)
permit = permits(POLICY)


@blueprint.get("/test-bed/lessons")
@permit(Act.READ_LESSONS, audience=Audience.PUBLIC)
def lessons() -> ResponseReturnValue:
    """What test-bed projects have found out, the newest first."""
    form = LessonsFilter(request.args)
    page = page_of(reading.published(text=form.q.data or "", cursor=cursor()))
    return render_template("ip/testbed/lessons.html", form=form, page=page, asked=bool(form.q.data))


@blueprint.get("/test-bed/lessons/<uuid:lesson_id>")
@permit(Act.READ_LESSON, audience=Audience.PUBLIC, load=reading.lesson)
def lesson(found: Lesson) -> ResponseReturnValue:
    """One lesson; of one that was taken back, only since when."""
    sees = POLICY.allows(current_actor(), Act.VIEW_LESSON)
    on = day_of(found.published_at) if found.published_at else today()
    return render_template("ip/testbed/lesson.html", lesson=found, sees=sees, on=on)
