"""The queue of enquiries, one of them, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import hub_names
from crm.audit.queries import entries_about
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.diagnostics.queries.triage import latest_finished, open_diagnosis
from crm.figures.queries import bank_holidays
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.signposting.forms.enquiring import TakeDownForm
from crm.signposting.forms.queueing import (
    SHOWN,
    AnswerForm,
    AssignForm,
    CloseForm,
    HandOverForm,
    NoteForm,
    ReopenForm,
    SearchForm,
)
from crm.signposting.models import Enquiry
from crm.signposting.papers.leaving import ENQUIRY_HEAD, enquiry_row
from crm.signposting.papers.telling import readiness_told, told_rows
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.queries import planning
from crm.signposting.rules.enquiring import clock_in_words
from crm.signposting.rules.labels import CLOSE_REASONS, STATUS_COLOURS, STATUSES, WAYS
from crm.signposting.service import enquiring as service
from crm.signposting.service.queueing import why_no_room
from crm.signposting.workflow import ENQUIRIES, Act, Way, why_not_reopen
from crm.web.extracts import csv_response
from crm.web.filtering import chosen, chosen_id
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits
from crm.web.transaction import after

blueprint = Blueprint("queue", __name__)
permit = permits(POLICY)
WORDS = {"statuses": STATUSES, "colours": STATUS_COLOURS, "ways": WAYS, "reasons": CLOSE_REASONS}


def _search() -> queries.Search:
    """The filters of this request."""
    show, sort = chosen("show", SHOWN, default="unanswered"), chosen("sort", queries.SORTS, default="due")
    text = request.args.get("q", "").strip()[:100]
    return queries.Search(show=show, text=text, hub_id=chosen_id("hub"), sort=sort)


def _given() -> dict[str, list[str]]:
    return {name: values for name, values in request.args.lists() if name != "page"}


@blueprint.get("/enquiries")
@permit(Act.LIST, audience=Audience.INTERNAL)
def enquiries() -> ResponseReturnValue:
    """What is due first, first."""
    search, actor = _search(), current_actor()
    page, count = page_of(queries.enquiries(search, actor, cursor=cursor())), queries.count_of(search, actor)
    shown: dict[str, Any] = {"filters": SearchForm(request.args).offer(hub_names().items()), "words": WORDS}
    shown |= {"clocks": _clocks(page.rows), "show": SHOWN[search.show], "counted": queries.COUNTED}
    shown |= {
        "can_take": POLICY.allows(actor, Act.TAKE_DOWN),
        "can_extract": POLICY.allows(actor, Act.EXTRACT),
        "can_see_room": POLICY.allows(actor, Act.VIEW_CAPACITY),
    }
    shown["extract"] = f"{url_for('queue.extract')}?{urlencode(_given(), doseq=True)}".rstrip("?")
    return render_template("signposting/enquiries.html", page=page, count=count, on=today(), **shown)


def _clocks(rows: Any) -> dict[UUID, str]:
    """How long there is for each first answer, in words; nothing for those that had theirs."""
    holidays, on = bank_holidays(), today()
    return {
        each.id: clock_in_words(each.due_on, on=on, bank_holidays=holidays)
        for each in rows
        if not each.is_answered
    }


@blueprint.get("/enquiries.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who took which enquiries out, and how many")
def extract() -> ResponseReturnValue:
    """The rows of the queue as a file, in its order; who took it out is kept."""
    search, actor = _search(), current_actor()
    rows = [enquiry_row(each) for each in queries.every(search, actor)]
    after(noting(Act.EXTRACT, _given(), rows=len(rows), by=actor))
    return csv_response("enquiries.csv", ENQUIRY_HEAD, rows=rows)


@blueprint.route("/enquiries/new", methods=["GET", "POST"])
@permit(Act.TAKE_DOWN, audience=Audience.INTERNAL)
def take_down() -> ResponseReturnValue:
    """Record an enquiry for a person who called, wrote or came by."""
    form = TakeDownForm.of_request(came_on=today())
    return answer(
        form,
        page=lambda: render_template("signposting/take_down.html", form=form),
        act=lambda: service.take_down(
            form.told(), Way(form.way.data), came_on=form.came_on.data, by=current_actor()
        ),
        then=_recorded,
    )


def _recorded(made: Enquiry) -> str:
    """On to the enquiry; where another hub serves the place, to the queue, with what to tell the caller."""
    if POLICY.allows(current_actor(), Act.VIEW, made):
        return saved(f"Enquiry recorded as {made.reference}.", "queue.enquiry", enquiry_id=made.id)
    hub = hub_names().get(str(made.hub_id), "Another hub")
    when = "" if made.is_overdue(on=today()) else f": it answers by {day_in_words(made.due_on)}"
    words = f"Enquiry recorded. {hub} serves this place and has it now{when}. "
    return saved(f"{words}Tell the caller this reference: {made.reference}.", "queue.enquiries")


@blueprint.get("/enquiries/<uuid:enquiry_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.enquiry)
def enquiry(found: Enquiry) -> ResponseReturnValue:
    """Everything that was told, the clock, the notes, and what can be done."""
    return enquiry_page(found)


def enquiry_page(found: Enquiry, **refused: Form) -> str:
    """The page of an enquiry; a form that was refused stands in the place of its fresh one."""
    acts = _acts(found)
    withdrawn = why_not_reopen(found)
    acts -= {Act.REOPEN} if withdrawn else set()
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "form": next(iter(refused.values()), None)}
    shown |= {"forms": {**_fresh_forms(found, acts), **refused}, "clock": _clocks([found]).get(found.id)}
    shown |= {"rows": told_rows(found), "notes": queries.notes_on(found.id), "trail": entries_about(found)}
    shown |= {"next": _next(found, acts), "withdrawn": withdrawn, "readiness": readiness_told(found)}
    shown["why_not_claimed"] = _why_not_claimed(acts)
    shown["acts"] = acts - {Act.CLAIM} if shown["why_not_claimed"] else acts
    shown |= {"location": service.whereabouts(found.postcode, found.outcode), "names": hub_names()}
    return render_template("signposting/enquiry.html", enquiry=found, words=WORDS, on=today(), **shown)


def _acts(found: Enquiry) -> frozenset[StrEnum]:
    """What this actor can do with it."""
    return frozenset(open_acts(found, machine=ENQUIRIES, policy=POLICY, also=ALWAYS))


def _why_not_claimed(acts: Collection[StrEnum]) -> str | None:
    """Why somebody who may claim it is not asked to: they are away today, or have as many as they can hold."""
    account_id = current_actor().account_id
    return why_no_room(account_id, is_own=True) if Act.CLAIM in acts and account_id else None


def _next(found: Enquiry, acts: Collection[StrEnum]) -> dict[str, Any]:
    """How far the help has come, and what this actor can do about it."""
    if found.business_id is None:
        return {}
    actor, is_in_use = current_actor(), why_archived(found) is None
    return _so_far(found, found.business_id) | {
        "can_see": BUSINESSES.allows(actor, BusinessAct.VIEW, found.business),
        "can_triage": is_in_use and Act.TRIAGE in acts,
        "can_plan": is_in_use and POLICY.allows(actor, Act.DRAFT_PLAN, found),
    }


def _so_far(found: Enquiry, business_id: UUID) -> dict[str, Any]:
    """The diagnosis since the enquiry came, the one before it, and the plan that answers it."""
    finished = latest_finished(business_id)
    is_new = finished is not None and (finished.finished_at or found.received_at) >= found.received_at
    plans = [each for each in planning.plans_of(business_id) if each.enquiry_id == found.id]
    return {
        "open": open_diagnosis(business_id),
        "before": finished,
        "diagnosis": finished if is_new else None,
        "plan": next((each for each in plans if each.sent_at is not None), None),
        "draft": planning.draft_of(business_id),
    }


ALWAYS = (Act.NOTE, Act.ATTACH, Act.TRIAGE)
"""Acts on an enquiry whatever its status."""


def _fresh_forms(found: Enquiry, acts: Collection[StrEnum]) -> dict[str, Form]:
    hubs = HandOverForm.of_request().offer(other_hubs(found))
    forms: dict[str, Form] = {
        "note": NoteForm.of_request(),
        "answer": AnswerForm.of_request(),
        "close": CloseForm.of_request(),
        "hand_over": hubs,
    }
    if Act.ASSIGN in acts:
        forms["assign"] = AssignForm.of_request().offer(loads_for(found))
    return forms | {"reopen": ReopenForm.of_request()}


def other_hubs(found: Enquiry) -> list[tuple[str, str]]:
    return [(hub_id, name) for hub_id, name in hub_names().items() if hub_id != str(found.hub_id)]


def loads_for(found: Enquiry) -> list[queries.Load]:
    hubs = [found.hub_id] if found.hub_id else [UUID(hub_id) for hub_id in hub_names()]
    return [each for each in queries.loads_of(hubs) if each.account.id != found.claimed_by_id]
