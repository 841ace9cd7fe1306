"""Who a rule shut out of what they asked for, as a list and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.coverage.forms import ShutOutFilters
from crm.coverage.papers import SHUT_OUTS_HEAD, shut_out_cells
from crm.coverage.policy import POLICY
from crm.coverage.queries import shut_outs as queries
from crm.coverage.rules.wanted import WANTED
from crm.coverage.workflow import Act
from crm.evidence.models import ShutOut
from crm.evidence.rules import OCCASIONS, SHUT_OUT_RULES
from crm.evidence.workflow import Occasion
from crm.exporting.cover.rules.checking import TURNOVER
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.identity import current_actor
from crm.web.landmarks import address_of_row
from crm.web.paging import cursor, page_of
from crm.web.permit import open_address, permits
from crm.web.transaction import after

blueprint = Blueprint("shut_outs", __name__)
permit = permits(POLICY)
TABLES = {
    Occasion.COVER: "cover_check",
    Occasion.ENQUIRY: "enquiry",
    Occasion.PLAN: "action_plan",
    Occasion.REFERRAL: "referral",
    Occasion.ROUND: "programme_round",
}
"""The kind of thing that records a shut-out of each occasion."""


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
    shown |= {"opened": _opened(page.rows, actor), "is_by_turnover": _is_by_turnover(wanted)}
    shown |= {"sent": {name: value for name, value in vars(wanted).items() if value}}
    return render_template(
        "coverage/shut_outs.html", page=page, rules=SHUT_OUT_RULES, occasions=OCCASIONS, **shown
    )


def _is_by_turnover(wanted: queries.ShutOutsWanted) -> bool:
    """Whether the rows are those of which the page about turnover tells too."""
    return (wanted.occasion, wanted.rule) == (Occasion.COVER, TURNOVER)


def _opened(rows: Sequence[ShutOut], actor: Actor) -> dict[UUID, tuple[str, str]]:
    """The address of what recorded each row, where its reader may open it, and the contract that a check was about."""
    behind = queries.behind(rows, actor)
    return {each.id: _record_of(each, behind, actor) for each in rows}


def _record_of(row: ShutOut, behind: queries.Behind, actor: Actor) -> tuple[str, str]:
    """Who sees a business sees its checks, plans and referrals; an enquiry and a round have readers of their own."""
    check_id, contract = behind.checks.get(row.id, (None, ""))
    if row.occasion is Occasion.COVER:
        return address_of_row(TABLES[row.occasion], check_id), contract
    if row.occasion is Occasion.ROUND:
        return open_address(TABLES[row.occasion], row.subject_id, to=actor), ""
    is_open = row.occasion is not Occasion.ENQUIRY or row.subject_id in behind.enquiries
    return address_of_row(TABLES[row.occasion], row.subject_id) if is_open else "", ""


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
