"""Introductions: asked for, agreed to or not; contacts are on the page of either side from one and the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import people_of_business
from crm.angels.introductions import queries
from crm.angels.introductions.forms import AgreeForm, RequestForm, TurnDownForm
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.policy import POLICY
from crm.angels.introductions.rules import labels
from crm.angels.introductions.service import helping
from crm.angels.introductions.service import introducing as service
from crm.angels.introductions.workflow import INTRODUCTIONS, Act, IntroductionStatus
from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.investors.policy import READERS
from crm.angels.investors.queries import angels as angel_queries
from crm.angels.investors.rules import labels as investor_labels
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import may_be_shown
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.views.pitches import pitch_page, said_on_page
from crm.angels.pitches.views.reading import LEDGER, not_shown_page, note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.kernel.eligibility import DCMS_GROUPS, LEPS
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on
from crm.web.permit import open_acts, permits

blueprint = Blueprint("introductions", __name__)
permit = permits(POLICY)
PAGE = "introductions.introduction"
AGREED = "You have agreed to meet."
KNOWN = "Request sent. The business knows who you are from your earlier introduction."
REMINDED = "Reminder sent to the business."
ENDED = "Request ended. We have told the investor and the business why."


@blueprint.get("/introductions")
@permit(Act.LIST_INTRODUCTIONS, audience=Audience.MEMBER, leaves_trace=LEDGER)
def all_introductions() -> ResponseReturnValue:
    """One's own requests, those to one's business, or for staff all of them."""
    actor, status = current_actor(), chosen("status", {*IntroductionStatus, queries.LATE})
    page = page_of(queries.introductions(actor, status=status, cursor=cursor()))
    shown: dict[str, Any] = {"sides": {each.id: side_of(each) for each in page.rows}, "labels": labels}
    named = _named(page.rows)
    shown |= {"named": named, "status": status, "warning": warning() if named else ""}
    return render_template("angels/introductions/all_introductions.html", page=page, **shown)


def _named(found: Sequence[Introduction]) -> set[UUID]:
    """Of an investor's own requests those whose pitch can be named, since it may be shown to them; each leaves its row."""
    actor = current_actor()
    shown = [
        each for each in found if each.account_id == actor.account_id and may_be_shown(actor, each.pitch)
    ]
    if shown:
        note_shown(list({each.pitch_id: each.pitch for each in shown}.values()), Channel.LIST)
    return {each.id for each in shown}


def _warned(found: Introduction) -> dict[str, Any]:
    """Whether the pitch can be named to its reader, and the warning that the law wants where it is."""
    is_named = found.id in _named([found])
    return {"is_named": is_named, "warning": warning() if is_named else ""}


def side_of(found: Introduction) -> str:
    """The side that the current actor is on: investor, staff or business."""
    actor = current_actor()
    if found.account_id == actor.account_id:
        return "investor"
    return "staff" if actor.has(*READERS) else "business"


@blueprint.get("/introductions/<uuid:introduction_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.introduction, leaves_trace=LEDGER)
def introduction(found: Introduction) -> ResponseReturnValue:
    """Where a request stands."""
    return _page(found, TurnDownForm())


def _page(found: Introduction, form: Form, *, refused: Form | None = None) -> str:
    also = (Act.REMIND,) if found.status is IntroductionStatus.REQUESTED else ()
    acts = open_acts(found, policy=POLICY, machine=INTRODUCTIONS, also=also)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "labels": labels, "side": side_of(found)}
    shown |= {"gate": investor_labels, "parts": parts_on(PAGE, found)} | _warned(found)
    is_held = found.status is IntroductionStatus.HELD
    shown["held_until"] = queries.held_until(found) if is_held else None
    shown["held"] = queries.why_held(found) if is_held else None
    shown |= {"owners": queries.owners_of(found) if shown["side"] == "staff" else ()}
    shown |= {"turning": form, "form": refused, "facts": _facts(found), "contacts": _contacts(found)}
    return render_template("angels/introductions/introduction.html", introduction=found, **shown)


def _facts(found: Introduction) -> dict[str, Any]:
    """What a business learns of an investor before it agrees: nothing that names them, unless it met them before."""
    angel = angel_queries.latest_of(found.account_id)
    return {
        "met": queries.earlier_meeting(found.account_id, found.pitch.business_id),
        "kept": queries.keeping_of(found.account_id),
        "groups": [DCMS_GROUPS[each] for each in angel.groups] if angel else [],
        "leps": [LEPS[each] for each in angel.leps] if angel else [],
        "most": angel.max_ticket if angel else None,
    }


