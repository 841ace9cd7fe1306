"""What an investor takes along from behind the gate: pitches as a table, a last day for their calendar."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from crm.angels.investors.policy import own_admission
from crm.angels.pitches.forms import FilterForm
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.papers import PITCHES_HEAD, last_day_event, pitch_rows
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.views.reading import LEDGER, asked_search, note_shown, warning
from crm.angels.pitches.workflow import Act, Channel
from crm.kernel.errors import Conflict, NotFound
from crm.kernel.permissions import Audience
from crm.web.extracts import calendar_response, csv_response
from crm.web.filtering import NoSuchFilter, as_offered
from crm.web.identity import current_actor
from crm.web.permit import NOTHING, permits

blueprint = Blueprint("pitch_extracts", __name__)
permit = permits(POLICY)
TABLE, CALENDAR = "pitches.csv", "last-day.ics"


@blueprint.get("/pitches.csv")
@permit(Act.TAKE_PITCHES, audience=Audience.PROMOTION, leaves_trace=LEDGER)
def extract() -> ResponseReturnValue:
    """What one's own filter finds, as a table; the warning stands in it first."""
    found = queries.every_open(_search(), own_admission(current_actor()))
    if len(found) > queries.MOST_TAKEN:
        raise Conflict(
            f"More than {queries.MOST_TAKEN} pitches fit. Take them along once your filter finds fewer."
        )
    note_shown(list(found), Channel.FILE, TABLE)
    return csv_response(TABLE, PITCHES_HEAD, rows=pitch_rows(found, warning=warning()))


def _search() -> Search:
    form = as_offered(FilterForm(request.args))
    search = asked_search(form)
    if form.errors:
        raise NoSuchFilter
    return search


@blueprint.get("/pitches/<uuid:pitch_id>/last-day.ics")
@permit(Act.SEE_PITCH, audience=Audience.PROMOTION, load=queries.pitch, leaves_trace=LEDGER)
def last_day(found: Pitch) -> ResponseReturnValue:
    """Its last day for a calendar, where others may look over one's shoulder: it names no business."""
    if found.closes_on is None:
        raise NotFound(NOTHING)
    note_shown([found], Channel.FILE, CALENDAR)
    where = url_for("pitches.pitch", pitch_id=found.id, _external=True)
    return calendar_response(CALENDAR, last_day_event(found, found.closes_on, where=where))
