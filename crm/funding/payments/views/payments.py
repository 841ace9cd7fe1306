"""Payments as a list, as a file, and one by one with what the ledger says of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.policy import is_theirs
from crm.businesses.queries.seeing import own_ids
from crm.businesses.service.extracting import noting
from crm.funding.payments.forms import PaymentFilter
from crm.funding.payments.models import Payment, Settlement
from crm.funding.payments.papers import PAYMENTS_HEAD, payment_cells
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import details
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.queries.answers import open_lines
from crm.funding.payments.queries.details import Payee
from crm.funding.payments.rules.labels import PAYMENT_STATUSES
from crm.funding.payments.service import handing, requesting, running, settling
from crm.funding.payments.workflow import PAYMENTS, Act, PaymentStatus
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response
from crm.web.feature import Todo, counted_todo
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import kind_of, links_from
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, open_address, permits
from crm.web.reasons import ReasonForm, reason_of
from crm.web.transaction import after

blueprint = Blueprint("payments", __name__)
permit = permits(POLICY)
PAGE, HERE = "payments.payment", "/payments/<uuid:payment_id>"
SENT_BACK = "Check your bank details: the bank returned your payment"


@blueprint.get("/payments")
@permit(Act.LIST, audience=Audience.INTERNAL)
def payments() -> ResponseReturnValue:
    """Every payment, the newest first, and what they add up to."""
    filters = as_offered(PaymentFilter(request.args))
    search = filters.search()
    page = page_of(queries.payments(search, cursor()))
    count, total = queries.found_sum(search)
    shown = {"page": page, "filters": filters, "search": search, "count": count, "total": total}
    shown |= {"sums": queries.sums_by_status(), "labels": PAYMENT_STATUSES}
    may_make = POLICY.allows(current_actor(), Act.MAKE)
    return render_template("funding/payments/payments.html", may_make=may_make, **shown)


@blueprint.get("/payments.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded which payments, and how many")
def extract() -> ResponseReturnValue:
    """The same payments as a file; who downloaded it is recorded."""
    rows = [
        payment_cells(each)
        for each in queries.every_payment(as_offered(PaymentFilter(request.args)).search())
    ]
    given = {"status": request.args.getlist("status")}
    after(noting(Act.EXTRACT, given, rows=len(rows), by=current_actor()))
    return csv_response("payments.csv", PAYMENTS_HEAD, rows=rows)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.payment)
def payment(found: Payment) -> ResponseReturnValue:
    """One payment: where it stands, each try to pay it, and what to do now."""
    return _payment_page(found, ReasonForm())


def page_of_payment(payment_id: UUID, form: Form) -> str:
    """The page of a payment, read anew, with what a form on it was refused for."""
    found = queries.payment(payment_id)
    assert found is not None, "what was said of a payment keeps it"
    return _payment_page(found, form)


def _payment_page(found: Payment, form: Form) -> str:
    actor = current_actor()
    shown: dict[str, Any] = {"form": form, "reason": reason_of(form), "is_own": is_theirs(actor, found)}
    shown |= {"acts": open_acts(found, machine=PAYMENTS, policy=POLICY), "Act": Act}
    shown["payee"] = details.payees([found.business_id])[found.business_id]
    shown["sees_accounts"] = POLICY.allows(actor, Act.CHECK_DETAILS)
    shown |= _hindrances(found, actor)
    shown |= _by_hand(found, actor) | _behind(found, actor)
    shown["acts"] -= {Act.CANCEL} if shown["open_lines"] else set()
    shown |= _at_the_bank(found)
    shown["trail"] = [] if shown["is_own"] else entries_about(found)
    return render_template("funding/payments/payment.html", payment=found, **shown)


def _at_the_bank(found: Payment) -> dict[str, Any]:
    """Of a payment whose run is released, whether anybody has downloaded the file, and why nobody can."""
    line = queries.open_try(found.id) if found.status is PaymentStatus.SENT else None
    if line is None:
        return {"is_at_bank": False, "why_kept": None}
    return {"is_at_bank": bool(handing.downloaded([line.run])), "why_kept": handing.why_kept(line.run)}


def _hindrances(found: Payment, actor: Actor) -> dict[str, Any]:
    """Why this actor cannot put a payment into a run, or make it due again."""
    is_due, is_failed = (found.status is each for each in (PaymentStatus.DUE, PaymentStatus.FAILED))
    return {
        "why_not_paid": running.whys_not_paid([found], actor)[found.id] if is_due else None,
        "why_not_retried": requesting.why_not_retried(found) if is_failed else None,
    }


def _behind(found: Payment, actor: Actor) -> dict[str, Any]:
    """What a checker compares a payment with, and the other payments of the same claim."""
    others = [each for each in queries.payments_for(found.cause) if each.id != found.id]
    ways = [each for each in _ways(found, actor) if each[1]]
    return {"behind": ways, "others": others, "open_lines": open_lines([found.id]).get(found.id, [])}


def _ways(found: Payment, actor: Actor) -> list[tuple[str, str]]:
    """To the claim with its invoices, the decision and the award, and the bank details: words and addresses."""
    rows = ((found.cause_table, found.cause_id), (found.about_table, found.about_id))
    ways = {
        table: (kind_of(table).capitalize(), open_address(table, row_id, to=actor)) for table, row_id in rows
    }
    above = links_from(found.about_table, found.about_id)
    if not POLICY.allows(actor, Act.VIEW_DETAILS, found):
        return [*ways.values(), *above]
    accounts = url_for("bank_details.bank_details", business_id=found.business_id)
    return [*ways.values(), *above, ("Bank details of the business", accounts)]


def _by_hand(found: Payment, actor: Actor) -> dict[str, Any]:
    """What was said by hand of a payment that the bank has not answered or has returned, and whether this actor can say it."""
    is_open = found.status in (PaymentStatus.SENT, PaymentStatus.PAID)
    waiting = queries.settlement_waiting(found.id) if is_open else None
    may = is_open and waiting is None and POLICY.allows(actor, Act.PROPOSE, found)
    shown: dict[str, Any] = {"settlement": waiting}
    shown["may_settle"] = may and settling.why_not_proposed(found) is None
    shown["may_return"] = may and settling.why_not_returned(found) is None
    shown["may_redate"] = shown["may_return"]
    return shown | (_to_confirm(waiting, actor) if waiting else {})


def _to_confirm(found: Settlement, actor: Actor) -> dict[str, Any]:
    """Whether this actor can confirm or refuse what another person said became of a payment."""
    may = {"may_confirm": Act.SETTLE, "may_refuse": Act.REJECT}
    allowed = {name: POLICY.allows(actor, act, found) for name, act in may.items()}
    return {"why_not_settled": settling.why_not_settled(found, actor)} | allowed


@blueprint.post(f"{HERE}/retry")
@permit(
    Act.RETRY,
    audience=Audience.INTERNAL,
    load=queries.payment,
    machine=PAYMENTS,
    unless=requesting.why_not_retried,
)
def retry(found: Payment) -> ResponseReturnValue:
    """Make a payment due again that the bank rejected."""
    requesting.retry(found, by=current_actor())
    return done(saved("Payment is due again. Put it into a run next.", PAGE, payment_id=found.id))


@blueprint.post(f"{HERE}/cancel")
@permit(
    Act.CANCEL,
    audience=Audience.INTERNAL,
    load=queries.payment,
    machine=PAYMENTS,
    unless=requesting.why_line_open,
)
def cancel(found: Payment) -> ResponseReturnValue:
    """Cancel a payment, with a reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _payment_page(found, form),
        act=lambda: requesting.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Payment cancelled.", PAGE, payment_id=found.id),
    )


