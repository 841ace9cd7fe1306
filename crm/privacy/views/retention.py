"""How long personal data is kept, with what is due; and the records of processing: pages for administrators and auditors."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Actor, Audience
from crm.privacy.policy import POLICY
from crm.privacy.queries.processing import activities_of
from crm.privacy.queries.retention import count_held, lines_of
from crm.privacy.rules import HEAD, MEASURES, kinds_in, lasting_in
from crm.privacy.workflow import Act
from crm.web.extracts import csv_response
from crm.web.feature import Todo, counted_todo
from crm.web.navigation import features, settings
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


@blueprint.get("/records-of-processing")
@permit(Act.VIEW_PROCESSING, audience=Audience.INTERNAL)
def processing() -> ResponseReturnValue:
    """What personal data is processed here: for what, whose, which, on which basis, who gets it, and for how long."""
    controller, officer = _responsible()
    shown = {"activities": activities_of(features()), "measures": MEASURES, "controller": controller}
    return render_template("privacy/processing.html", officer=officer, **shown)


@blueprint.get("/records-of-processing.csv")
@permit(Act.VIEW_PROCESSING, audience=Audience.INTERNAL)
def extract_processing() -> ResponseReturnValue:
    """The records of processing as a file. It names nobody but the data protection officer."""
    rows = [each.cells(*_responsible()) for each in activities_of(features())]
    return csv_response("records-of-processing.csv", HEAD, rows=rows)


def _responsible() -> tuple[str, str]:
    known = settings()
    return known.controller or known.service_name, known.privacy_email or known.contact_email


def todos(_actor: Actor) -> tuple[Todo, ...]:
    """Kinds of personal data that are held back, on the desk of administrators."""
    words = (
        "kind of personal data is past its retention period and was not deleted",
        "kinds of personal data are past their retention period and were not deleted",
    )
    return counted_todo(count_held(), words, href=url_for("privacy.retention"), is_overdue=True)
