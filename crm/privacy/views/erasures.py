"""Erasing a person: found by name or address, what goes and what stays and why, proposed by one and confirmed by another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.views.proposals import ProposalForm, ProposalPages, Said
from crm.db.personal import Subject
from crm.kernel.clock import day_of
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor, Audience
from crm.privacy import rules
from crm.privacy.forms import EraseForm
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.policy import POLICY
from crm.privacy.queries import requests as queries
from crm.privacy.queries.erasing import preview_of
from crm.privacy.service import erasures as service
from crm.privacy.views.data_requests import load_request
from crm.privacy.views.people import CHOOSE, chosen_person, chosen_row, find_person_page
from crm.privacy.workflow import ERASURES, Act, ErasureStatus
from crm.web.feature import Todo
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.landmarks import address_of_row
from crm.web.permit import permits

blueprint = Blueprint("erasures", __name__)
permit = permits(POLICY)
HERE = "/erasures/<uuid:erasure_id>"
PROPOSED = "Proposed. Nobody is erased until another administrator confirms it."


def _erasure_page(form: Form, found: PersonErasure) -> str:
    shown = PAGES.shown(found, form)
    if shown["is_open"]:
        signed = current_actor().name if shown["may_confirm"] and not shown["why_not_me"] else ""
        shown["letter"] = service.letter_of(found, by_name=signed)
        shown["preview"] = service.preview(found)
    else:
        shown["preview"] = None
    return render_template("privacy/erasure.html", address_of_row=address_of_row, rules=rules, **shown)


PAGES = ProposalPages(
    blueprint,
    ERASURES,
    policy=POLICY,
    verbs=service,
    load=queries.erasure,
    named="erasure_id",
    said=Said(
        confirmed=lambda _: "Erased. What the law or a contract needs is kept.",
        refusing=lambda found: f"Refuse to erase a person: request {found.request.reference}",
        stays="Nobody is erased.",
        read="Marked as read. It is off the desks of administrators.",
        unheard="The person does not hear of the proposal.",
    ),
    show=_erasure_page,
)
PAGES.open_doors(HERE)


@blueprint.get(HERE)
@permit(Act.VIEW_ERASURE, audience=Audience.INTERNAL, load=queries.erasure)
def proposal(found: PersonErasure) -> ResponseReturnValue:
    """Who is to be erased and why, what goes and what stays, and who decides; once it is done, what was done."""
    return _erasure_page(ProposalForm(), found)


@blueprint.route("/data-requests/<uuid:data_request_id>/erase", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL, load=load_request, unless=service.why_not_asked)
def erase(found: DataRequest) -> ResponseReturnValue:
    """Find the person who asked to be erased, read what goes and what stays, and propose it."""
    about, form = chosen_person(), EraseForm.of_request()
    return answer(
        form,
        page=lambda: _erase_page(form, found, about),
        act=lambda: _propose(form, found, about),
        then=lambda made: PAGES.to(made, PROPOSED),
    )


def _propose(form: EraseForm, found: DataRequest, about: Subject | None) -> PersonErasure:
    row = chosen_row()
    if about is None or row is None:
        raise Conflict(CHOOSE)
    told: dict[str, Any] = {"reason": form.reason.data or "", "seen": form.seen.data or None}
    told["is_checked"] = bool(form.checked.data)
    return service.propose(found, about, row=row, **told, by=current_actor())


def _erase_page(form: EraseForm, found: DataRequest, about: Subject | None) -> str:
    shown: dict[str, Any] = {"form": form, "found": found, "rules": rules}
    shown |= {"address_of_row": address_of_row, "person": request.values.get("person", "")}
    if about is None:
        return find_person_page("erase", **shown | {"form": None, "lacks": form.was_sent})
    preview = preview_of(about, request=found)
    form.seen.object_data = service.mark_of_preview(preview)
    is_own = about.account_id is not None and about.account_id == current_actor().account_id
    shown["why_not"] = service.OWN if is_own else preview.why_not_them or ""
    return render_template("privacy/erase.html", preview=preview, **shown)


def to_decide(actor: Actor) -> tuple[Todo, ...]:
    """Each erasure on which this administrator decides."""
    return tuple(
        _todo(each, "Decide whether a person is erased")
        for each in PAGES.to_decide(queries.erasures_on_desks(), actor)
    )


def to_read(actor: Actor) -> tuple[Todo, ...]:
    """What became of each proposal lately, for the administrators who did not decide it."""
    words = {ErasureStatus.CONFIRMED: "Read: a person was erased"}
    return tuple(
        _todo(each, words.get(each.status, "Read why a person was not erased"))
        for each in PAGES.to_read(queries.erasures_on_desks(), actor)
    )


def _todo(found: PersonErasure, words: str) -> Todo:
    since = day_of(found.decided_at or found.proposed_at)
    due = found.request.due_on if found.status is ErasureStatus.PROPOSED else None
    about, things = found.request.reference, (found.id, found.request_id)
    return Todo(words, None, PAGES.url(found), about=about, since=since, due=due, things=things)
