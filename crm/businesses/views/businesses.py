"""The list of businesses: searched, filtered, sorted, paged, the same rows as a file; and adding one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import hub_names
from crm.businesses.forms import BusinessForm, SearchForm
from crm.businesses.models import Business
from crm.businesses.papers import EXTRACT_HEAD, extract_row
from crm.businesses.policy import HUB_ROLES, POLICY
from crm.businesses.queries import listing, recognising
from crm.businesses.queries.matching import Signs, candidates_for
from crm.businesses.service import keeping as service
from crm.businesses.service.extracting import noting
from crm.businesses.workflow import Act
from crm.kernel.eligibility import DCMS_GROUPS, STAGES
from crm.kernel.errors import BadInput
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response
from crm.web.feature import Hit, Number
from crm.web.filtering import NoSuchFilter, chosen, chosen_id
from crm.web.finding import first_of
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.navigation import features
from crm.web.paging import Page, cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("businesses", __name__)
permit = permits(POLICY)
FOUND_AT_ONCE = 6


def _search() -> listing.Search:
    """The filters of this request."""
    given, sort = request.args, chosen("sort", listing.SORTS, default="name")
    groups = tuple(dict.fromkeys(given.getlist("group")))
    if not set(groups) <= set(DCMS_GROUPS):
        raise NoSuchFilter
    text, place = given.get("q", "").strip()[:100], given.get("place", "").strip()[:10]
    return listing.Search(
        text=text, place=place, groups=groups, stage=chosen("stage", STAGES), hub_id=chosen_id("hub"), sort=sort,
        with_archived=bool(given.get("archived")), among=_mine(current_actor()) if given.get("mine") else None,
    )  # fmt: skip


def _mine(actor: Actor) -> tuple[Any, ...]:
    """The businesses that a person works with, as queries of ids: every room says its own."""
    if actor.account_id is None:
        return ()
    return tuple(each for room in features() if room.works_with for each in room.works_with(actor.account_id))


def numbers(actor: Actor) -> tuple[Number, ...]:
    """On the desk of hubs' staff: how many businesses they work with."""
    if not actor.has(*HUB_ROLES):
        return ()
    count = listing.count(listing.Search(among=_mine(actor)), actor)
    return (Number("Businesses you work with", count, url_for("businesses.businesses", mine="y")),)


def find(actor: Actor, words: str) -> list[Hit]:
    """The businesses that these words find, by name, person, address, number or postcode: the likeliest."""
    rows = recognising.search(words, actor) if POLICY.allows(actor, Act.LIST) else ()
    hits = [_hit(each.business, each.why) for each in rows[: FOUND_AT_ONCE + 1]]
    return first_of(hits, FOUND_AT_ONCE, every=url_for("businesses.businesses", q=words))


def _hit(found: Business, why: str) -> Hit:
    where = why or found.authority or found.trading_outcode or ""
    return Hit(found.name, "Businesses", url_for("business.business", business_id=found.id), where)


@blueprint.get("/businesses")
@permit(Act.LIST, audience=Audience.INTERNAL)
def businesses() -> ResponseReturnValue:
    """Every business that this actor may see, as searched for."""
    search, actor = _search(), current_actor()
    filters = SearchForm(request.args).offer(hub_names().items())
    try:
        found = listing.found(search, actor, cursor=cursor())
    except BadInput as fault:
        filters.place.errors = [str(fault)]
        return make_response(_businesses_page(filters, page=None, count=0, most=0, form=filters), 422)
    return _businesses_page(filters, page=page_of(found.page), count=found.count, most=found.most)


def _businesses_page(filters: SearchForm, **shown: Any) -> str:
    actor = current_actor()
    shown |= {"can_add": POLICY.allows(actor, Act.ADD), "can_extract": POLICY.allows(actor, Act.EXTRACT)}
    shown |= {
        "filters": filters,
        "extract": _extract_address(),
        "recognised": _recognised(filters, shown["page"]),
    }
    return render_template("businesses/businesses.html", **shown)


def _recognised(filters: SearchForm, page: Page | None) -> list[recognising.Recognised]:
    """Where no name fits what was typed: the businesses that the search at the top finds by a person, address or number."""
    if page is None or page.rows or not filters.q.data or filters.is_filtered() or cursor():
        return []
    return recognising.search(filters.q.data, current_actor())


def _extract_address() -> str:
    return f"{url_for('businesses.extract')}?{urlencode(_given(), doseq=True)}".rstrip("?")


def _given() -> dict[str, list[str]]:
    return {name: values for name, values in request.args.lists() if name != "page"}


@blueprint.get("/businesses.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who took which rows out, and how many")
def extract() -> ResponseReturnValue:
    """The rows of the list as a file, in its order; who downloaded it is recorded."""
    search, actor = _search(), current_actor()
    try:
        rows = [extract_row(each) for each in listing.every(search, actor)]
    except BadInput:
        raise NoSuchFilter from None
    after(noting(Act.EXTRACT, _given(), rows=len(rows), by=actor))
    return csv_response("businesses.csv", EXTRACT_HEAD, rows=rows)


@blueprint.route("/businesses/new", methods=["GET", "POST"])
@permit(Act.ADD, audience=Audience.INTERNAL)
def add() -> ResponseReturnValue:
    """Add a business; those that it may be the same as are shown first."""
    form = BusinessForm.of_request(legal_form="", stage="", ambition="")
    return answer(
        form,
        page=lambda: business_form_page(form, None),
        act=lambda: service.add(form.details(), by=current_actor()),
        then=lambda made: saved("Business added.", "business.business", business_id=made.id),
    )


def business_form_page(form: BusinessForm, found: Business | None) -> str:
    """The form of a business; of a new one with those that it may be the same as."""
    candidates = _candidates(form) if found is None and form.was_sent and form.name.data else []
    shown = {"candidates": candidates, "same_number": _with_same_number(form, found)}
    return render_template("businesses/business_form.html", form=form, business=found, **shown)


def _with_same_number(form: BusinessForm, found: Business | None) -> list[tuple[Business, bool]]:
    """The business that has the company number which was refused, for staff, and whether this actor may see it."""
    actor, number = current_actor(), form.company_number.data
    if not form.company_number.errors or not number or not POLICY.allows(actor, Act.ADD):
        return []
    same = candidates_for(Signs("", number), but=found.id if found else None)
    return [(each, POLICY.allows(actor, Act.VIEW, each)) for each in same if each.company_number == number]


def _candidates(form: BusinessForm) -> list[tuple[Business, bool]]:
    """The businesses that look the same, each with whether this actor may see it."""
    if form.company_number.errors:
        return []
    name, number, website = form.name.data or "", form.company_number.data, form.website.data
    found = candidates_for(Signs(name, number, form.trading_place.outcode, website))
    return [(each, POLICY.allows(current_actor(), Act.VIEW, each)) for each in found]
