"""Who a rule shut out of what they asked for, as a list and as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.coverage.forms import ShutOutFilters
from crm.coverage.papers import SHUT_OUTS_HEAD, shut_out_cells
from crm.coverage.policy import POLICY
from crm.coverage.queries import shut_outs as queries
from crm.coverage.rules.wanted import WANTED
from crm.coverage.workflow import Act
from crm.evidence.rules import OCCASIONS, SHUT_OUT_RULES
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("shut_outs", __name__)
permit = permits(POLICY)


def _filters(actor: Actor) -> ShutOutFilters:
    return as_offered(ShutOutFilters(request.args).offer(queries.thresholds(actor)))


@blueprint.get("/shut-outs")
@permit(Act.LIST_SHUT_OUTS, audience=Audience.INTERNAL)
def shut_outs() -> ResponseReturnValue:
    """Each rule that excluded a business that asked, the newest first; businesses and attempts are counted apart."""
    actor = current_actor()
    filters = _filters(actor)
    wanted = filters.wanted()
    page = page_of(queries.shut_outs(wanted, actor, cursor=cursor()))
    shown: dict[str, Any] = {"filters": filters, "counts": queries.counts(wanted, actor), "wanted": WANTED}
    shown |= {"sent": {name: value for name, value in vars(wanted).items() if value}}
    return render_template(
        "coverage/shut_outs.html", page=page, rules=SHUT_OUT_RULES, occasions=OCCASIONS, **shown
    )


@blueprint.get("/shut-outs.csv")
@permit(
    Act.EXTRACT_SHUT_OUTS,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded the shut-outs, and how many rows",
)
def extract() -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    actor = current_actor()
    wanted = _filters(actor).wanted()
    rows = [shut_out_cells(each) for each in queries.every_shut_out(wanted, actor)]
    filters = {name: [value] for name, value in vars(wanted).items()}
    after(noting(Act.EXTRACT_SHUT_OUTS, filters, rows=len(rows), by=actor))
    return csv_response("shut-outs.csv", SHUT_OUTS_HEAD, rows=rows)
