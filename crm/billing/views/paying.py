"""A member pays by card, changes the card, stops or resumes the renewal, and opens a receipt."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.models import Account
from crm.billing import queries
from crm.billing.models import CardPayment, CardSubscription, CheckoutAttempt
from crm.billing.policy import POLICY
from crm.billing.service import applying, asking_back, checkout, renewing
from crm.billing.views.asking import is_set_up, look_alone, payments
from crm.billing.views.card import about_stopping, own_account
from crm.billing.workflow import Act, Stage, stage_of
from crm.db.states import refuse_if
from crm.gateways.payments.facts import CheckoutWanted, Invoice, PaymentsUnavailable, Session, Subscription
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, NotFound, Unavailable
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, noted, saved
from crm.web.identity import current_actor
from crm.web.parts import parts_on
from crm.web.permit import permits
from crm.web.transaction import after, is_reading, let_go

blueprint = Blueprint("paying", __name__)
permit = permits(POLICY)
NO_PAGE = "The payment page could not be opened. Try again."
NO_CARD = "You have not paid by card yet."
NOTHING_RENEWS = "You have no membership that renews itself."
STOPPED = "Your membership is already set not to renew."
GOES_ON = "Your membership already renews itself."


@blueprint.post("/membership/pay")
@permit(Act.PAY, audience=Audience.MEMBER, repeats=True)
def pay() -> ResponseReturnValue:
    """On to the payment page: the same one for a second click, or for a second try after silence."""
    _, own = payments(), own_account()
    _require_open(own)
    for _try in range(2):
        made = _begun(own)
        if made.status == "open" and made.url:
            return redirect(made.url, code=303)
        if checkout.is_on_its_way(own):
            return redirect(url_for("paying.paid"), code=303)
    raise Conflict(NO_PAGE, about=url_for("billing.membership"))


def _begun(own: Account) -> Session:
    """The payment page of what was begun, written down before Stripe is asked and after."""
    attempt = checkout.begin(own, by=current_actor())
    let_go()
    made = _visit(attempt, own)
    applying.apply(made, own.id, looked_at=now())
    return made


def _require_open(own: Account) -> None:
    reason = checkout.why_not_pay(own)
    if reason:
        raise Conflict(reason, about=url_for("billing.membership"))


def _visit(attempt: CheckoutAttempt, own: Account) -> Session:
    """The payment page of an attempt, as it is now. What Stripe answers with an error is not tried again as it was."""
    try:
        if attempt.session_id:
            found = payments().look("checkout.session", attempt.session_id)
            if isinstance(found, Session):
                return found
        return _new_visit(attempt, own)
    except PaymentsUnavailable as error:
        if error.is_answered:
            checkout.give_up(attempt)
            let_go()
        raise Unavailable(str(error)) from error


def _new_visit(attempt: CheckoutAttempt, own: Account) -> Session:
    wanted = CheckoutWanted(
        customer=_customer(own),
        reference=str(attempt.id),
        after=url_for("paying.paid", _external=True),
        back=_back(),
    )
    return payments().checkout(wanted, key=str(attempt.id))


def _customer(own: Account) -> str:
    """Which customer they are at Stripe: made once, under a key that is kept."""
    known = queries.customer_of(own.id)
    assert known is not None
    if known.customer_id is None:
        let_go()
        about = {"name": own.name, "email": own.email, "reference": str(own.id)}
        checkout.know_customer(known, payments().customer(key=str(known.id), **about))
        let_go()
    return str(known.customer_id)


@blueprint.get("/membership/paid")
@permit(Act.VIEW_OWN, audience=Audience.MEMBER, leaves_trace="that the payment page was left, paid or not")
def paid() -> ResponseReturnValue:
    """Where the payment page leads back to. It opens nothing: only an event of Stripe's, written as it arrives, does."""
    own = own_account()
    attempt = queries.last_attempt(own.id)
    stage = _stage_now(attempt)
    is_seen = attempt is not None and attempt.stage is Stage.COMPLETE and not checkout.is_on_its_way(own)
    is_new = stage is Stage.COMPLETE and not is_seen
    shown: dict[str, Any] = {
        "is_waiting": stage is Stage.WAITING or is_new,
        "is_open": stage in (Stage.STARTED, Stage.OPEN),
    }
    shown |= {"membership": queries.membership_of(own.id, on=today()), "parts": parts_on("paying.paid", own)}
    return render_template("billing/paid.html", **shown)


def _stage_now(found: CheckoutAttempt | None) -> Stage | None:
    """How far a visit to the payment page came, by what Stripe says now. Where it is silent, it may have been paid."""
    if found is None or found.stage is not Stage.OPEN or not is_set_up():
        return found.stage if found else None
    told = _told_of(found)
    if told is None:
        return Stage.WAITING
    after(partial(_write_stage, told, found.account_id))
    return stage_of(told.status, told.payment_status, has_bounced=False)


