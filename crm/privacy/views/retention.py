"""How long personal data is kept: the page for administrators, with what is due."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Actor, Audience
from crm.privacy.policy import POLICY
from crm.privacy.queries.retention import count_held, lines_of
from crm.privacy.rules import kinds_in, lasting_in
from crm.privacy.workflow import Act
from crm.web.feature import Todo, counted_todo
from crm.web.navigation import features
from crm.web.permit import permits

blueprint = Blueprint("privacy", __name__)
permit = permits(POLICY)


@blueprint.get("/retention")
@permit(Act.VIEW_RETENTION, audience=Audience.INTERNAL)
def retention() -> ResponseReturnValue:
    """What is due to be deleted, kind by kind, what was done last, and what has no period of its own."""
    manifests = [each.retention for each in features()]
    shown = {"lines": lines_of(kinds_in(manifests)), "lasting": lasting_in(manifests)}
    return render_template("privacy/retention.html", **shown)


def todos(_actor: Actor) -> tuple[Todo, ...]:
    """Kinds of personal data that are held back, on the desk of administrators."""
    words = (
        "kind of personal data is past its retention period and was not deleted",
        "kinds of personal data are past their retention period and were not deleted",
    )
    return counted_todo(count_held(), words, href=url_for("privacy.retention"), is_overdue=True)
