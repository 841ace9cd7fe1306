"""The hours of a business: asked about, confirmed by link or signed in, corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_on
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import business
from crm.casework import queries, rules
from crm.casework.forms import AskForm, CorrectForm, HoursForm
from crm.casework.models import SupportHours
from crm.casework.policy import POLICY
from crm.casework.queries import listing as lists
from crm.casework.service import counting as service
from crm.casework.workflow import HOURS, Act, HoursStatus
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.measures import in_hours
from crm.kernel.permissions import Actor, Audience
from crm.web.filtering import chosen
from crm.web.filters import day
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("hours", __name__)
permit = permits(POLICY)
CORRECTED = "Hours corrected. The business needs to confirm them again."


@blueprint.get("/businesses/<uuid:business_id>/hours")
@permit(Act.VIEW_HOURS, audience=Audience.MEMBER, load=business)
def hours(found: Business) -> ResponseReturnValue:
    """Every hour of help, whether it was confirmed, and how far that is from what counts."""
    return _hours_page(found)


@blueprint.get("/hours")
@permit(Act.LIST_HOURS, audience=Audience.INTERNAL)
def list_hours() -> ResponseReturnValue:
    """Disputed hours, or one's own that no business was asked to confirm yet, each with what to do about it."""
    show, actor = chosen("show", rules.HOURS_SHOWN, default="unasked"), current_actor()
    rows, act = lists.hours_shown(show, actor), Act.CORRECT_HOURS if show == "disputed" else Act.ASK_HOURS
    can_act = {each.id for each in rows if POLICY.allows(actor, act, each)}
    shown = {"rows": rows, "show": show, "rules": rules, "can_act": can_act}
    return render_template("casework/list_hours.html", **shown)


def _hours_page(found: Business, *, ask: AskForm | None = None, said: Form | None = None) -> str:
    actor = current_actor()
    rows = queries.hours_of(found.id)
    asked = [each for each in rows if each.status == "stated"]
    shown: dict[str, Any] = {"rows": rows, "rules": rules, "progress": progress_of(rows)}
    shown |= {"can_ask": POLICY.allows(actor, Act.ASK_HOURS, found) and not found.is_archived}
    shown["corrections"] = corrections_of(rows)
    shown |= {"can_correct": POLICY.allows(actor, Act.CORRECT_HOURS, found)}
    shown |= {"ask": (ask or AskForm()).offer(queries.readers_at(found.id)), "form": ask or said}
    can_answer = bool(asked) and POLICY.allows(actor, Act.CONFIRM_HOURS, found)
    shown["said"] = (said or _fresh(asked, name=actor.name)) if can_answer else None
    return render_template("casework/hours.html", business=found, **shown)


def corrections_of(rows: Sequence[SupportHours]) -> dict[str, list[str]]:
    """How hours were corrected, by their id, the latest first: by whom, why, and what the business had said before."""
    told: dict[str, list[str]] = {}
    found = entries_on("support_hours", (each.id for each in rows), act=Act.CORRECT_HOURS)
    for each in found if rows else ():
        if each.values is not None:
            words = rules.correction_in_words(
                each.values.changes, who=each.actor_name or "The system", at=each.at
            )
            told.setdefault(each.thing_id, []).append(words)
    return told


def progress_of(rows: Sequence[SupportHours]) -> str:
    """How far the confirmed hours of a business are from those that count."""
    confirmed = sum(each.quarters for each in rows if each.status == "confirmed")
    return rules.progress_in_words(confirmed, int(figure_on("support.hours_threshold", on=today())))


def _fresh(asked: Sequence[SupportHours], **data: Any) -> HoursForm:
    """The hours that were asked about, all ticked at first."""
    ticked = [str(each.id) for each in asked]
    return HoursForm(data={"confirmed": ticked} | data).offer(asked, _in_words(asked))


def _form(asked: Sequence[SupportHours]) -> HoursForm:
    """What was sent, about the hours that its page showed; or a fresh form about all of these."""
    form = HoursForm.of_request(confirmed=[str(each.id) for each in asked])
    rows = [each for each in asked if each.id in form.rows_shown()] if form.was_sent else asked
    return form.offer(rows, _in_words(rows))


