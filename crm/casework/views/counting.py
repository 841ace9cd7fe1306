"""The hours of a business: asked about, confirmed by link or signed in, put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, first_reader, people_of
from crm.casework import queries, rules
from crm.casework.forms import AskForm, CorrectForm, HoursForm
from crm.casework.models import SupportHours
from crm.casework.policy import POLICY
from crm.casework.service import counting as service
from crm.casework.workflow import Act
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.web.filters import day
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("hours", __name__)
permit = permits(POLICY)


@blueprint.get("/businesses/<uuid:business_id>/hours")
@permit(Act.VIEW_HOURS, audience=Audience.MEMBER, load=business)
def hours(found: Business) -> ResponseReturnValue:
    """Every hour of help, whether it was confirmed, and how far that is from what counts."""
    return _hours_page(found)


def _hours_page(found: Business, *, ask: Form | None = None, said: Form | None = None) -> str:
    actor = current_actor()
    rows, asked = queries.hours_of(found.id), queries.asked_about(found.id)
    shown: dict[str, Any] = {"rows": rows, "rules": rules, "progress": progress_of(rows)}
    shown |= {"can_ask": POLICY.allows(actor, Act.ASK_HOURS, found) and not found.is_archived}
    shown |= {"can_correct": POLICY.allows(actor, Act.CORRECT_HOURS, found)}
    shown |= {"ask": ask or AskForm(data=first_reader(people_of(found.id))), "form": ask or said}
    can_answer = bool(asked) and POLICY.allows(actor, Act.CONFIRM_HOURS, found)
    shown["said"] = (said or _hours_form(asked, name=actor.name)) if can_answer else None
    return render_template("casework/hours.html", business=found, **shown)


def progress_of(rows: Sequence[SupportHours]) -> str:
    """How far the confirmed hours of a business are from those that count."""
    confirmed = sum(each.quarters for each in rows if each.status == "confirmed")
    return rules.progress_in_words(confirmed, int(figure_on("support.hours_threshold", on=today())))


def _hours_form(asked: list[SupportHours], **data: Any) -> Any:
    """The hours that were asked about, all ticked at first."""
    words = {each.id: _in_words(each) for each in asked}
    ticked = [str(each.id) for each in asked]
    return HoursForm.of_request(confirmed=ticked, **data).offer(asked, words)


def _require(rows: list[SupportHours]) -> list[SupportHours]:
    """These hours, if there are any: there is no form about none."""
    if not rows:
        raise Conflict(service.NOTHING)
    return rows


def _in_words(each: SupportHours) -> str:
    return f"{rules.hours_in_words(each.quarters)} hours, {day(each.happened_on)}: {each.what}"


@blueprint.post("/businesses/<uuid:business_id>/hours/ask")
@permit(Act.ASK_HOURS, audience=Audience.INTERNAL, load=business)
def ask(found: Business) -> ResponseReturnValue:
    """Ask the business by letter to confirm its hours."""
    _require(queries.stated(found.id))
    form = AskForm.of_request()
    return answer(
        form,
        lambda: service.ask(found, form.reader(), by=current_actor()),
        then=lambda _: _said(found, f"The letter is on its way to {form.name.data}."),
        again=lambda again: _hours_page(found, ask=again),
    )


def _said(found: Business, words: str) -> str:
    flash(words, "success")
    return url_for("hours.hours", business_id=found.id)


@blueprint.post("/businesses/<uuid:business_id>/hours/confirm")
@permit(Act.CONFIRM_HOURS, audience=Audience.MEMBER, load=business)
def confirm(found: Business) -> ResponseReturnValue:
    """A founder says which hours the business had."""
    form = _hours_form(_require(queries.asked_about(found.id)))
    return answer(
        form,
        lambda: service.answer(found, form.given(), by=current_actor()),
        then=lambda _: _said(found, "Thank you. What you said is kept."),
        again=lambda again: _hours_page(found, said=again),
    )


@blueprint.route("/links/hours/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_HOURS, audience=Audience.PUBLIC)
def open_hours(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, sending the form answers once."""
    found = service.asked_by(token)
    form = _hours_form(queries.asked_about(found.id))
    if not form.was_sent:
        return _open_page(form, found)
    _require(queries.asked_about(found.id))
    return answer(
        form,
        lambda: service.answer_by_link(token, form.given()),
        then=lambda _: url_for("hours.thanks"),
        again=lambda again: _open_page(again, found),
    )


def _open_page(form: Form, found: Business) -> str:
    return render_template("casework/open_hours.html", form=form, business=found)


@blueprint.get("/links/hours-thanks")
@permit(Act.OPEN_HOURS, audience=Audience.PUBLIC)
def thanks() -> ResponseReturnValue:
    """It is kept."""
    return render_template("casework/thanks.html")


@blueprint.route("/hours/<uuid:hours_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_HOURS, audience=Audience.INTERNAL, load=queries.hours)
def correct(found: SupportHours) -> ResponseReturnValue:
    """Put hours right, with a reason."""
    form = CorrectForm.of_request(quarters=found.quarters)
    if not form.was_sent:
        return render_template("casework/correct.html", form=form, hours=found)
    return answer(
        form,
        lambda: service.correct(found, form.quarters.data, reason=form.reason.data, by=current_actor()),
        then=lambda _: _said(
            found.business, "The hours are put right. The business has to confirm them anew."
        ),
        again=lambda again: render_template("casework/correct.html", form=again, hours=found),
    )
