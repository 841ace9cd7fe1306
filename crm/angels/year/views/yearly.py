"""The yearly letter to members: written, previewed, sent, and read again as it was sent."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.year.forms import OpeningForm
from crm.angels.year.models import YearlyLetter
from crm.angels.year.policy import POLICY
from crm.angels.year.queries import yearly as queries
from crm.angels.year.rules.yearly import HAD_IT, year_of
from crm.angels.year.service import yearly as service
from crm.angels.year.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.forms import preview as form_preview
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("yearly", __name__)
permit = permits(POLICY)


@blueprint.get("/angels/yearly-letters")
@permit(Act.VIEW_MAILING, audience=Audience.INTERNAL)
def yearly_letters() -> ResponseReturnValue:
    """The letters that were sent, and the form for the next."""
    return _yearly_letters_page(OpeningForm.of_request())


def _yearly_letters_page(form: Form) -> str:
    year = int(year_of(today()).key)
    shown = {"letters": queries.letters(), "year": year, "first": queries.letter_of(year)}
    shown["may_send"] = POLICY.allows(current_actor(), Act.SEND_YEARLY)
    return render_template("angels/year/yearly_letters.html", form=form, **shown)


@blueprint.post("/angels/yearly-letters/preview")
@permit(Act.SEND_YEARLY, audience=Audience.INTERNAL, records=False)
def preview() -> ResponseReturnValue:
    """The letter as it would be sent, and who gets it. Nothing is sent yet."""
    form = OpeningForm.of_request()
    return form_preview(
        form,
        page=lambda: _yearly_letters_page(form),
        weigh=lambda: service.draft(form.opening.data, by=current_actor()),
        then=lambda found: _yearly_preview_page(form, found),
    )


def _yearly_preview_page(form: Form, found: service.Draft) -> str:
    return render_template("angels/year/yearly_preview.html", form=form, found=found, had_it=HAD_IT)


@blueprint.post("/angels/yearly-letters/send")
@permit(Act.SEND_YEARLY, audience=Audience.INTERNAL)
def send() -> ResponseReturnValue:
    """Send what was previewed."""
    form = OpeningForm.of_request()
    return answer(
        form,
        page=lambda: _yearly_preview_page(form, service.draft(form.opening.data, by=current_actor())),
        act=lambda: service.send(form.opening.data, seen=form.seen.data or "", by=current_actor()),
        then=lambda made: saved("Letter sent.", "yearly.yearly_letter", letter_id=made.id),
    )


@blueprint.get("/angels/yearly-letters/<uuid:letter_id>")
@permit(Act.VIEW_MAILING, audience=Audience.INTERNAL, load=queries.letter)
def yearly_letter(found: YearlyLetter) -> ResponseReturnValue:
    """One letter: its words and figures, and who was sent it."""
    readers = queries.readers(found.id)
    return render_template("angels/year/yearly_letter.html", letter=found, readers=readers)
