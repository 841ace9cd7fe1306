"""The network reads a pitch: opinions of those without an interest, then sent back, refused or published."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.pitches.forms import RefuseForm, ReviewForm
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.service import screening as service
from crm.angels.pitches.views.raises import raise_page
from crm.angels.pitches.workflow import PITCHES, Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("screening", __name__)
permit = permits(POLICY)


@blueprint.route("/raises/<uuid:pitch_id>/review", methods=["GET", "POST"])
@permit(Act.REVIEW, audience=Audience.INTERNAL, load=queries.pitch, unless=service.why_not_reviewed)
def review(found: Pitch) -> ResponseReturnValue:
    """Say what one makes of it."""
    form = ReviewForm.of_request()
    return answer(
        form,
        page=lambda: _review_page(form, found),
        act=lambda: service.review(found, form.opinion(), by=current_actor()),
        then=lambda _: saved("Review recorded.", "raises.one_raise", pitch_id=found.id),
    )


def _review_page(form: Form, found: Pitch) -> str:
    return render_template("angels/pitches/review.html", form=form, pitch=found)


@blueprint.route("/raises/<uuid:pitch_id>/send-back", methods=["GET", "POST"])
@permit(Act.SEND_BACK, audience=Audience.INTERNAL, load=queries.pitch, machine=PITCHES)
def send_back(found: Pitch) -> ResponseReturnValue:
    """Give it back to be changed."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _send_back_page(form, found),
        act=lambda: service.send_back(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Pitch sent back. We have emailed the business your comments.",
            "raises.one_raise",
            pitch_id=found.id,
        ),
    )


def _send_back_page(form: Form, found: Pitch) -> str:
    return render_template("angels/pitches/send_back.html", form=form, pitch=found)


@blueprint.route("/raises/<uuid:pitch_id>/refuse", methods=["GET", "POST"])
@permit(Act.REFUSE, audience=Audience.INTERNAL, load=queries.pitch, machine=PITCHES)
def refuse(found: Pitch) -> ResponseReturnValue:
    """Not take it on, for a reason that the business reads."""
    form = RefuseForm.of_request()
    return answer(
        form,
        page=lambda: _refuse_page(form, found),
        act=lambda: service.refuse(found, form.reason(), note=form.note.data or "", by=current_actor()),
        then=lambda _: saved(
            "Pitch declined.",
            "raises.one_raise",
            pitch_id=found.id,
        ),
    )


def _refuse_page(form: Form, found: Pitch) -> str:
    has_readers = bool(people_told(found.business_id))
    return render_template("angels/pitches/refuse.html", form=form, pitch=found, has_readers=has_readers)


@blueprint.post("/raises/<uuid:pitch_id>/publish")
@permit(Act.PUBLISH, audience=Audience.INTERNAL, load=queries.pitch)
def publish(found: Pitch) -> ResponseReturnValue:
    """Show it to those who may lawfully see it."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: raise_page(found, form=form),
        act=lambda: service.publish(found, by=current_actor()),
        then=lambda _: saved(
            "Pitch published to the investors who may lawfully see it.", "raises.one_raise", pitch_id=found.id
        ),
    )