def to_put_into_a_run(actor: Actor) -> tuple[Todo, ...]:
    """How many payments are due."""
    if not POLICY.allows(actor, Act.MAKE):
        return ()
    words = ("payment is due", "payments are due")
    return counted_todo(
        len(queries.due()), words, href=url_for("payments.payments", status=PaymentStatus.DUE)
    )


def rejected(actor: Actor) -> tuple[Todo, ...]:
    """Each payment that the bank rejected. Where a line of its answer is to be resolved first, that is the work."""
    mine = [each for each in queries.failed() if POLICY.allows(actor, Act.CANCEL, each)]
    lines = open_lines([each.id for each in mine]) if mine else {}
    return tuple(_todo(each) for each in mine if each.id not in lines)


def _todo(found: Payment) -> Todo:
    about = f"{found.business.name}: {found.amount.in_full()}"
    where = url_for(PAGE, payment_id=found.id)
    words, things = (
        "Pay again or cancel a payment that the bank did not make",
        (found.about_id, found.cause_id),
    )
    return Todo(words, None, where, about=about, things=things)


def to_enter_again(actor: Actor) -> tuple[Todo, ...]:
    """Each payment of this person's businesses that the bank did not make, and that waits for other bank details."""
    mine = [each for each in queries.failed(own_ids(actor)) if POLICY.allows(actor, Act.ENTER, each)]
    asked = [(each, requesting.payee_asked(each)) for each in mine]
    return tuple(_of_founder(each, payee) for each, payee in asked if payee is not None)


def _of_founder(found: Payment, payee: Payee) -> Todo:
    page, words = "bank_details.enter", "Enter other bank details: the bank did not make your payment"
    if payee.bar is not None and payee.bar.is_return:
        page, words = "bank_details.bank_details", SENT_BACK
    where = url_for(page, business_id=found.business_id)
    about, things = f"{found.business.name}: {found.amount.in_full()}", (found.about_id, found.cause_id)
    return Todo(words, None, where, about=about, things=things, is_first=True)
