"""An investor's own invitation: answered, taken to the door, and on the night what they show and say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.angels.events.forms import FeedbackForm, ReplyForm, TapForm, WishForm
from crm.angels.events.models import NightPlace, NightSlot
from crm.angels.events.papers import qr_svg
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places, wishes
from crm.angels.events.queries.places import Seat
from crm.angels.events.rules import labels, running
from crm.angels.events.rules.gating import why_not_there
from crm.angels.events.service import calendars, door, seating
from crm.angels.events.service import wishing as service
from crm.angels.events.service.telling import entry_of, where_of
from crm.angels.events.workflow import Act, NightStatus, PlaceStatus, Reply
from crm.angels.investors.policy import own_admission
from crm.angels.investors.rules import labels as investor_labels
from crm.angels.investors.rules.gate import Closed
from crm.angels.pitches.policy import may_be_shown
from crm.angels.pitches.views.reading import LEDGER, note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.kernel.clock import now, today
from crm.kernel.events import calendar_of
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import calendar_response, subscribed_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("invitations", __name__)
permit = permits(POLICY)
PAGE = "invitations.invitation"
REFUSED_AT_DOOR = "who was refused at a night because the gate is closed to them, and why"
VERBS = {Reply.YES: seating.come, Reply.MAYBE: seating.perhaps, Reply.NO: seating.decline}
ANSWERED = {
    PlaceStatus.COMING: "You have a place.",
    PlaceStatus.WAITING: "All places are taken. You are on the waiting list.",
    PlaceStatus.MAYBE: "Saved as maybe. This holds no place.",
    PlaceStatus.DECLINED: "Saved. You are not coming.",
}


def reply(found: NightPlace, said: Reply, *, by: Actor) -> NightPlace:
    """Answer an invitation as it was said: the one way of the page and of the letter's link."""
    VERBS[said](found, by=by)
    return found