def _in_words(rows: Sequence[SupportHours]) -> dict[Any, str]:
    return {each.id: f"{in_hours(each.quarters)}, {day(each.happened_on)}: {each.what}" for each in rows}


def _nothing_stated(found: Business) -> str | None:
    return None if queries.stated(found.id) else service.NOTHING


@blueprint.post("/businesses/<uuid:business_id>/hours/ask")
@permit(Act.ASK_HOURS, audience=Audience.INTERNAL, load=business, unless=_nothing_stated)
def ask(found: Business) -> ResponseReturnValue:
    """Ask the business by email to confirm its hours."""
    form = AskForm.of_request()
    return answer(
        form,
        page=lambda: _hours_page(found, ask=form),
        act=lambda: service.ask(found, form.reader(), by=current_actor()),
        then=lambda _: saved(
            f"We have asked {form.email.data} by email to confirm.", "hours.hours", business_id=found.id
        ),
    )


@blueprint.post("/businesses/<uuid:business_id>/hours/confirm")
@permit(Act.CONFIRM_HOURS, audience=Audience.MEMBER, load=business, unless=_nothing_stated)
def confirm(found: Business) -> ResponseReturnValue:
    """A founder says which hours the business had."""
    form = _form(queries.stated(found.id))
    return answer(
        form,
        page=lambda: _hours_page(found, said=form),
        act=lambda: service.answer(found, form.given(), by=current_actor()),
        then=lambda _: saved("Thank you. Your answer is saved.", "hours.hours", business_id=found.id),
    )


@blueprint.route("/links/hours/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_HOURS, audience=Audience.PUBLIC)
def open_hours(token: str) -> ResponseReturnValue:
    """The link in the email: looking at it does nothing, sending the form answers once."""
    found, reader = service.asked_by(token)
    form = _form(queries.asked_about(found.id))
    if form.was_sent and _nothing_stated(found):
        raise Conflict(service.NOTHING)
    return answer(
        form,
        page=lambda: _open_hours_page(form, found, reader),
        act=lambda: service.answer_by_link(token, form.given()),
        then=lambda _: url_for("hours.thanks"),
    )


def _open_hours_page(form: HoursForm, found: Business, reader: Person) -> str:
    """What is asked or, where nothing is left to answer, what became of it."""
    settled = [] if form.confirmed.choices else [_settled(each) for each in queries.settled(found.id)]
    return render_template(
        "casework/open_hours.html", form=form, business=found, reader=reader, settled=settled
    )


def _settled(found: SupportHours) -> str:
    """What became of hours that a business was asked about: confirmed or disputed, by whom; or withdrawn."""
    what = f"{in_hours(found.quarters)}, {day(found.happened_on)}: {found.what}"
    if found.voided_at is not None:
        return f"{what}. Your adviser withdrew them on {day(found.voided_at)}, so they do not count."
    said = "Confirmed" if found.status is HoursStatus.CONFIRMED else "Disputed"
    return f"{what}. {said} by {found.answered_by} on {day(found.answered_at)}."


@blueprint.get("/links/hours-thanks")
@permit(Act.OPEN_HOURS, audience=Audience.PUBLIC)
def thanks() -> ResponseReturnValue:
    """The answer is saved."""
    return render_template("casework/thanks.html")


@blueprint.route("/hours/<uuid:hours_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_HOURS, audience=Audience.INTERNAL, load=queries.hours, machine=HOURS)
def correct(found: SupportHours) -> ResponseReturnValue:
    """Correct hours, with a reason."""
    form = CorrectForm.of_request(quarters=found.quarters)
    return answer(
        form,
        page=lambda: render_template("casework/correct.html", form=form, hours=found),
        act=lambda: service.correct(found, form.quarters.data, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(CORRECTED, "hours.hours", business_id=found.business_id),
    )


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """How far the confirmed hours are from those that count."""
    if not POLICY.allows(actor, Act.VIEW_HOURS, found):
        return None
    rows = queries.hours_of(found.id)
    unanswered = [each for each in rows if each.status == "stated"]
    asked = [each for each in unanswered if each.asked_at is not None]
    to_confirm = unanswered if POLICY.allows(actor, Act.CONFIRM_HOURS, found) else []
    return {"progress": progress_of(rows), "business": found, "asked": asked, "to_confirm": to_confirm}