def _write_stage(told: Session, account_id: UUID) -> None:
    """Keep that a visit was paid, so that every page says that the payment is on its way. It opens nothing."""
    applying.apply(told, account_id, looked_at=now())


def _told_of(found: CheckoutAttempt) -> Session | None:
    """What Stripe says now of a visit; None where it says nothing."""
    let_go()
    try:
        told = payments().look("checkout.session", str(found.session_id))
    except PaymentsUnavailable:
        return None
    return told if isinstance(told, Session) else None


@blueprint.post("/membership/card")
@permit(Act.CHANGE_CARD, audience=Audience.MEMBER, records=False, repeats=True)
def card() -> ResponseReturnValue:
    """On to the page where the card is changed and invoices are. Its address opens by itself: it is not kept."""
    known = queries.customer_of(own_account().id)
    if known is None or known.customer_id is None:
        raise Conflict(NO_CARD, about=url_for("billing.membership"))
    let_go()
    try:
        return redirect(payments().portal(known.customer_id, back=_back()), code=303)
    except PaymentsUnavailable as error:
        raise Unavailable(str(error)) from error


def _back() -> str:
    return url_for("billing.membership", _external=True)


@blueprint.route("/membership/stop", methods=["GET", "POST"])
@permit(Act.STOP_RENEWING, audience=Audience.MEMBER, repeats=True)
def stop() -> ResponseReturnValue:
    """The first of two clicks says what stopping the renewal means, the second stops it: each, where there are two."""
    own = own_account()
    found = [each for each in queries.live_subscriptions(own.id) if not each.is_stopping]
    if not found:
        return _as_it_is(own, STOPPED)
    if is_reading():
        return render_template("billing/stop.html", count=len(found), **about_stopping(own))
    for each in found:
        renewing.stop(each, _stopped(each), by=current_actor())
    renewing.confirm_stopped(own)
    return done(saved("Your membership will not renew.", "billing.membership"))


def _as_it_is(own: Account, words: str) -> ResponseReturnValue:
    """The membership as it is, where another tab has done it already."""
    words = words if queries.live_subscription(own.id) is not None else NOTHING_RENEWS
    if is_reading():
        return done(noted(words, "billing.membership"))
    raise Conflict(words, about=url_for("billing.membership"))


def _stopped(found: CardSubscription) -> Subscription:
    let_go()
    try:
        return renewing.stopped_at(payments(), found.subscription_id, is_owed=found.is_owed)
    except PaymentsUnavailable as error:
        raise Unavailable(str(error)) from error


@blueprint.post("/membership/resume")
@permit(Act.RESUME_RENEWING, audience=Audience.MEMBER, repeats=True)
def resume() -> ResponseReturnValue:
    """Let it renew itself after all."""
    own = own_account()
    found = queries.live_subscription(own.id)
    if found is None or not found.is_stopping:
        return _as_it_is(own, GOES_ON)
    refuse_if(renewing.why_not_resumed(own))
    renewing.resume(found, _resumed(found), by=current_actor())
    return done(saved("Your membership renews itself again.", "billing.membership"))


def _resumed(found: CardSubscription) -> Subscription:
    let_go()
    try:
        return payments().set_renewing(found.subscription_id, is_renewing=True)
    except PaymentsUnavailable as error:
        raise Unavailable(str(error)) from error


@blueprint.route("/membership/payments/<uuid:payment_id>/refund", methods=["GET", "POST"])
@permit(
    Act.ASK_BACK,
    audience=Audience.MEMBER,
    load=queries.any_payment,
    unless=asking_back.why_not_asked_back,
)
def ask_back(found: CardPayment) -> ResponseReturnValue:
    """Ask for a payment back, having read what that ends."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: render_template("billing/ask_back.html", form=form, payment=found),
        act=lambda: asking_back.ask_back(found, by=current_actor()),
        then=lambda _: saved("Refund asked for. We have emailed you when you get it.", "billing.membership"),
    )


@blueprint.get("/membership/receipts/<uuid:payment_id>")
@permit(Act.OPEN_RECEIPT, audience=Audience.MEMBER, load=queries.any_payment)
def receipt(found: CardPayment) -> ResponseReturnValue:
    """On to the invoice at Stripe, which says what was paid and the VAT in it."""
    told = look_alone("invoice", found.invoice_id).fact
    if not isinstance(told, Invoice) or not told.receipt_url:
        raise NotFound("Stripe has no receipt for this payment.")
    return redirect(told.receipt_url, code=303)
