"""Action 6 at a glance: each line with its measures, their target, their change and who stands behind them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Actor, Audience
from crm.kernel.small_numbers import HIDDEN
from crm.reports.scoreboard.policy import POLICY, is_outside, lines_of, whose_numbers
from crm.reports.scoreboard.queries.board import board
from crm.reports.scoreboard.rules.lines import PLAN
from crm.reports.scoreboard.rules.showing import CONFIDENCE
from crm.reports.scoreboard.views.asking import asked, counted_lines
from crm.reports.scoreboard.workflow import Act
from crm.web.feature import Area
from crm.web.identity import current_actor
from crm.web.menu import entries
from crm.web.navigation import features
from crm.web.permit import permits

blueprint = Blueprint("scoreboard", __name__)
permit = permits(POLICY)
HERE = "scoreboard.scoreboard"
NETWORK = "network_figures.figures"


@blueprint.get("/reports")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def scoreboard() -> ResponseReturnValue:
    """Action 6, line by line."""
    wanted, actor = asked(), current_actor()
    outside, allowed = is_outside(actor), lines_of(actor)
    measures = [each for each in counted_lines() if allowed is None or each.line in allowed]
    lines = board(measures, wanted.period, wanted=wanted.wanted, actor=actor)
    shown: dict[str, Any] = {"asked": wanted, "plan": PLAN, "is_outside": outside, "hidden": HIDDEN}
    shown["lines"] = [each for each in lines if allowed is None or each[0].key in allowed]
    shown |= {"others": _others(actor), "confidence": CONFIDENCE, "network": _network(actor)}
    shown["whose"] = whose_numbers(actor, hub=wanted.wanted.hub)
    page = render_template("reports/scoreboard/scoreboard.html", **shown)
    return page, 422 if wanted.is_refused else 200


def _network(actor: Actor) -> str:
    """Where the angel network's own figures are, for those who can open them; else nothing."""
    opens = any(each.endpoint == NETWORK for each in entries(actor, features()))
    return url_for(NETWORK) if opens else ""


def _others(actor: Actor) -> list[tuple[str, str]]:
    """The other reports that this person can open: what they are called, and where they are."""
    pages = (each for each in entries(actor, features()) if each.area is Area.REPORTS)
    return [(each.label, url_for(each.endpoint)) for each in pages if each.endpoint != HERE]
