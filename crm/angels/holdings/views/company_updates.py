"""Quarterly updates: asked of companies in which members invested, sent by them, watched by the network."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.holdings.forms import CorrectionForm, UpdateForm, seen, sent_values
from crm.angels.holdings.models import CompanyUpdate
from crm.angels.holdings.policy import POLICY
from crm.angels.holdings.queries import updates as queries
from crm.angels.holdings.service import updating as service
from crm.angels.holdings.views.holdings import words
from crm.angels.holdings.workflow import UPDATES, Act, UpdateStatus
from crm.angels.pitches.queries.people import people_told
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("company_updates", __name__)
permit = permits(POLICY)
PAGE = "company_updates.update"
HERE = "/company-updates/<uuid:update_id>"


@blueprint.get("/company-updates")
@permit(Act.LIST_UPDATES, audience=Audience.MEMBER)
def all_updates() -> ResponseReturnValue:
    """The updates that one's own business is asked for, or for staff all of them."""
    status = chosen("status", {*UpdateStatus, queries.LATE})
    page = page_of(queries.updates(current_actor(), status=status, cursor=cursor()))
    shown: dict[str, Any] = {"status": status, "today": today()}
    return render_template("angels/holdings/all_updates.html", page=page, **shown, **words())


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.update)
def update(found: CompanyUpdate) -> ResponseReturnValue:
    """One quarter of one company."""
    also = (Act.REMIND,) if service.why_not_reminded(found) is None else ()
    also = (*also, Act.CORRECT) if service.why_not_corrected(found) is None else also
    acts = open_acts(found, policy=POLICY, machine=UPDATES, also=also)
    shown: dict[str, Any] = {"update": found, "acts": acts, "Act": Act, "today": today()} | _owners(found)
    shown["corrections"] = queries.corrections_of([found.id]).get(found.id, [])
    return render_template("angels/holdings/update.html", **shown, **words())


def _owners(found: CompanyUpdate) -> dict[str, Any]:
    """For the network: whom to contact about an update that a company owes, and why it is not reminded now."""
    if found.status is not UpdateStatus.ASKED or not POLICY.allows(current_actor(), Act.REMIND, found):
        return {"owners": None, "why_not": None}
    return {"owners": people_told(found.business_id), "why_not": service.why_not_reminded(found)}


@blueprint.route(f"{HERE}/send", methods=["GET", "POST"])
@permit(Act.GIVE, audience=Audience.MEMBER, load=queries.update, machine=UPDATES)
def give(found: CompanyUpdate) -> ResponseReturnValue:
    """Send an update to those who invested."""
    form = UpdateForm.of_request(**seen(found))
    return answer(
        form,
        page=lambda: _give_page(form, found),
        act=lambda: service.give(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved("Update sent to your investors.", PAGE, update_id=found.id),
    )


def _give_page(form: Form, found: CompanyUpdate) -> str:
    count = len(queries.holders_of(found.business_id))
    return render_template("angels/holdings/give.html", form=form, update=found, count=count, **words())


@blueprint.route(f"{HERE}/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.MEMBER, load=queries.update, unless=service.why_not_corrected)
def correct(found: CompanyUpdate) -> ResponseReturnValue:
    """Correct an update that was sent."""
    form = CorrectionForm.of_request(**sent_values(found))
    return answer(
        form,
        page=lambda: _correct_page(form, found),
        act=lambda: _correct(form, found),
        then=lambda _: saved("Correction sent to your investors.", PAGE, update_id=found.id),
    )


def _correct(form: CorrectionForm, found: CompanyUpdate) -> None:
    reason, version = form.reason.data, form.version.data
    service.correct(found, form.details(), reason=reason, version=version, by=current_actor())


def _correct_page(form: Form, found: CompanyUpdate) -> str:
    count = len(queries.holders_of(found.business_id))
    return render_template("angels/holdings/correct.html", form=form, update=found, count=count, **words())


@blueprint.post(f"{HERE}/remind")
@permit(Act.REMIND, audience=Audience.INTERNAL, load=queries.update, unless=service.why_not_reminded)
def remind(found: CompanyUpdate) -> ResponseReturnValue:
    """Remind the company."""
    service.remind(found, by=current_actor())
    return done(saved("Reminder sent to the company.", PAGE, update_id=found.id))
