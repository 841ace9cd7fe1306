"""The list of businesses that people work by: a table to sort by its headings, filters that combine, and views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.service.extracting import noting
from crm.caseload.queries.leads import staff_for
from crm.caseload.queries.tags import tags_for
from crm.db.paging import Slice
from crm.directory.rules.labels import NEEDS
from crm.kernel.clock import today
from crm.kernel.eligibility import STAGES
from crm.kernel.errors import BadInput
from crm.kernel.permissions import Actor, Audience
from crm.lists import rules
from crm.lists.forms import ChooseForm, FilterForm, ViewForm, form_for
from crm.lists.models import SavedView
from crm.lists.papers import HEAD, cells_of
from crm.lists.policy import POLICY
from crm.lists.queries import rows as queries
from crm.lists.queries.views import views_of
from crm.lists.service.changing import MOST_AT_ONCE
from crm.lists.service.inviting import open_to_invitations
from crm.lists.views.asked import LIST, address, filters_of, wanted_of
from crm.lists.workflow import Act
from crm.web.extracts import table_response
from crm.web.feature import Number
from crm.web.filtering import NoSuchFilter
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("business_list", __name__)
permit = permits(POLICY)
WORDS = {"needs": NEEDS, "stages": STAGES}


@blueprint.get("/caseload")
@permit(Act.LIST, audience=Audience.INTERNAL)
def businesses() -> ResponseReturnValue:
    """The businesses that this person may see, as asked for."""
    return make_response(*shown_list(ViewForm()))


@blueprint.get("/my-businesses")
@permit(Act.LIST, audience=Audience.INTERNAL)
def my_businesses() -> ResponseReturnValue:
    """The businesses that this person leads."""
    return make_response(*shown_list(ViewForm(), lead=rules.MINE))


@blueprint.get("/caseload.<any(csv, xlsx):kind>")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who took which rows out, and how many")
def extract(kind: str) -> ResponseReturnValue:
    """The rows of the list as a file, in its order; who downloaded it is recorded."""
    actor = current_actor()
    filters = filters_of(actor)
    wanted = wanted_of(filters)
    try:
        _require_readable(filters)
        rows = [cells_of(each, on=today()) for each in queries.every_row(wanted, actor)]
    except BadInput:
        raise NoSuchFilter from None
    after(noting(Act.EXTRACT, wanted.asked(), rows=len(rows), by=actor))
    return table_response("caseload", HEAD, kind=kind, rows=rows)


def _require_readable(filters: FilterForm) -> None:
    """Raises `BadInput`, said at the box, where the number of days is none."""
    if not filters.quiet.validate(filters):
        raise BadInput(filters.quiet.errors[0])


def shown_list(form: ViewForm, *, lead: str = "", choose: ChooseForm | None = None) -> tuple[str, int]:
    """The page of the list and its status; ``form`` is the name under which it is to be saved, ``choose`` what was ticked."""
    actor = current_actor()
    filters = filters_of(actor, lead=lead)
    wanted = wanted_of(filters, lead=lead)
    ticking = choose or offered(ChooseForm(None), actor)
    forms = {"view_form": form, "choose": ticking, "form": choose or form}
    try:
        page = page_of(_found(filters, wanted))
    except BadInput:
        return _businesses_page(filters, wanted, page=None, count=0, **forms), 422
    count = ticking.of_so_many(queries.count(wanted, actor))
    return _businesses_page(filters, wanted, page=page, count=count, **forms), 200


def choose_form(actor: Actor) -> ChooseForm:
    """The rows that were ticked and what is to be done to them."""
    return offered(form_for(request.form).of_request(), actor)


def offered(form: ChooseForm, actor: Actor) -> ChooseForm:
    """A form with what this person can choose from."""
    open_ = open_to_invitations(actor) if "workshop_id" in form else ()
    return form.offer(staff_for(actor), tags_for(actor), open_)


def _found(filters: FilterForm, wanted: rules.Wanted) -> Slice[queries.Row]:
    """One page of rows. Raises `BadInput`, said at the box that was filled in, for what cannot be read."""
    _require_readable(filters)
    try:
        return queries.page_of_rows(wanted, current_actor(), cursor=cursor())
    except BadInput as fault:
        filters.place.errors = [str(fault)]
        raise


def _businesses_page(filters: FilterForm, wanted: rules.Wanted, *, count: int, **shown: Any) -> str:
    actor = current_actor()
    own = views_of(actor)
    shown |= {"filters": filters, "wanted": wanted, "count": count, "most": queries.COUNTED, "own": own}
    shown |= {"views": _views(actor, own, wanted), "heading": _heading(own, wanted), "heads": _heads(wanted)}
    shown |= {"words": WORDS, "on": today(), "with_hub": actor.has(*SEE_ALL) or len(actor.grants) > 1}
    return render_template("lists/businesses.html", **shown, **_offers(actor, wanted))


def _offers(actor: Actor, wanted: rules.Wanted) -> dict[str, Any]:
    """What this person can do with the list, and where its forms and files are."""
    asked: dict[str, Any] = wanted.asked()
    files = [(kind, url_for("business_list.extract", kind=kind, **asked)) for kind in ("csv", "xlsx")]
    to = {"save_to": address(wanted, "saved_views.save"), "preview_to": address(wanted, "changes.preview")}
    may = {"can_change": POLICY.allows(actor, Act.CHANGE_MANY), "most_at_once": MOST_AT_ONCE}
    return {**to, **may, "files": files if POLICY.allows(actor, Act.EXTRACT) else (), "clear": url_for(LIST)}


def _heading(own: Sequence[SavedView], wanted: rules.Wanted) -> str:
    """What this list is called: by its view, where it is just that."""
    named = [(each.name, each.asked) for each in own] + list(rules.STANDARD.items())
    asked = wanted.asked()
    return next((name for name, filters in named if filters and filters == asked), "Caseload")


def _views(actor: Actor, own: Sequence[SavedView], wanted: rules.Wanted) -> list[tuple[str, str, bool]]:
    """The views to choose from: name, address, whether it is this one."""
    standard = [
        (name, asked)
        for name, asked in rules.STANDARD.items()
        if actor.has(*HUB_ROLES) or not _is_mine(asked)
    ]
    named = [*standard, *((each.name, each.asked) for each in own)]
    return [(name, url_for(LIST, **asked), asked == wanted.asked()) for name, asked in named]


def _is_mine(asked: Any) -> bool:
    return rules.MINE in asked.get("lead", ())


def _heads(wanted: rules.Wanted) -> dict[str, tuple[str, str]]:
    """Of each column that can be sorted by: how it is now, and where its heading leads."""
    return {
        each: (rules.direction(wanted.sort, each), address(wanted, sort=_sort_to(wanted.sort, each)))
        for each in rules.COLUMNS
    }


def _sort_to(sort: str, column: str) -> str | None:
    to = rules.toggled(sort, column)
    return None if to == rules.Wanted().sort else to


def numbers(actor: Actor) -> tuple[Number, ...]:
    """On the desk of hubs' staff: how many businesses they lead, and how many of these nobody spoke with for long."""
    if not actor.has(*HUB_ROLES):
        return ()
    mine, quiet = (
        rules.Wanted(lead=rules.MINE),
        rules.Wanted(lead=rules.MINE, quiet=rules.QUIET, sort="contact"),
    )
    led, waiting = queries.counts((mine, quiet), actor)
    return (
        Number("Businesses you lead", led, url_for("business_list.my_businesses")),
        Number(f"Not contacted in {rules.QUIET} days", waiting, address(quiet)),
    )
