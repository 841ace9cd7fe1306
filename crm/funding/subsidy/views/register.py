"""The register of every subsidy, as a list and as a file."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.funding.subsidy import queries
from crm.funding.subsidy.papers import REGISTER_HEAD, register_cells
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.rules import KINDS
from crm.funding.subsidy.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.extracts import csv_response
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("subsidy_register", __name__)
permit = permits(POLICY)


@blueprint.get("/subsidies")
@permit(Act.LIST, audience=Audience.INTERNAL)
def register() -> ResponseReturnValue:
    """Every subsidy, the newest first."""
    page = page_of(queries.register(cursor()))
    return render_template("funding/subsidy/register.html", page=page, kinds=KINDS)


@blueprint.get("/subsidies.csv")
@permit(
    Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded the register, and how many rows"
)
def extract() -> ResponseReturnValue:
    """The register as a file; who downloaded it is recorded."""
    rows = [register_cells(each) for each in queries.every_subsidy()]
    after(noting(Act.EXTRACT, {}, rows=len(rows), by=current_actor()))
    return csv_response("subsidies.csv", REGISTER_HEAD, rows=rows)
