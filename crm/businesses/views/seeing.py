"""One business seen whole, and every change that was made to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.queries import hub_names, people_of_business
from crm.audit.queries import entries_about
from crm.businesses.forms import ReasonForm
from crm.businesses.models import Business, Consent
from crm.businesses.policy import HUB_ROLES, POLICY
from crm.businesses.queries import seeing as queries
from crm.businesses.queries.facts import growth
from crm.businesses.rules.labels import AMBITIONS, CONNECTIONS, MEASURES, NAME_KINDS, PURPOSES, wording
from crm.businesses.views.happening import timeline_of
from crm.businesses.workflow import Act, ConsentPurpose
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.web.identity import current_actor
from crm.web.navigation import features
from crm.web.permit import permits

blueprint = Blueprint("business", __name__)
permit = permits(POLICY)
SHOWN_EVENTS = 30
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


@blueprint.get("/businesses/<uuid:business_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.business)
def business(found: Business) -> ResponseReturnValue:
    """Who they are, what they need, what happened, what is next, and who can see this."""
    return business_page(found, ReasonForm())


def business_page(found: Business, form: ReasonForm) -> str:
    """The page of a business; ``form`` is that for putting its record away."""
    actor = current_actor()
    is_staff = actor.has(*HUB_ROLES, Role.ADMINISTRATOR, Role.AUDITOR)
    shown: dict[str, Any] = {"acts": _acts(actor, found), "is_staff": is_staff, "on": today(), "words": WORDS}
    shown |= _people(found, is_staff=is_staff) | {
        "consents": _consents(queries.consents_of(found.id)),
        "years": _years(found),
    }
    shown |= {"panels": _panels(actor, found), "events": _events(actor, found)}
    return render_template("businesses/business.html", business=found, form=form, Act=Act, **shown)


def _people(found: Business, *, is_staff: bool) -> dict[str, Any]:
    """Who is there, who is let in, which hubs see it; and for staff who stands how to it."""
    shown: dict[str, Any] = {"people": queries.people_of(found.id), "hubs": queries.hub_names_of(found)}
    shown["colleagues"] = people_of_business(found.id)
    if is_staff:
        shown |= {"connections": queries.connections_of(found.id), "claims": queries.claims_of(found.id)}
    return shown


def _acts(actor: Actor, found: Business) -> set[Act]:
    return {act for act in Act if act is not Act.LIST and POLICY.allows(actor, act, found)}


def _panels(actor: Actor, found: Business) -> list[tuple[Any, Any]]:
    """What every other room shows of a business, in order."""
    panels = sorted((each for room in features() for each in room.panels), key=lambda each: each.order)
    loaded = ((each, each.load(actor, found)) for each in panels)
    return [(each, shown) for each, shown in loaded if shown is not None]


def _events(actor: Actor, found: Business) -> list[Any]:
    """What happened, from every room, the newest first."""
    rooms = (room.timeline for room in features() if room.timeline is not None)
    happened = [each for timeline in rooms for each in timeline(actor, found.id, SHOWN_EVENTS)]
    happened += timeline_of(found, most=SHOWN_EVENTS)
    return sorted(happened, key=lambda each: each.at, reverse=True)[:SHOWN_EVENTS]


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
    return {
        "purpose": purpose,
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
    """Every change, with what was before and after."""
    return render_template(
        "businesses/history.html", business=found, trail=entries_about(found), names=hub_names()
    )
