"""Finance sought: recorded, corrected, and settled one way or the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.evidence import queries, rules
from crm.evidence.forms import AskForm, MetForm, UnmetForm, values_of
from crm.evidence.models import Ask
from crm.evidence.policy import POLICY
from crm.evidence.service import asking as service
from crm.evidence.workflow import MACHINE, Act, why_not_correct_ask
from crm.kernel.permissions import Actor, Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.seen import SeenForm
from crm.web.telling import Happening

blueprint = Blueprint("asks", __name__)
permit = permits(POLICY)
PAGE = "asks.ask"


@blueprint.route("/businesses/<uuid:business_id>/asks/new", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL, load=business, unless=why_archived)
def record(found: Business) -> ResponseReturnValue:
    """Record that a business seeks finance."""
    form = AskForm.of_request()
    return answer(
        form,
        page=lambda: _ask_form_page(form, found),
        act=lambda: service.record(found, form.details(), by=current_actor()),
        then=lambda made: saved("Finance sought recorded.", PAGE, ask_id=made.id),
    )


def _ask_form_page(form: Form, found: Business, ask: Ask | None = None) -> str:
    return render_template("evidence/ask_form.html", form=form, business=found, ask=ask)


@blueprint.get("/asks/<uuid:ask_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.ask)
def ask(found: Ask) -> ResponseReturnValue:
    """What is sought, and what came of it."""
    return _ask_page(found)


def _ask_page(found: Ask, *, met: Form | None = None, unmet: Form | None = None) -> str:
    also = () if why_not_correct_ask(found) else (Act.CORRECT,)
    acts = open_acts(found, machine=MACHINE, policy=POLICY, also=also)
    shown = {"met": met or MetForm(), "unmet": unmet or UnmetForm(), "form": met or unmet, "rules": rules}
    return render_template("evidence/ask.html", ask=found, acts=acts, Act=Act, **shown)


@blueprint.route("/asks/<uuid:ask_id>/edit", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.ask, unless=why_not_correct_ask)
def correct(found: Ask) -> ResponseReturnValue:
    """Correct what is sought."""
    form = AskForm.of_request(**values_of(found))
    told = {"version": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: _ask_form_page(form, found.business, found),
        act=lambda: service.correct(found, form.details(), **told),
        then=lambda _: saved("Corrected.", PAGE, ask_id=found.id),
    )


@blueprint.post("/asks/<uuid:ask_id>/meet")
@permit(Act.MEET, audience=Audience.INTERNAL, load=queries.ask, machine=MACHINE)
def meet(found: Ask) -> ResponseReturnValue:
    """The finance was found."""
    form = MetForm.of_request()
    return answer(
        form,
        page=lambda: _ask_page(found, met=form),
        act=lambda: service.meet(found, form.found(), version=form.version.data, by=current_actor()),
        then=lambda _: saved("Recorded as found.", PAGE, ask_id=found.id),
    )


@blueprint.post("/asks/<uuid:ask_id>/leave-unmet")
@permit(Act.LEAVE_UNMET, audience=Audience.INTERNAL, load=queries.ask, machine=MACHINE)
def leave_unmet(found: Ask) -> ResponseReturnValue:
    """The finance was not found."""
    form = UnmetForm.of_request()
    told = {"note": form.unmet_note.data or "", "version": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: _ask_page(found, unmet=form),
        act=lambda: service.leave_unmet(found, form.why(), **told),
        then=lambda _: saved("Recorded as not found, with the reason.", PAGE, ask_id=found.id),
    )


@blueprint.post("/asks/<uuid:ask_id>/drop")
@permit(Act.DROP, audience=Audience.INTERNAL, load=queries.ask, machine=MACHINE)
def drop(found: Ask) -> ResponseReturnValue:
    """The finance is no longer sought."""
    service.drop(found, version=SeenForm.of_request().version.data, by=current_actor())
    return done(saved("Recorded as no longer sought.", PAGE, ask_id=found.id))


@blueprint.post("/asks/<uuid:ask_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.ask, machine=MACHINE)
def reopen(found: Ask) -> ResponseReturnValue:
    """The finance is sought again."""
    service.reopen(found, version=SeenForm.of_request().version.data, by=current_actor())
    return done(saved("Reopened.", PAGE, ask_id=found.id))


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What a business seeks and sought."""
    can_record = not found.is_archived and POLICY.allows(actor, Act.RECORD, found)
    return {"asks": queries.asks_of(found.id), "can_record": can_record, "business": found, "rules": rules}


def timeline(_actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When finance was sought, and when that was settled."""
    return [row for each in queries.asks_of(business_id)[:most] for row in _of(each)]


def _of(found: Ask) -> list[Happening]:
    href, sought = url_for(PAGE, ask_id=found.id), f"{found.amount.in_full()}, " if found.amount else ""
    what = f"{sought}{rules.INSTRUMENTS[found.instrument]}"
    rows = [Happening(found.recorded_at, f"Sought finance: {what}", href=href, on=found.asked_on)]
    if found.settled_on is not None:
        title = f"{rules.SAID[found.standing]}: {what}"
        rows.append(Happening(found.recorded_at, title, href=href, on=found.settled_on))
    return rows
