"""The members of the network: one list for each thing that a manager looks after, with rows to tick; and as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.angels.investors.rules.labels import CHECKS, CLOSED_TO_THEM
from crm.angels.year.forms import ChooseForm
from crm.angels.year.papers import MEMBERS_HEAD, member_cells
from crm.angels.year.policy import POLICY
from crm.angels.year.queries import members as queries
from crm.angels.year.rules import labels
from crm.angels.year.rules.mailing import OF_MEMBERS
from crm.angels.year.rules.members import (
    ORDERS,
    OVER,
    SOON,
    Member,
    Show,
    Wanted,
    chosen_of,
    months_ahead,
    months_of,
)
from crm.angels.year.service import mailing
from crm.angels.year.views.previews import preview_page
from crm.angels.year.workflow import Act
from crm.businesses.service.extracting import noting
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.extracts import table_response
from crm.web.filtering import chosen
from crm.web.forms import preview as form_preview
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("members", __name__)
permit = permits(POLICY)
ROWS, LONGEST_SEARCH = 50, 100


def _wanted() -> Wanted:
    """What the address of the list asks for."""
    return Wanted(
        Show(chosen("show", set(Show), default=Show.ALL)),
        chosen("month", {SOON, OVER, *months_ahead(today())}),
        chosen("gate", set(labels.GATES)),
        chosen("order", set(ORDERS), default="name"),
        request.args.get("q", "").strip()[:LONGEST_SEARCH],
    )


def _asked_for(wanted: Wanted) -> dict[str, Any]:
    """The same as the address has it: what is not asked is left out."""
    usual = Wanted()
    return {name: str(value) for name, value in vars(wanted).items() if value != getattr(usual, name)}


def _found(wanted: Wanted) -> list[Member]:
    return chosen_of(queries.members(today()), wanted, on=today(), days=queries.days_on(today()))


@blueprint.get("/angels/members")
@permit(Act.LIST_MEMBERS, audience=Audience.INTERNAL)
def members() -> ResponseReturnValue:
    """The members of one list."""
    wanted = _wanted()
    rows = _found(wanted)
    return _members_page(ChooseForm.of_request(kind=labels.USUAL[wanted.show]), wanted, rows)


def _members_page(form: ChooseForm, wanted: Wanted, rows: list[Member]) -> str:
    day, days, asked = today(), queries.days_on(today()), _asked_for(wanted)
    form.offer(OF_MEMBERS, [each.angel_id for each in rows])
    every = queries.members(day)
    shown: dict[str, Any] = {"wanted": wanted, "asked": asked, "day": day, "days": days, "count": len(rows)}
    shown |= {"months": months_of(every, on=day, days=days) if wanted.show is Show.RENEWALS else ()}
    shown |= {"gates": _gates(every), "labels": labels, "checks": CHECKS, "Show": Show}
    shown |= {"may_write": POLICY.allows(current_actor(), Act.WRITE_TO_MANY), "why": CLOSED_TO_THEM}
    return render_template("angels/year/members.html", form=form, page=numbered(rows, size=ROWS), **shown)


def _gates(every: Any) -> list[tuple[str, int]]:
    """To how many members pitches are open, and from how many each reason keeps them."""
    found: dict[str, int] = {}
    for each in every:
        key = each.closed(today()) or "open"
        found[key] = found.get(key, 0) + 1
    return [(key, found[key]) for key in labels.GATES if key in found]


@blueprint.post("/angels/members/preview")
@permit(Act.WRITE_TO_MANY, audience=Audience.INTERNAL, records=False)
def preview() -> ResponseReturnValue:
    """Who of those that were ticked gets the email, and what it says. Nothing is sent yet."""
    wanted = _wanted()
    rows = _found(wanted)
    form = ChooseForm.of_request().offer(OF_MEMBERS, [each.angel_id for each in rows])
    return form_preview(
        form,
        page=lambda: _members_page(form, wanted, rows),
        weigh=lambda: mailing.weigh(form.wish(), by=current_actor()),
        then=lambda found: preview_page(
            form.wish(), found, back=url_for("members.members", **_asked_for(wanted))
        ),
    )


@blueprint.get("/angels/members.<any(csv, xlsx):kind>")
@permit(
    Act.EXTRACT_MEMBERS,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded the members of the network, and how many rows",
)
def extract(kind: str) -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    wanted = _wanted()
    rows = [member_cells(each, on=today()) for each in _found(wanted)]
    filters = {name: [value] for name, value in _asked_for(wanted).items()}
    after(noting(Act.EXTRACT_MEMBERS, filters, rows=len(rows), by=current_actor()))
    return table_response("members", MEMBERS_HEAD, kind=kind, rows=rows)
