"""The private address of renewals: asked for, ended, and read by calendar programs."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.kernel.events import calendar_of
from crm.kernel.permissions import Audience
from crm.rights.papers import renewal_event
from crm.rights.policy import POLICY
from crm.rights.service import calendars as service
from crm.rights.workflow import Act
from crm.web.extracts import subscribed_response
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("renewal_calendars", __name__)
permit = permits(POLICY)


def _to_rights(words: str, found: Business) -> str:
    return saved(words, "rights.rights", business_id=found.id)


@blueprint.post("/businesses/<uuid:business_id>/rights/calendar/ask")
@permit(Act.ASK_CALENDAR, audience=Audience.MEMBER, load=business, unless=why_archived, makes_one=True)
def ask(found: Business) -> ResponseReturnValue:
    """Send a person their own address for a calendar program."""
    service.ask(found, by=current_actor())
    return done(
        _to_rights("We are emailing you the address. An address that you had before ends then.", found)
    )


@blueprint.post("/businesses/<uuid:business_id>/rights/calendar/end")
@permit(Act.END_CALENDAR, audience=Audience.MEMBER, load=business)
def end(found: Business) -> ResponseReturnValue:
    """End a person's own address."""
    service.end(found, by=current_actor())
    return done(_to_rights("Calendar address ended. Your calendar no longer gets renewals from it.", found))


@blueprint.get("/links/renewals/<string:token>")
@permit(Act.READ_CALENDAR, audience=Audience.PUBLIC)
def renewals(token: str) -> ResponseReturnValue:
    """What a calendar program reads: each renewal as a whole day."""
    found = service.renewals_at(token)
    events = [renewal_event(each) for each in found.rights]
    return subscribed_response(calendar_of(events, name=f"Renewals of {found.business.name}"))
