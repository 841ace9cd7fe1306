"""What Stripe sends, and the page on which staff read what became of it, hear an event again, and ask for a check."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from crm.billing import queries
from crm.billing.forms import SettleForm
from crm.billing.models import CardPayment, StripeEvent
from crm.billing.policy import POLICY
from crm.billing.rules import OUTCOMES, said_of_event
from crm.billing.service import checking, hearing
from crm.billing.service.hearing import Look
from crm.billing.views.asking import is_set_up, look, look_alone, ours, payments
from crm.billing.workflow import Act, Outcome
from crm.gateways.payments.facts import LARGEST_EVENT, Event, NotAnEvent, PaymentsUnavailable
from crm.kernel.clock import now
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import answer, done, noted, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits
from crm.web.transaction import after

blueprint = Blueprint("stripe_events", __name__)
machines = Blueprint("stripe", __name__)
"""What Stripe itself posts to."""
permit = permits(POLICY)


@machines.post("/stripe/events", endpoint="events")
@permit(
    Act.HEAR,
    audience=Audience.PUBLIC,
    repeats=True,
    is_signed=True,
    most_bytes=LARGEST_EVENT,
    leaves_trace="an event that could not be written is in the list",
)
def hear() -> ResponseReturnValue:
    """Hear one event: refused where it is not Stripe's, else written once and answered when that is done."""
    try:
        event = payments().event(request.get_data(cache=False), request.headers.get("Stripe-Signature"))
        return _heard(event)
    except NotAnEvent:
        return _said("not an event", 400)
    except PaymentsUnavailable:
        return _said("try again", 503)


def _heard(event: Event) -> Response:
    """Ask Stripe first, while nothing is held; then write it all at once. What cannot be written is in the list."""
    failing = _Failing(event)
    failing.words = hearing.SILENCE
    seen = _look_of(event)
    failing.words = hearing.FAILED
    outcome = hearing.hear(event, seen, ours=ours())
    failing.words = ""
    return _said(outcome.value, 200)


class _Failing:
    """Leaves the trace of an event that could not be written, and why; without ``words`` it was."""

    def __init__(self, event: Event) -> None:
        self.words, self._event = hearing.FAILED, event
        after(self)

    def __call__(self) -> None:
        if self.words:
            hearing.note_failure(self._event, self.words)


def _look_of(event: Event) -> Look:
    if hearing.is_worth_a_look(event, ours()):
        return look(event.kind, event.about)
    return Look(None, now())


def _said(words: str, status: int) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain")


@blueprint.get("/stripe/events")
@permit(Act.LIST_EVENTS, audience=Audience.INTERNAL)
def events() -> ResponseReturnValue:
    """What Stripe sent, the latest first, and the last check."""
    show = chosen("show", {"open"})
    page = page_of(queries.events(cursor(), is_open=show == "open"))
    shown: dict[str, Any] = {"show": show, "page": page, "check": queries.last_check(), "said": said_of_event}
    shown |= {"outcomes": OUTCOMES, "is_set_up": is_set_up(), "now": now()}
    shown |= {"may_check": POLICY.allows(current_actor(), Act.ASK_CHECK) and is_set_up()}
    return render_template("billing/events.html", count_open=queries.count_open_events(), **shown)


@blueprint.get("/stripe/events/<uuid:event_id>")
@permit(Act.LIST_EVENTS, audience=Audience.INTERNAL, load=queries.event)
def event(found: StripeEvent) -> ResponseReturnValue:
    """One event, and what became of it."""
    acts = open_acts(found, policy=POLICY, also=(Act.REPLAY, Act.CLOSE_EVENT))
    shown: dict[str, Any] = {"event": found, "acts": acts, "Act": Act, "said": said_of_event}
    return render_template("billing/event.html", outcomes=OUTCOMES, is_set_up=is_set_up(), **shown)


def _why_not_replayed(found: StripeEvent) -> str | None:
    payments()
    return "An event of the other mode is not acted on." if found.outcome is Outcome.WRONG_MODE else None


@blueprint.post("/stripe/events/<uuid:event_id>/replay")
@permit(Act.REPLAY, audience=Audience.INTERNAL, load=queries.event, unless=_why_not_replayed, repeats=True)
def replay(found: StripeEvent) -> ResponseReturnValue:
    """Act on an event once more, by what Stripe says now."""
    outcome = hearing.replay(found, look_alone(found.kind, found.about), ours=ours(), by=current_actor())
    say = saved if outcome is Outcome.DONE else noted
    return done(say(f"Replayed. {OUTCOMES[outcome]}.", "stripe_events.event", event_id=found.id))


def _why_not_closed(found: StripeEvent) -> str | None:
    return None if found.is_open else "Nothing is left to do about this event."


@blueprint.post("/stripe/events/<uuid:event_id>/close")
@permit(Act.CLOSE_EVENT, audience=Audience.INTERNAL, load=queries.event, unless=_why_not_closed)
def close(found: StripeEvent) -> ResponseReturnValue:
    """Mark an event that we did not act on as dealt with."""
    hearing.close_event(found, by=current_actor())
    return done(saved("Marked as dealt with.", "stripe_events.event", event_id=found.id))


@blueprint.post("/stripe/check")
@permit(Act.ASK_CHECK, audience=Audience.INTERNAL)
def check() -> ResponseReturnValue:
    """Compare everything with Stripe now rather than tonight."""
    payments()
    checking.ask_check(by=current_actor())
    return done(saved("The check has started. Its result is shown here in a minute.", "stripe_events.events"))


def _why_not_settled(found: CardPayment) -> str | None:
    return None if found.is_to_settle else "There is no refund to decide about."


@blueprint.route("/memberships/<uuid:account_id>/payments/<uuid:payment_id>/settle", methods=["GET", "POST"])
@permit(Act.SETTLE, audience=Audience.INTERNAL, load=queries.payment, unless=_why_not_settled)
def settle(found: CardPayment) -> ResponseReturnValue:
    """Say what follows a partial refund."""
    form = SettleForm.of_request()
    return answer(
        form,
        page=lambda: render_template("billing/settle.html", form=form, payment=found),
        act=lambda: hearing.settle_refund(found, note=form.note.data, by=current_actor()),
        then=lambda _: saved("Saved.", "billing.one_membership", account_id=found.account_id),
    )
