"""Pitch nights as the network's manager runs them: planned, invited to, closed, and looked back on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.events.forms import InviteForm, NightForm, ReasonForm, ReviewForm, values_of
from crm.angels.events.models import NightSlot, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries import places, wishes
from crm.angels.events.queries.places import Invitee
from crm.angels.events.rules import labels, running
from crm.angels.events.service import planning as service
from crm.angels.events.service import seating
from crm.angels.events.service.calendars import has_address
from crm.angels.events.service.ordering import why_not_tonight
from crm.angels.events.service.telling import where_of
from crm.angels.events.workflow import IN_ORDER, NIGHTS, SEATED, Act, NightStatus, PlaceStatus
from crm.angels.investors.policy import READERS, own_admission
from crm.angels.investors.rules import labels as investor_labels
from crm.angels.investors.rules.gate import Closed, why_closed
from crm.angels.investors.rules.labels import CLOSED_TO_THEM, WENT_BACK
from crm.audit.queries import entries_about_any
from crm.billing.queries import gone_back
from crm.figures.queries import bank_holidays
from crm.kernel.clock import day_of, now, time_in_words, to_local, today
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on
from crm.web.permit import open_acts, permits

blueprint = Blueprint("nights", __name__)
permit = permits(POLICY)
PAGE = "nights.night"


@blueprint.get("/events")
@permit(Act.LIST_NIGHTS, audience=Audience.MEMBER)
def all_nights() -> ResponseReturnValue:
    """The nights one runs, or was invited to: still to come, past, or cancelled."""
    actor, show = current_actor(), chosen("show", set(labels.SHOWS)) or "coming"
    page = page_of(queries.nights(actor, show, cursor=cursor()))
    ids = [each.id for each in page.rows]
    shown: dict[str, Any] = {"show": show, "labels": labels, "where_of": where_of}
    shown |= {"is_staff": actor.has(*READERS), "can_plan": POLICY.allows(actor, Act.PLAN)}
    shown |= {"counts": queries.counts_of(ids), "pitches": queries.pitches_in(ids), "seated": SEATED}
    shown |= {"own": places.own_places(actor.account_id, ids) if actor.account_id else {}}
    shown |= {"has_address": has_address(actor), "gate": investor_labels}
    shown["closed"] = None if shown["is_staff"] else why_closed(own_admission(actor), on=today())
    return render_template("angels/events/all_nights.html", page=page, **shown)


@blueprint.route("/events/new", methods=["GET", "POST"])
@permit(Act.PLAN, audience=Audience.INTERNAL)
def plan() -> ResponseReturnValue:
    """Plan a night."""
    form = NightForm.of_request()
    return answer(
        form,
        page=lambda: _night_form_page(form),
        act=lambda: service.plan(form.details(), by=current_actor()),
        then=lambda made: _saved(f"Night planned. {_hint(made)}Add its pitches next.", made),
    )


def _night_form_page(form: Form, kept: PitchNight | None = None) -> str:
    return render_template("angels/events/night_form.html", form=form, night=kept)


def _hint(found: PitchNight) -> str:
    """That the day is a bank holiday or at a weekend, before another sentence."""
    words = running.holiday_hint(day_of(found.starts_at), bank_holidays())
    return f"{words} " if words else ""


def _saved(words: str, found: PitchNight) -> str:
    return saved(words, PAGE, night_id=found.id)


@blueprint.get("/events/<uuid:night_id>")
@permit(Act.RUN, audience=Audience.INTERNAL, load=queries.night)
def night(found: PitchNight) -> ResponseReturnValue:
    """A night with its running order, invitations and guests; once it was held, with what came of it."""
    return night_page(found)


def night_page(found: PitchNight, *, form: Form | None = None, **sent: Form) -> str:
    """The page, with whichever of its forms was sent and refused."""
    counts = queries.counts_of([found.id])[found.id]
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "form": form, "counts": counts}
    shown |= {"acts": _acts(found, came=counts[PlaceStatus.ATTENDED]), "where": where_of(found)}
    shown |= {"guests": queries.guests_of(found.id), "reason": ReasonForm()}
    shown |= {"reviewing": ReviewForm(data={"words": found.review})} | sent
    order = _running_order(found)
    shown |= order | _state(found) | _looked_back(found)
    shown["kept_out"] = _count_kept_out(found, [each for each, _ in order["in_order"]])
    return render_template("angels/events/night.html", night=found, **shown)


def _running_order(found: PitchNight) -> dict[str, Any]:
    """Who pitches when, and apart from them who does not."""
    slots = queries.slots_ever_of(found.id)
    in_order = [each for each in slots if each.status in IN_ORDER]
    times = running.begin_times(found.starts_at, [each.minutes for each in in_order])
    begins = [time_in_words(to_local(each).time()) for each in times]
    back = {each.pitch_id for each in in_order}
    out = [each for each in slots if each.status not in IN_ORDER and each.pitch_id not in back]
    trail = entries_about_any([found, *slots])
    names = {str(each.id): each.pitch.business.name for each in slots}
    return {"in_order": list(zip(in_order, begins, strict=True)), "out": out, "trail": trail, "names": names}


def _acts(found: PitchNight, *, came: int) -> frozenset[Any]:
    """What can be done now. Once an investor was checked in, the pitches stay: the ledger names them."""
    also = [] if service.why_settled(found) else [Act.CHANGE, Act.ADD_GUEST, Act.REMOVE_GUEST, Act.ORDER]
    is_fixed = came or service.why_not_upcoming(found)
    also += [] if is_fixed else [Act.ADD_PITCH, Act.REMOVE_PITCH]
    also += [] if why_not_tonight(found) else [Act.CHECK_IN]
    also += [] if service.why_not_review(found) else [Act.REVIEW]
    return open_acts(found, policy=POLICY, machine=NIGHTS, also=also)


def _state(found: PitchNight) -> dict[str, Any]:
    is_due = running.outcomes_until(found.starts_at) <= today() and not found.reviewed_at
    return {
        "seated": [each.value for each in SEATED],
        "has_begun": found.starts_at <= now(),
        "is_over": found.ends_at <= now(),
        "hint": running.holiday_hint(day_of(found.starts_at), bank_holidays()),
        "is_due": is_due,
    }


def _count_kept_out(found: PitchNight, slots: Sequence[NightSlot]) -> int:
    """How many hold a place at a night to come and cannot be checked in as things are."""
    if found.status is not NightStatus.INVITED:
        return 0
    return len(places.kept_out(found, places.coming_to(found.id), slots=slots))


def _looked_back(found: PitchNight) -> dict[str, Any]:
    """What was said and what came of it, once a night was held."""
    if found.status is not NightStatus.HELD:
        return {"outcomes": [], "heard": {}, "parts": [], "until": None, "release_at": None}
    outcomes = wishes.outcomes_of(found)
    return {
        "outcomes": outcomes,
        "heard": wishes.heard_by([each.slot.id for each in outcomes]),
        "parts": parts_on(PAGE, found),
        "until": running.outcomes_until(found.starts_at),
        "release_at": running.feedback_until(found.starts_at),
    }


@blueprint.route("/events/<uuid:night_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.night, unless=service.why_settled)
def change(found: PitchNight) -> ResponseReturnValue:
    """Change what a night is, when or where."""
    form = NightForm.of_request(**values_of(found))
    return answer(
        form,
        page=lambda: _night_form_page(form, found),
        act=lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda told: _saved(f"Night changed. {_hint(found)}{_told(told)}", found),
    )


def _told(count: int) -> str:
    """How many emails leave, as a sentence."""
    if not count:
        return ""
    return "We have sent 1 email." if count == 1 else f"We have sent {count} emails."


@blueprint.get("/events/<uuid:night_id>/people")
@permit(Act.RUN, audience=Audience.INTERNAL, load=queries.night)
def people(found: PitchNight) -> ResponseReturnValue:
    """Who was invited, what they answered, and what keeps them out today."""
    status = chosen("status", {*PlaceStatus})
    rows = [each for each in places.places_in(found.id) if not status or each.status == status]
    gates = places.gates_of(found, [each.account_id for each in rows])
    shown: dict[str, Any] = {"status": status, "labels": labels, "closed": CLOSED_TO_THEM, "gates": gates}
    can_undo = found.status is NightStatus.INVITED and POLICY.allows(current_actor(), Act.UNDO_CHECK_IN)
    shown |= {"can_undo": can_undo, "spoken": wishes.spoken_at(found.id) if can_undo else frozenset()}
    return render_template("angels/events/people.html", night=found, rows=rows, **shown)


@blueprint.route("/events/<uuid:night_id>/invite", methods=["GET", "POST"])
@permit(
    Act.INVITE, audience=Audience.INTERNAL, load=queries.night, machine=NIGHTS, unless=seating.why_not_invite
)
def invite(found: PitchNight) -> ResponseReturnValue:
    """Read who is invited and who is left out, and why; then send the invitations."""
    known = places.invitees(found)
    ticked = [str(each.angel.account_id) for each in known.to_invite]
    form = InviteForm.of_request(version=found.version, chosen=ticked).offer(known.to_invite)
    shown: dict[str, Any] = {"known": known, "why": _why_left_out(known.left_out), "where": where_of(found)}
    return answer(
        form,
        page=lambda: render_template("angels/events/invite.html", form=form, night=found, **shown),
        act=lambda: seating.invite(found, form.accounts(), version=form.version.data, by=current_actor()),
        then=lambda count: _saved(f"{count} invitation{'' if count == 1 else 's'} sent.", found),
    )


def _why_left_out(rows: Sequence[Invitee]) -> dict[UUID, str]:
    """Why each of some investors is not invited, by their id; of who has not paid, also what became of a payment."""
    back = gone_back([each.angel.account_id for each in rows if each.angel.account_id])
    told = {own: WENT_BACK[back[own]] for each in rows if (own := each.angel.account_id) in back}
    known = {each.angel.id: (each.gate.closed, each.angel.account_id) for each in rows if each.gate.closed}
    return {
        key: (told.get(own) if closed is Closed.NOT_PAID and own else None) or CLOSED_TO_THEM[closed]
        for key, (closed, own) in known.items()
    }


@blueprint.post("/events/<uuid:night_id>/cancel")
@permit(Act.CANCEL, audience=Audience.INTERNAL, load=queries.night, machine=NIGHTS)
def cancel(found: PitchNight) -> ResponseReturnValue:
    """Cancel a night."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: night_page(found, form=form, reason=form),
        act=lambda: service.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda told: _saved(f"Night cancelled. {_told(told)}", found),
    )


@blueprint.post("/events/<uuid:night_id>/close")
@permit(
    Act.CLOSE, audience=Audience.INTERNAL, load=queries.night, machine=NIGHTS, unless=service.why_not_close
)
def close(found: PitchNight) -> ResponseReturnValue:
    """Record that a night was held."""
    missing = service.close(found, by=current_actor())
    words = f"{missing} with a place did not come." if missing else "Everyone with a place came."
    return done(_saved(f"Recorded as held. {words}", found))


@blueprint.post("/events/<uuid:night_id>/review")
@permit(Act.REVIEW, audience=Audience.INTERNAL, load=queries.night, unless=service.why_not_review)
def review(found: PitchNight) -> ResponseReturnValue:
    """Record what came of a night."""
    form = ReviewForm.of_request()
    return answer(
        form,
        page=lambda: night_page(found, form=form, reviewing=form),
        act=lambda: service.review(found, words=form.words.data, by=current_actor()),
        then=lambda _: _saved("Outcome recorded.", found),
    )
