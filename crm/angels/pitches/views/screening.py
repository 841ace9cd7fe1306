"""The network reads a pitch: opinions of those without an interest, then sent back, refused or published."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.pitches.forms import RefuseForm, ReviewForm
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.service import screening as service
from crm.angels.pitches.views.raises import raise_page, said
from crm.angels.pitches.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("screening", __name__)
permit = permits(POLICY)


@blueprint.route("/raises/<uuid:pitch_id>/review", methods=["GET", "POST"])
@permit(Act.REVIEW, audience=Audience.INTERNAL, load=queries.pitch)
def review(found: Pitch) -> ResponseReturnValue:
    """Say what one makes of it."""
    form = ReviewForm.of_request()
    if not form.was_sent:
        return _review_page(form, found)
    return answer(
        form,
        lambda: service.review(found, form.opinion(), by=current_actor()),
        then=lambda _: said(found, "Your opinion is kept."),
        again=lambda again: _review_page(again, found),
    )


def _review_page(form: Form, found: Pitch) -> str:
    return render_template("angels/pitches/review.html", form=form, pitch=found)


@blueprint.route("/raises/<uuid:pitch_id>/send-back", methods=["GET", "POST"])
@permit(Act.SEND_BACK, audience=Audience.INTERNAL, load=queries.pitch)
def send_back(found: Pitch) -> ResponseReturnValue:
    """Give it back to be changed."""
    form = ReasonForm.of_request()
    if not form.was_sent:
        return _send_back_page(form, found)
    return answer(
        form,
        lambda: service.send_back(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: said(found, "It is given back. They get a letter with your words."),
        again=lambda again: _send_back_page(again, found),
    )


def _send_back_page(form: Form, found: Pitch) -> str:
    return render_template("angels/pitches/send_back.html", form=form, pitch=found)


@blueprint.route("/raises/<uuid:pitch_id>/refuse", methods=["GET", "POST"])
@permit(Act.REFUSE, audience=Audience.INTERNAL, load=queries.pitch)
def refuse(found: Pitch) -> ResponseReturnValue:
    """Not take it on, for a reason that the business reads."""
    form = RefuseForm.of_request()
    if not form.was_sent:
        return _refuse_page(form, found)
    return answer(
        form,
        lambda: service.refuse(found, form.reason(), note=form.note.data or "", by=current_actor()),
        then=lambda _: said(
            found, "It is not taken on. They get a letter with the reason and what could help."
        ),
        again=lambda again: _refuse_page(again, found),
    )


def _refuse_page(form: Form, found: Pitch) -> str:
    return render_template("angels/pitches/refuse.html", form=form, pitch=found)


@blueprint.post("/raises/<uuid:pitch_id>/publish")
@permit(Act.PUBLISH, audience=Audience.INTERNAL, load=queries.pitch)
def publish(found: Pitch) -> ResponseReturnValue:
    """Show it to those who may lawfully see it."""
    form = Form.of_request()
    return answer(
        form,
        lambda: service.publish(found, by=current_actor()),
        then=lambda _: said(found, "It is shown to those who may lawfully see it."),
        again=lambda again: raise_page(found, form=again),
    )
