"""The register of every subsidy, as a list and as a file."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.funding.subsidy import queries
from crm.funding.subsidy.forms import SubsidyFilter
from crm.funding.subsidy.papers import REGISTER_HEAD, register_cells
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.rules import KINDS
from crm.funding.subsidy.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("subsidy_register", __name__)
permit = permits(POLICY)


@blueprint.app_template_global("sees_subsidies")
def sees_subsidies() -> bool:
    """Whether the subsidies of every business open to the reader of a page, such as those of an applicant."""
    return POLICY.allows(current_actor(), Act.LIST)


@blueprint.get("/subsidies")
@permit(Act.LIST, audience=Audience.INTERNAL)
def register() -> ResponseReturnValue:
    """Every subsidy, the newest first."""
    filters = as_offered(SubsidyFilter(request.args))
    page = page_of(queries.register(filters.wanted(), cursor()))
    return render_template("funding/subsidy/register.html", page=page, kinds=KINDS, filters=filters)


@blueprint.get("/subsidies.csv")
@permit(
    Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded the register, and how many rows"
)
def extract() -> ResponseReturnValue:
    """The register as a file; who downloaded it is recorded."""
    wanted = as_offered(SubsidyFilter(request.args)).wanted()
    rows = [register_cells(each) for each in queries.every_subsidy(wanted)]
    given = {"status": request.args.getlist("status")}
    after(noting(Act.EXTRACT, given, rows=len(rows), by=current_actor()))
    return csv_response("subsidies.csv", REGISTER_HEAD, rows=rows)
