"""What the address of a list asks for, read once and refused where the list has no such filter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from crm.accounts.queries import hub_names
from crm.businesses.policy import HUB_ROLES
from crm.caseload.queries.tags import tags_for
from crm.directory.rules.labels import NEEDS
from crm.kernel.eligibility import DCMS_GROUPS, STAGES
from crm.kernel.permissions import Actor
from crm.lists.forms import FilterForm
from crm.lists.queries import views as queries
from crm.lists.rules import LED_BY, ORDERS, Wanted
from crm.web.filtering import NoSuchFilter, chosen, chosen_id

LIST = "business_list.businesses"


def wanted_of(form: FilterForm, *, lead: str = "") -> Wanted:
    """What this request's address asks for; ``lead`` is what the page is about by itself."""
    given, quiet = request.args, None if form.quiet.process_errors else form.quiet.data
    return Wanted(
        q=given.get("q", "").strip()[:100], place=given.get("place", "").strip()[:10], group=_groups(),
        lead=_lead() or lead, quiet=quiet, need=chosen("need", NEEDS), stage=chosen("stage", STAGES),
        hub=chosen_id("hub"), tag=chosen_id("tag"), sort=chosen("sort", ORDERS, default="name"),
    )  # fmt: skip


def _groups() -> tuple[str, ...]:
    groups = tuple(dict.fromkeys(request.args.getlist("group")))
    if not set(groups) <= set(DCMS_GROUPS):
        raise NoSuchFilter
    return groups


def _lead() -> str:
    given = request.args.get("lead", "")
    try:
        return given if not given or given in LED_BY else str(UUID(given))
    except ValueError:
        raise NoSuchFilter from None


def filters_of(actor: Actor, *, lead: str = "") -> FilterForm:
    """The form of the filters, as this request's address fills it in."""
    form = FilterForm(request.args, data={"sort": "name"})
    if lead and not form.lead.data:
        form.lead.data = lead
    people, tags = queries.leaders(), tags_for(actor)
    return form.offer(hub_names().items(), people, is_adviser=actor.has(*HUB_ROLES), tags=tags)


def address(wanted: Wanted, endpoint: str = LIST, **changed: str | None) -> str:
    """The address of the list that is asked for the same but for what is ``changed``; None takes a filter away."""
    asked = wanted.asked() | {name: [value] for name, value in changed.items() if value is not None}
    kept: dict[str, Any] = {
        name: values for name, values in asked.items() if changed.get(name, "") is not None
    }
    return url_for(endpoint, **kept)
