"""The rights of every business, as a list with filters and as a file."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.kernel.permissions import Audience
from crm.rights import queries
from crm.rights.forms import RightsFilter
from crm.rights.papers import HEAD, cells
from crm.rights.policy import POLICY
from crm.rights.rules import labels
from crm.rights.workflow import Act
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("right_register", __name__)
permit = permits(POLICY)
AT_ONCE = 25


@blueprint.get("/rights")
@permit(Act.LIST, audience=Audience.INTERNAL)
def register() -> ResponseReturnValue:
    """Rights of the businesses that a person may see, by renewal date."""
    form, actor = as_offered(RightsFilter(request.args)), current_actor()
    ids = queries.listed(form.search(), actor)
    page = numbered(ids[: queries.MOST_LISTED], size=AT_ONCE)
    shown = {"page": replace(page, rows=tuple(queries.in_full(page.rows))), "rules": labels}
    shown |= {"count": min(len(ids), queries.MOST_LISTED), "more": len(ids) > queries.MOST_LISTED}
    can_extract = POLICY.allows(actor, Act.EXTRACT)
    asked = {name: value for name, value in request.args.items() if name in ("q", "kind", "todo")}
    return render_template("rights/register.html", form=form, can_extract=can_extract, asked=asked, **shown)


@blueprint.get("/rights.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded which rights, and how many")
def extract() -> ResponseReturnValue:
    """The rows of the list as a file; who downloaded it is recorded."""
    actor = current_actor()
    ids = queries.listed(as_offered(RightsFilter(request.args)).search(), actor)[: queries.MOST_LISTED]
    rows = [cells(each) for each in queries.in_full(ids)]
    given = {name: values for name, values in request.args.lists() if name in ("q", "kind", "todo")}
    after(noting(Act.EXTRACT, given, rows=len(rows), by=actor))
    return csv_response("rights.csv", HEAD, rows=rows)
