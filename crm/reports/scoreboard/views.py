"""The page of Action 6."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.reports.scoreboard.policy import POLICY
from crm.reports.scoreboard.rules.lines import LINES, PLAN
from crm.reports.scoreboard.workflow import Act
from crm.web.feature import Area
from crm.web.identity import current_actor
from crm.web.menu import entries
from crm.web.navigation import features
from crm.web.permit import permits

blueprint = Blueprint("scoreboard", __name__)
permit = permits(POLICY)
HERE = "scoreboard.scoreboard"


@blueprint.get("/reports")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def scoreboard() -> ResponseReturnValue:
    """Action 6, line by line, and the reports that this person can open."""
    pages = [each for each in entries(current_actor(), features()) if each.area is Area.REPORTS]
    others = [each for each in pages if each.endpoint != HERE]
    return render_template("reports/scoreboard/scoreboard.html", lines=LINES, plan=PLAN, others=others)
