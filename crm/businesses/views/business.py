"""One business, tab by tab, and every change that was made to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import hub_names, people_of_business
from crm.audit.queries import entries_about
from crm.businesses.models import Business, Consent, Person
from crm.businesses.policy import HUB_ROLES, POLICY
from crm.businesses.queries import seeing as queries
from crm.businesses.queries.facts import growth
from crm.businesses.rules.labels import (
    AMBITIONS,
    CONNECTIONS,
    MEASURES,
    NAME_KINDS,
    PURPOSES,
    current_version,
    wording,
)
from crm.businesses.views.timeline import timeline_of
from crm.businesses.workflow import Act, ConsentPurpose
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role, Standing
from crm.places.queries import locate_either
from crm.web.feature import Panel, Tab
from crm.web.identity import current_actor
from crm.web.landmarks import wanted_next
from crm.web.navigation import features
from crm.web.paging import place_asked, placed
from crm.web.parts import parts_on
from crm.web.permit import permits
from crm.web.reasons import ReasonForm
from crm.web.telling import Happening

blueprint = Blueprint("business", __name__)
permit = permits(POLICY)
SHOWN_EVENTS, SHOWN_FIRST = 30, 5
TABS = {
    Tab.OVERVIEW: "business.business",
    Tab.ACTIVITY: "business.activity",
    Tab.SUPPORT: "business.support",
    Tab.MONEY: "business.money",
    Tab.IP: "business.ip",
    Tab.EXPORT: "business.exporting",
    Tab.DETAILS: "business.details",
}
WORDS = {
    "forms": LEGAL_FORMS,
    "stages": STAGES,
    "sectors": DCMS_GROUPS,
    "leps": LEPS,
    "ambitions": AMBITIONS,
    "measures": MEASURES,
    "name_kinds": NAME_KINDS,
    "purposes": PURPOSES,
    "connections": CONNECTIONS,
}


@blueprint.get("/my-business")
@permit(Act.VIEW_OWN, audience=Audience.MEMBER)
def my_business() -> ResponseReturnValue:
    """A founder's own business, or the list of them where there are several."""
    own = queries.businesses_of(current_actor())
    only = queries.business(own[0].id) if len(own) == 1 else None
    if only is not None:
        return overview_page(only)
    return render_template("businesses/my_business.html", businesses=own)


