"""Payments that the bank never answered: what became of them, said by one person and confirmed by another."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.funding.payments.forms import PaidDayForm, ReturnForm, SettlementForm
from crm.funding.payments.models import Payment, Settlement
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.service import settling
from crm.funding.payments.views.payments import page_of_payment
from crm.funding.payments.workflow import Act
from crm.kernel.clock import day_of, today
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.seen import SeenForm

blueprint = Blueprint("settlements", __name__)
permit = permits(POLICY)
PAGE, HERE = "payments.payment", "/payment-settlements/<uuid:settlement_id>"
PROPOSED = "Saved. Nothing changes before another finance officer or an approver confirms it."


@blueprint.route("/payments/<uuid:payment_id>/settle", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL, load=queries.payment, unless=settling.why_not_proposed)
def settle(found: Payment) -> ResponseReturnValue:
    """Say what became of a payment that the bank never answered."""
    form = SettlementForm.of_request()
    given = {"is_paid": form.outcome.data == "paid", "words": form.words.data}
    return answer(
        form,
        page=lambda: render_template("funding/payments/settle.html", form=form, payment=found),
        act=lambda: settling.propose(found, **given, by=current_actor()),
        then=lambda _: saved(PROPOSED, PAGE, payment_id=found.id),
    )


@blueprint.route("/payments/<uuid:payment_id>/returned", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL, load=queries.payment, unless=settling.why_not_returned)
def returned(found: Payment) -> ResponseReturnValue:
    """Say that the bank returned a payment that it had made."""
    form = ReturnForm.of_request()
    given = {"words": form.words.data, "is_about_account": form.about.data != "ours"}
    return answer(
        form,
        page=lambda: render_template("funding/payments/returned.html", form=form, payment=found),
        act=lambda: settling.propose_return(found, **given, by=current_actor()),
        then=lambda _: saved(PROPOSED, PAGE, payment_id=found.id),
    )


@blueprint.route("/payments/<uuid:payment_id>/paid-day", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL, load=queries.payment, unless=settling.why_not_redated)
def paid_day(found: Payment) -> ResponseReturnValue:
    """Say that the bank paid on another day than was recorded."""
    form = PaidDayForm.of_request()
    given = {"paid_on": form.paid_on.data, "words": form.words.data}
    return answer(
        form,
        page=lambda: render_template("funding/payments/paid_day.html", form=form, payment=found),
        act=lambda: settling.propose_day(found, **given, by=current_actor()),
        then=lambda _: saved(PROPOSED, PAGE, payment_id=found.id),
    )


@blueprint.post(f"{HERE}/confirm")
@permit(Act.SETTLE, audience=Audience.INTERNAL, load=queries.settlement)
def confirm(found: Settlement) -> ResponseReturnValue:
    """Confirm what another person said became of a payment."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: page_of_payment(found.payment_id, form),
        act=lambda: settling.confirm(found, by=current_actor()),
        then=lambda _: saved("Confirmed. The founders will get an email.", PAGE, payment_id=found.payment_id),
    )


@blueprint.post(f"{HERE}/refuse")
@permit(Act.REJECT, audience=Audience.INTERNAL, load=queries.settlement)
def refuse(found: Settlement) -> ResponseReturnValue:
    """Refuse or withdraw what was said became of a payment."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: page_of_payment(found.payment_id, form),
        act=lambda: settling.refuse(found, by=current_actor()),
        then=lambda _: saved(
            "Nothing changed. The payment stays as it was.", PAGE, payment_id=found.payment_id
        ),
    )


def to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Each proposal that this actor can confirm."""
    return tuple(
        _todo("Confirm what became of a payment", each.payment, day_of(each.proposed_at))
        for each in queries.settlements_waiting()
        if POLICY.allows(actor, Act.SETTLE, each) and not settling.why_not_settled(each, actor)
    )


def unanswered(actor: Actor) -> tuple[Todo, ...]:
    """Each payment that the bank was to pay on an earlier day, or said two things about, and that no answer settled."""
    if not POLICY.allows(actor, Act.PROPOSE):
        return ()
    found = queries.unanswered(today())
    words = "Find out what became of a payment"
    return tuple(_todo(words, each.payment, min(each.run.pay_on, today())) for each in found)


def _todo(words: str, found: Payment, since: date) -> Todo:
    about, things = f"{found.business.name}: {found.amount.in_full()}", (found.about_id, found.cause_id)
    return Todo(words, None, url_for(PAGE, payment_id=found.id), about=about, since=since, things=things)
