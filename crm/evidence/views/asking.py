"""Finance sought: kept, corrected, and settled one way or the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.evidence import queries, rules
from crm.evidence.forms import AskForm, MetForm, UnmetForm, values_of
from crm.evidence.models import Ask
from crm.evidence.policy import POLICY
from crm.evidence.service import asking as service
from crm.evidence.workflow import MACHINE, Act
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Happening
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("evidence", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/asks/new", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL, load=business)
def record(found: Business) -> ResponseReturnValue:
    """Keep that a business seeks finance."""
    form = AskForm.of_request()
    if not form.was_sent:
        return _form_page(form, found, None)
    return answer(
        form,
        lambda: service.record(found, form.details(), by=current_actor()),
        then=lambda made: _done(made, "It is kept."),
        again=lambda again: _form_page(again, found, None),
    )


def _form_page(form: Form, found: Business, ask: Ask | None) -> str:
    return render_template("evidence/ask_form.html", form=form, business=found, ask=ask)


def _done(ask: Ask, words: str) -> str:
    flash(words, "success")
    return url_for("evidence.ask", ask_id=ask.id)


@blueprint.get("/asks/<uuid:ask_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.ask)
def ask(found: Ask) -> ResponseReturnValue:
    """What is sought, and what came of it."""
    return _page(found)


def _page(found: Ask, *, met: Form | None = None, unmet: Form | None = None) -> str:
    actor = current_actor()
    acts = {act for act in MACHINE.possible(found.status) if POLICY.allows(actor, act, found)}
    can_correct = found.status == "open" and POLICY.allows(actor, Act.CORRECT, found)
    shown = {"met": met or MetForm(), "unmet": unmet or UnmetForm(), "form": met or unmet, "rules": rules}
    return render_template(
        "evidence/ask.html", ask=found, acts=acts, Act=Act, can_correct=can_correct, **shown
    )


@blueprint.route("/asks/<uuid:ask_id>/edit", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.ask)
def correct(found: Ask) -> ResponseReturnValue:
    """Correct what is sought."""
    form = AskForm.of_request(**values_of(found))
    if not form.was_sent:
        return _form_page(form, found.business, found)
    return answer(
        form,
        lambda: service.correct(found, form.details(), by=current_actor()),
        then=lambda _: _done(found, "It is corrected."),
        again=lambda again: _form_page(again, found.business, found),
    )


@blueprint.post("/asks/<uuid:ask_id>/meet")
@permit(Act.MEET, audience=Audience.INTERNAL, load=queries.ask)
def meet(found: Ask) -> ResponseReturnValue:
    """It was found."""
    form = MetForm.of_request()
    return answer(
        form,
        lambda: service.meet(found, form.found(), by=current_actor()),
        then=lambda _: _done(found, "It is kept as found."),
        again=lambda again: _page(found, met=again),
    )


@blueprint.post("/asks/<uuid:ask_id>/leave-unmet")
@permit(Act.LEAVE_UNMET, audience=Audience.INTERNAL, load=queries.ask)
def leave_unmet(found: Ask) -> ResponseReturnValue:
    """It was not to be had."""
    form = UnmetForm.of_request()
    return answer(
        form,
        lambda: service.leave_unmet(found, form.why(), note=form.unmet_note.data or "", by=current_actor()),
        then=lambda _: _done(found, "It is kept as not found, with the reason."),
        again=lambda again: _page(found, unmet=again),
    )


@blueprint.post("/asks/<uuid:ask_id>/drop")
@permit(Act.DROP, audience=Audience.INTERNAL, load=queries.ask)
def drop(found: Ask) -> ResponseReturnValue:
    """It is no longer sought."""
    service.drop(found, by=current_actor())
    return redirect(_done(found, "It is kept as no longer sought."), code=303)


@blueprint.post("/asks/<uuid:ask_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.ask)
def reopen(found: Ask) -> ResponseReturnValue:
    """It is sought again."""
    service.reopen(found, by=current_actor())
    return redirect(_done(found, "It is open again."), code=303)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What a business seeks and sought."""
    can_record = not found.is_archived and POLICY.allows(actor, Act.RECORD, found)
    return {"asks": queries.asks_of(found.id), "can_record": can_record, "business": found, "rules": rules}


def timeline(_actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When finance was sought."""
    return [
        Happening(
            at=each.recorded_at,
            title=f"It was kept that they seek {rules.INSTRUMENTS[each.instrument]}",
            href=url_for("evidence.ask", ask_id=each.id),
        )
        for each in queries.asks_of(business_id)[:most]
    ]