@blueprint.get("/businesses/<uuid:business_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def business(found: Business) -> ResponseReturnValue:
    """The overview: who they are, whom to call, what is next, what happened last."""
    return overview_page(found)


@blueprint.get("/businesses/<uuid:business_id>/activity")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def activity(found: Business) -> ResponseReturnValue:
    """What happened, by the day on which it happened, in pages: one row more is read than is shown, to know of a next one."""
    at = place_asked()
    events = _events(current_actor(), found, most=at * SHOWN_EVENTS + 1)
    page = placed(
        events[(at - 1) * SHOWN_EVENTS : at * SHOWN_EVENTS], at=at, count=len(events), size=SHOWN_EVENTS
    )
    return render_template("businesses/activity.html", page=page, **_around(found, Tab.ACTIVITY))


@blueprint.get("/businesses/<uuid:business_id>/support")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def support(found: Business) -> ResponseReturnValue:
    """Diagnoses, plans, referrals, hours of support and outcomes."""
    return render_template("businesses/support.html", **_around(found, Tab.SUPPORT))


@blueprint.get("/businesses/<uuid:business_id>/money")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def money(found: Business) -> ResponseReturnValue:
    """Finance sought, applications and raises."""
    return render_template("businesses/money.html", **_around(found, Tab.MONEY))


@blueprint.get("/businesses/<uuid:business_id>/ip")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def ip(found: Business) -> ResponseReturnValue:
    """How ready it is to protect its ideas, what it owns, and what it decided about it."""
    return render_template("businesses/ip.html", **_around(found, Tab.IP))


@blueprint.get("/businesses/<uuid:business_id>/exporting")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def exporting(found: Business) -> ResponseReturnValue:
    """How ready it is to sell abroad, where it plans to, what is in its way, and with whom it goes."""
    return render_template("businesses/exporting.html", **_around(found, Tab.EXPORT))


@blueprint.get("/businesses/<uuid:business_id>/ip-and-export")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def ip_and_export(found: Business) -> ResponseReturnValue:
    """Where both were once one tab: letters about contracts abroad that were sent then lead here."""
    return redirect(url_for("business.exporting", business_id=found.id), code=301)


@blueprint.get("/businesses/<uuid:business_id>/details")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def details(found: Business) -> ResponseReturnValue:
    """Facts, figures, people, consents, connections and access."""
    return details_page(found, ReasonForm())


def overview_page(found: Business) -> str:
    """The first tab of a business's page."""
    events = _events(current_actor(), found, most=SHOWN_FIRST)
    return render_template("businesses/overview.html", events=events, **_around(found, Tab.OVERVIEW))


def details_page(found: Business, form: ReasonForm) -> str:
    """The last tab of a business's page; ``form`` is that for archiving its record."""
    shown: dict[str, Any] = {"consents": _consents(queries.consents_of(found.id)), "years": _years(found)}
    shown |= {"hubs": queries.hub_names_of(found), "colleagues": people_of_business(found.id)}
    shown |= {"leaves": _leaver(shown["colleagues"]), "next": wanted_next()}
    if _is_staff(current_actor()):
        shown |= {"connections": queries.connections_of(found.id), "claims": queries.claims_of(found.id)}
    return render_template("businesses/details.html", form=form, **shown, **_around(found, Tab.DETAILS))


def _leaver(colleagues: Sequence[tuple[Account, RoleGrant]]) -> UUID | None:
    """The id of this reader where they can leave the business here; an owner does so on the page of colleagues."""
    own_id = current_actor().account_id
    held = next((grant for account, grant in colleagues if account.id == own_id), None)
    return own_id if held is not None and held.standing is Standing.CONTRIBUTOR else None


def _around(found: Business, tab: Tab) -> dict[str, Any]:
    """What every tab shows: the head of the record, the tabs, and the panels of just this one."""
    actor, people = current_actor(), queries.people_of(found.id)
    tabs = [(each, url_for(endpoint, business_id=found.id)) for each, endpoint in TABS.items()]
    head = {"business": found, "people": people, "contact": _contact(people), "tabs": tabs, "tab": tab}
    may = {"acts": _acts(actor, found), "Act": Act, "is_staff": _is_staff(actor)}
    said = {"words": WORDS, "on": today(), "why_no_place": _why_no_place(found)}
    above = {"head_parts": parts_on(TABS[Tab.OVERVIEW], found), "panels": _panels(actor, found, tab)}
    return head | may | above | said


def _why_no_place(found: Business) -> str:
    """Why the postcode that was given says nothing of the place, where that is so and nobody has set it."""
    given = found.trading_postcode or found.trading_outcode
    return locate_either(given).words if given and found.place_method == "none" else ""


def _is_staff(actor: Actor) -> bool:
    return actor.has(*HUB_ROLES, Role.ADMINISTRATOR, Role.AUDITOR)


def _contact(people: Sequence[Person]) -> Person | None:
    """Whom to call or write to: the first of its people who can be reached and has not left."""
    return next((each for each in people if not each.left_on and (each.phone or each.email)), None)


def _acts(actor: Actor, found: Business) -> set[Act]:
    return {act for act in Act if act not in {Act.LIST, Act.VIEW_OWN} and POLICY.allows(actor, act, found)}


def _panels(actor: Actor, found: Business, tab: Tab) -> list[tuple[Panel, Any]]:
    """What every other room shows of a business on this tab, in order."""
    of_tab = (each for room in features() for each in room.panels if each.tab is tab)
    panels = sorted(of_tab, key=lambda each: each.order)
    loaded = ((each, each.load(actor, found)) for each in panels)
    return [(each, shown) for each, shown in loaded if shown is not None]


def _events(actor: Actor, found: Business, *, most: int) -> list[Happening]:
    """What happened, from every room, by the day it happened, the newest first."""
    rooms = (room.timeline for room in features() if room.timeline is not None)
    read = max(most, SHOWN_EVENTS)
    happened = [each for timeline in rooms for each in timeline(actor, found.id, read)]
    happened += timeline_of(found, most=read)
    return sorted(happened, key=lambda each: (each.day, each.at), reverse=True)[:most]


def load_home(actor: Actor) -> dict[str, Any] | None:
    """A founder's own businesses, each with what it agrees to and the switches: for their desk."""
    own = queries.businesses_of(actor)
    given = queries.consents_by_business([each.id for each in own])
    shown = [(each, _acts(actor, each), _consents(given[each.id])) for each in own]
    return {"businesses": shown, "Act": Act, "words": WORDS} if own else None


def _consents(given: Sequence[Consent]) -> list[dict[str, Any]]:
    """Each purpose with the consent that holds, if one does, and with those before it."""
    return [
        _consent(purpose, [each for each in given if each.purpose is purpose]) for purpose in ConsentPurpose
    ]


def _consent(purpose: ConsentPurpose, given: list[Consent]) -> dict[str, Any]:
    version = current_version(purpose)
    return {
        "purpose": purpose,
        "version": version,
        "words": wording(purpose, version),
        "holding": next((each for each in given if not each.withdrawn_at), None),
        "before": [each for each in given if each.withdrawn_at],
        "wordings": {each.id: wording(purpose, each.wording_version) for each in given},
    }


def _years(found: Business) -> list[tuple[Any, Any]]:
    """Each year's figures with the growth of turnover since the one before, where that can be reckoned."""
    earlier = {id(row): before for row, before in pairwise(found.figures)}
    return [(row, growth(earlier[id(row)], row) if id(row) in earlier else None) for row in found.figures]


@blueprint.get("/businesses/<uuid:business_id>/history")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def history(found: Business) -> ResponseReturnValue:
    """Every change, with what was before and after; of access requests and connections only staff read."""
    trail = [each for each in entries_about(found) if _is_staff(current_actor()) or each.act not in FOR_STAFF]
    return render_template("businesses/history.html", business=found, trail=trail, names=hub_names())


FOR_STAFF = frozenset({Act.CLAIM, Act.CONFIRM_CLAIM, Act.REFUSE_CLAIM, Act.CONNECT, Act.DISCONNECT})
"""What staff alone do and see: who asked for access and was turned down, and who has which interest in a business."""