@blueprint.get("/events/invitations/<uuid:place_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=places.place, leaves_trace=LEDGER)
def invitation(found: NightPlace) -> ResponseReturnValue:
    """One's own invitation, with the running order where it may be shown."""
    return _invitation_page(found)


def _invitation_page(found: NightPlace, *, form: Form | None = None) -> str:
    closed = _closed_to(found)
    slots = _shown(found) if closed is None else []
    shown: dict[str, Any] = {"labels": labels, "closed": closed, "gate": investor_labels, "form": form}
    is_own = current_actor().account_id == found.account_id
    shown |= {"slots": slots, "is_own": is_own, "warning": warning() if slots and is_own else ""}
    shown |= {"interests": wishes.interests_of(found.id), "given": wishes.feedback_of(found.id)}
    shown["asked"] = wishes.requests_of(found.account_id, [each.pitch_id for each in slots])
    shown |= _possible(found, closed) | {"ended": _ended(found, len(slots)) if closed is None else 0}
    shown["would_wait"] = closed is None and shown["can_answer"] and seating.would_wait(found)
    return render_template("angels/events/invitation.html", place=found, night=found.night, **shown)


def _closed_to(found: NightPlace) -> Closed | None:
    """What keeps an investor from the night today: of whoever asks, what is known of them already."""
    actor = current_actor()
    if actor.account_id != found.account_id:
        return places.why_not_at(found.night, found.account_id)
    return why_not_there(own_admission(actor), places.instruments_of(found.night_id), on=today())


def _shown(found: NightPlace) -> list[NightSlot]:
    """The pitches of the night that its reader may be shown now; each leaves its row in the ledger."""
    actor = current_actor()
    is_own = actor.account_id == found.account_id
    rows = [each for each in queries.shown_at(found.night_id) if not is_own or may_be_shown(actor, each)]
    if is_own and rows:
        note_shown([each.pitch for each in rows], Channel.LIST, found.night.title)
    return rows


def _ended(found: NightPlace, count: int) -> int:
    """How many pitches an investor heard at a night that are no longer shown: no word can be said of them here any more."""
    return len(queries.pitched_at(found.night_id)) - count if found.status is PlaceStatus.ATTENDED else 0


def _possible(found: NightPlace, closed: Closed | None) -> dict[str, Any]:
    """What can be done with the invitation now, by whose it is."""
    actor, night = current_actor(), found.night
    is_own = actor.account_id == found.account_id and actor.seen_by is None
    is_there, has_begun = found.status is PlaceStatus.ATTENDED, night.starts_at <= now()
    can_join = not is_there and closed is None and door.why_not_join(found) is None
    said: dict[str, Any] = {"can_answer": is_own and not is_there and seating.why_not_answer(found) is None}
    said |= {"can_join": is_own and can_join, "is_open": is_there and night.status is NightStatus.INVITED}
    said["sees_video"] = said["is_open"] and closed is None
    said |= {"can_wish": is_own and is_there and has_begun and service.is_same_day(night)}
    said |= {"can_rate": is_own and is_there and has_begun and night.released_at is None}
    said |= {"opens": running.video_opens(night.starts_at), "is_early": door.is_early(night)}
    return said | {"until": running.feedback_until(night.starts_at), "has_begun": has_begun}


@blueprint.post("/events/invitations/<uuid:place_id>/answer")
@permit(Act.ANSWER, audience=Audience.MEMBER, load=places.place, leaves_trace=LEDGER)
def answer_invitation(found: NightPlace) -> ResponseReturnValue:
    """Answer yes, maybe or no."""
    form = ReplyForm.of_request()
    return answer(
        form,
        page=lambda: _invitation_page(found, form=form),
        act=lambda: reply(found, form.said(), by=current_actor()),
        then=lambda _: saved(ANSWERED[found.status], PAGE, place_id=found.id),
    )


@blueprint.get("/events/invitations/<uuid:place_id>/calendar")
@permit(Act.VIEW, audience=Audience.MEMBER, load=places.place)
def calendar(found: NightPlace) -> ResponseReturnValue:
    """The night for one's calendar."""
    kept = (PlaceStatus.COMING, PlaceStatus.ATTENDED)
    is_off = found.night.status is NightStatus.CANCELLED or found.status not in kept
    return calendar_response("pitch-night.ics", entry_of(found.night, found, is_cancelled=is_off))


@blueprint.get("/events/invitations/<uuid:place_id>/code")
@permit(Act.VIEW, audience=Audience.MEMBER, load=places.place)
def code(found: NightPlace) -> ResponseReturnValue:
    """The code that is scanned at the door: an address that opens only for the network's staff."""
    where = url_for("doors.code", code=found.code)
    return Response(qr_svg(settings().base_url + where), mimetype="image/svg+xml")


@blueprint.post("/events/invitations/<uuid:place_id>/join")
@permit(
    Act.JOIN,
    audience=Audience.MEMBER,
    load=places.place,
    unless=door.why_not_join,
    leaves_trace=REFUSED_AT_DOOR,
)
def join(found: NightPlace) -> ResponseReturnValue:
    """Join by video."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _invitation_page(found, form=form),
        act=lambda: door.join(found, by=current_actor()),
        then=lambda _: saved("You are checked in. Open the video link below.", PAGE, place_id=found.id),
    )


@blueprint.post("/events/invitations/<uuid:place_id>/turns/<uuid:slot_id>/show-interest")
@permit(Act.SHOW_INTEREST, audience=Audience.PROMOTION, load=places.seat, leaves_trace=LEDGER)
def show_interest(found: Seat) -> ResponseReturnValue:
    """Show interest in a pitch, or ask to be introduced, in one tap."""
    form = WishForm.of_request()
    return answer(
        form,
        page=lambda: _invitation_page(found.seat, form=form),
        act=lambda: service.show_interest(found, form.shown(), by=current_actor()),
        then=lambda is_undone: _to_turn(labels.WISHES[form.shown()], found, is_undone=is_undone),
    )


def _to_turn(words: str, found: Seat, *, is_undone: bool = False) -> str:
    """Back to the pitch on the page, which says what was done; and that a request was withdrawn, where one was."""
    told = " Your request to be introduced is withdrawn, and we have told the business." if is_undone else ""
    anchor = f"turn-{found.slot.id}"
    return saved(f"{words}: {found.slot.pitch.headline}.{told}", PAGE, place_id=found.seat.id, _anchor=anchor)


@blueprint.post("/events/invitations/<uuid:place_id>/turns/<uuid:slot_id>/withdraw")
@permit(Act.WITHDRAW_INTEREST, audience=Audience.MEMBER, load=places.seat, leaves_trace=LEDGER)
def withdraw_interest(found: Seat) -> ResponseReturnValue:
    """Withdraw what was shown."""
    form = TapForm.of_request()
    return answer(
        form,
        page=lambda: _invitation_page(found.seat, form=form),
        act=lambda: service.withdraw_interest(found, by=current_actor()),
        then=lambda is_undone: _to_turn("Interest withdrawn", found, is_undone=is_undone),
    )


@blueprint.route("/events/invitations/<uuid:place_id>/turns/<uuid:slot_id>/feedback", methods=["GET", "POST"])
@permit(
    Act.GIVE_FEEDBACK,
    audience=Audience.PROMOTION,
    load=places.seat,
    unless=service.why_not_rate,
    leaves_trace=LEDGER,
)
def give_feedback(found: Seat) -> ResponseReturnValue:
    """Say how clear a pitch was."""
    kept = wishes.feedback_on(found.seat.id, found.slot.id)
    known = {"score": str(kept.score or ""), "words": kept.words} if kept else {}
    form = FeedbackForm.of_request(**known)
    return answer(
        form,
        page=lambda: _give_feedback_page(form, found),
        act=lambda: _given(found, form),
        then=lambda _: _to_turn("Feedback saved", found),
    )


def _give_feedback_page(form: Form, found: Seat) -> str:
    note_shown([found.slot.pitch], Channel.LIST, found.seat.night.title)
    until = running.feedback_until(found.seat.night.starts_at)
    return render_template(
        "angels/events/give_feedback.html", form=form, found=found, until=until, warning=warning()
    )


def _given(found: Seat, form: FeedbackForm) -> None:
    service.give_feedback(found, score=form.scored(), words=form.words.data or "", by=current_actor())


@blueprint.route("/links/night/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_INVITATION, audience=Audience.PUBLIC, repeats=True)
def open_invitation(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, sending one of its forms answers. It names no business."""
    form = ReplyForm.of_request()
    return answer(
        form,
        page=lambda: _open_invitation_page(form, token),
        act=lambda: _replied(token, form),
        then=lambda found: saved(ANSWERED[found.status], "invitations.open_invitation", token=token),
    )


def _open_invitation_page(form: Form, token: str) -> str:
    found = seating.place_behind(token)
    shown: dict[str, Any] = {"labels": labels, "where": where_of(found.night), "token": token}
    gate = places.gates_of(found.night, [found.account_id])[found.account_id]
    shown |= {"why_not": seating.why_not_by_link(found), "closed": gate.closed, "gate": investor_labels}
    shown |= {"renew_by": seating.renew_by(gate), "is_written": seating.is_being_written_to(found)}
    shown["would_wait"] = gate.closed is None and seating.would_wait(found)
    return render_template(
        "angels/events/open_invitation.html", form=form, place=found, night=found.night, **shown
    )


def _replied(token: str, form: ReplyForm) -> NightPlace:
    found = seating.place_behind(token)
    return reply(found, form.said(), by=seating.owner_of(found))


@blueprint.post("/events/calendar/ask")
@permit(Act.ASK_CALENDAR, audience=Audience.MEMBER, makes_one=True)
def ask_calendar() -> ResponseReturnValue:
    """Send an investor their own address for a calendar program."""
    calendars.ask_for_calendar(by=current_actor())
    words = "We are emailing you the address. An address that you had before ends then."
    return done(saved(words, "nights.all_nights"))


@blueprint.post("/events/calendar/end")
@permit(Act.END_CALENDAR, audience=Audience.MEMBER)
def end_calendar() -> ResponseReturnValue:
    """End an investor's own address."""
    calendars.end_calendar(by=current_actor())
    words = "Calendar address ended. Your calendar no longer gets pitch nights from it."
    return done(saved(words, "nights.all_nights"))


@blueprint.get("/links/night-calendar/<string:token>")
@permit(Act.READ_CALENDAR, audience=Audience.PUBLIC)
def read_calendar(token: str) -> ResponseReturnValue:
    """What a calendar program reads: the nights one comes to."""
    return subscribed_response(calendar_of(calendars.nights_at(token), name="Pitch nights"))