def _contacts(found: Introduction) -> dict[str, Any] | None:
    """Who is on either side: read only once both agreed."""
    if found.status is not IntroductionStatus.AGREED:
        return None
    angel = angel_queries.latest_of(found.account_id)
    named = queries.contacts_of(found)
    return {"investor": found.account, "phone": angel.phone if angel else "", "owners": named}


@blueprint.post("/pitches/<uuid:pitch_id>/request")
@permit(Act.REQUEST, audience=Audience.PROMOTION, load=pitch, leaves_trace=LEDGER)
def request_introduction(found: Pitch) -> ResponseReturnValue:
    """Ask to be introduced."""
    form = RequestForm.of_request()
    return answer(
        form,
        page=lambda: not_shown_page(form, found) or pitch_page(found, form=form, requesting=form),
        act=lambda: service.request(found, form.message.data or "", by=current_actor()),
        then=lambda made: _requested(made, found, form),
    )


def _requested(made: Introduction, found: Pitch, form: Form) -> str:
    """On to the request, or back to the pitch where something else was typed there and is not sent yet."""
    is_met = queries.earlier_meeting(made.account_id, found.business_id) is not None
    words = KNOWN if is_met else "Request sent. The business does not learn who you are unless it agrees."
    return said_on_page(words, found, form, otherwise=url_for(PAGE, introduction_id=made.id))


@blueprint.route("/introductions/<uuid:introduction_id>/agree", methods=["GET", "POST"])
@permit(Act.AGREE, audience=Audience.MEMBER, load=queries.introduction, machine=INTRODUCTIONS)
def agree(found: Introduction) -> ResponseReturnValue:
    """Agree to meet, having chosen whom the investor sees and read what each side learns."""
    form = AgreeForm.of_request(contacts=[str(current_actor().account_id)])
    form.offer(people_of_business(found.pitch.business_id))
    return answer(
        form,
        page=lambda: render_template("angels/introductions/agree.html", form=form, introduction=found),
        act=lambda: service.agree(found, form.chosen(), by=current_actor()),
        then=lambda _: saved(AGREED, PAGE, introduction_id=found.id),
    )


@blueprint.post("/introductions/<uuid:introduction_id>/turn-down")
@permit(Act.TURN_DOWN, audience=Audience.MEMBER, load=queries.introduction)
def turn_down(found: Introduction) -> ResponseReturnValue:
    """Decline a request."""
    form = TurnDownForm.of_request()
    return answer(
        form,
        page=lambda: _page(found, form, refused=form),
        act=lambda: service.turn_down(found, form.refusal(), note=form.note.data or "", by=current_actor()),
        then=lambda _: saved(
            "We have told the investor you will not be meeting. We did not give a reason.",
            PAGE,
            introduction_id=found.id,
        ),
    )


@blueprint.post("/introductions/<uuid:introduction_id>/take-back")
@permit(Act.TAKE_BACK, audience=Audience.MEMBER, load=queries.introduction)
def take_back(found: Introduction) -> ResponseReturnValue:
    """Withdraw one's own request."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _page(found, TurnDownForm(), refused=form),
        act=lambda: service.take_back(found, by=current_actor()),
        then=lambda _: saved("Request withdrawn.", PAGE, introduction_id=found.id),
    )


@blueprint.post("/introductions/<uuid:introduction_id>/remind")
@permit(Act.REMIND, audience=Audience.INTERNAL, load=queries.introduction)
def remind(found: Introduction) -> ResponseReturnValue:
    """Remind the business."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _page(found, TurnDownForm(), refused=form),
        act=lambda: helping.remind(found, by=current_actor()),
        then=lambda _: saved(REMINDED, PAGE, introduction_id=found.id),
    )


@blueprint.route("/introductions/<uuid:introduction_id>/end", methods=["GET", "POST"])
@permit(Act.END, audience=Audience.INTERNAL, load=queries.introduction, machine=INTRODUCTIONS)
def end(found: Introduction) -> ResponseReturnValue:
    """End a request, with a reason for both sides."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/introductions/end.html", form=form, introduction=found),
        act=lambda: helping.end(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(ENDED, PAGE, introduction_id=found.id),
    )
