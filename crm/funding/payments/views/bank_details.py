"""Bank details of a business: its own page, and the page on which a finance officer records the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.policy import is_theirs
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import Act as BusinessAct
from crm.funding.payments.forms import BankDetailsForm, CallForm
from crm.funding.payments.models import BankDetails
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.service import details
from crm.funding.payments.views import paying
from crm.funding.payments.workflow import DETAILS, Act, DetailsStatus
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.reasons import ReasonForm
from crm.web.transaction import after, is_reading

blueprint = Blueprint("bank_details", __name__)
permit = permits(POLICY)
PAGE, ONE, HERE = "bank_details.bank_details", "bank_details.one", "/bank-details/<uuid:details_id>"
ENTERED = "Bank details saved. We will call you on a phone number on your business’s record. We pay nothing until then."
ENTERED_AGAIN = "Saved. We will call you on a phone number on your business’s record to check the account, and then pay to it again."


def _shown(found: Business, actor: Actor) -> dict[str, Any]:
    entered = details_queries.details_of(found.id)
    shown = {"business": found, "entered": entered, "payments": queries.payments_of(found.id)}
    shown |= {"is_own": is_theirs(actor, found), "acts": open_acts(found, policy=POLICY, also=(Act.ENTER,))}
    shown |= _barred(entered)
    shown["why_not_again"] = details.why_not_called(found) if shown["barred"] else None
    shown["sees_business"] = BUSINESSES.allows(actor, BusinessAct.VIEW, found)
    return shown | {"why_not": details.why_not_entered(found), "Act": Act}


def _barred(entered: Sequence[BankDetails]) -> dict[str, Any]:
    """By each account to which the bank rejected a payment, or from which it returned one, why: of those in use, and of those replaced since."""
    paid_to = (DetailsStatus.CONFIRMED, DetailsStatus.REPLACED)
    used = {each.id: each.status for each in entered if each.status in paid_to}
    found = details_queries.bars_of(used) if used else {}
    live = {key: why for key, why in found.items() if used[key] is DetailsStatus.CONFIRMED}
    return {"barred": live, "barred_once": {key: why for key, why in found.items() if key not in live}}


@blueprint.get("/businesses/<uuid:business_id>/bank-details")
@permit(Act.VIEW_DETAILS, audience=Audience.MEMBER, load=business)
def bank_details(found: Business) -> ResponseReturnValue:
    """The account that a business is paid to, and what it was paid."""
    actor = current_actor()
    shown = _shown(found, actor)
    mine = {each.id for each in shown["entered"] if Act.WITHDRAW in _acts(each)}
    return render_template("funding/payments/bank_details.html", mine=mine, **shown)


def _acts(found: BankDetails) -> Any:
    return open_acts(found, machine=DETAILS, policy=POLICY)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """Bank details and payments for the business's page."""
    return _shown(found, actor) if POLICY.allows(actor, Act.VIEW_DETAILS, found) else None


@blueprint.route("/businesses/<uuid:business_id>/bank-details/new", methods=["GET", "POST"])
@permit(Act.ENTER, audience=Audience.MEMBER, load=business, unless=details.why_not_entered)
def enter(found: Business) -> ResponseReturnValue:
    """Enter the account that your business wants to be paid to; first a number to call, where we have none."""
    if details.why_not_called(found):
        return _number_first_page(found)
    form = BankDetailsForm.of_request()
    return answer(
        form,
        page=lambda: render_template("funding/payments/enter.html", form=form, business=found),
        act=lambda: details.enter(found, form.account(), ours=paying.ours(), by=current_actor()),
        then=lambda _: saved(ENTERED, PAGE, business_id=found.id),
    )


@blueprint.post(f"{HERE}/enter")
@permit(Act.ENTER, audience=Audience.MEMBER, load=details_queries.details, unless=details.why_not_again)
def enter_again(found: BankDetails) -> ResponseReturnValue:
    """Say that your account is right, which the bank rejected or returned a payment from."""
    details.enter_again(found, by=current_actor())
    return done(saved(ENTERED_AGAIN, PAGE, business_id=found.business_id))


def _number_first_page(found: Business) -> tuple[str, int]:
    """In the place of the form while there is no number to call: the way to add one. A form that arrives then is refused."""
    people = details_queries.people_of(found.id)
    page = render_template("funding/payments/number_first.html", business=found, people=people)
    return page, 200 if is_reading() else 409


@blueprint.get(HERE)
@permit(Act.CHECK_DETAILS, audience=Audience.INTERNAL, load=details_queries.details)
def one(found: BankDetails) -> ResponseReturnValue:
    """One set of bank details, and the call that checks it."""
    return _one_page(found)


def _one_page(found: BankDetails, *, is_whole: bool = False, **refused: Form) -> str:
    forms: dict[str, Form] = {"call": CallForm().offer(found.numbers), "reason": ReasonForm()}
    shown: dict[str, Any] = {"acts": _acts(found), "Act": Act, "forms": forms | refused, "is_whole": is_whole}
    shown["may_reveal"] = POLICY.allows(current_actor(), Act.REVEAL, found)
    shown["bar"] = details_queries.bars_before([found]).get(found.id)
    fresh = [each for each in found.numbers if each.get("changed_on")]
    shown["fresh"] = [(each, date.fromisoformat(each["changed_on"])) for each in fresh]
    shown["only_fresh"] = len(shown["fresh"]) == len(found.numbers)
    form = next(iter(refused.values()), None)
    return render_template("funding/payments/one.html", details=found, form=form, **shown)


@blueprint.get(f"{HERE}/number")
@permit(
    Act.REVEAL,
    audience=Audience.INTERNAL,
    load=details_queries.details,
    leaves_trace="who looked at the whole account number",
)
def reveal(found: BankDetails) -> ResponseReturnValue:
    """The same with the whole account number. Who looked is recorded."""
    after(details.noting_look(found, by=current_actor()))
    return _one_page(found, is_whole=True)


@blueprint.post(f"{HERE}/confirm")
@permit(Act.CONFIRM, audience=Audience.INTERNAL, load=details_queries.details, machine=DETAILS)
def confirm(found: BankDetails) -> ResponseReturnValue:
    """Record the call in which the business confirmed its account."""
    form = CallForm.of_request().offer(found.numbers)
    return answer(
        form,
        page=lambda: _one_page(found, call=form),
        act=lambda: details.confirm(found, form.call(), by=current_actor()),
        then=lambda _: saved(
            "Bank details confirmed. Payments go to this account now.", ONE, details_id=found.id
        ),
    )


@blueprint.post(f"{HERE}/refuse")
@permit(Act.REFUSE, audience=Audience.INTERNAL, load=details_queries.details, machine=DETAILS)
def refuse(found: BankDetails) -> ResponseReturnValue:
    """Refuse bank details that the business did not confirm."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _one_page(found, reason=form),
        act=lambda: details.refuse(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Bank details refused. The founders will get an email.", ONE, details_id=found.id
        ),
    )


@blueprint.post(f"{HERE}/withdraw")
@permit(Act.WITHDRAW, audience=Audience.MEMBER, load=details_queries.details, machine=DETAILS)
def withdraw(found: BankDetails) -> ResponseReturnValue:
    """Withdraw bank details that you entered."""
    details.withdraw(found, by=current_actor())
    return done(saved("Bank details withdrawn.", PAGE, business_id=found.business_id))


def to_call_back(actor: Actor) -> tuple[Todo, ...]:
    """Each set of bank details that this actor can call back."""
    return tuple(
        _todo(each) for each in details_queries.to_call_back() if POLICY.allows(actor, Act.CONFIRM, each)
    )


def _todo(found: BankDetails) -> Todo:
    where = url_for(ONE, details_id=found.id)
    since = day_of(found.entered_at)
    return Todo(
        "Call the business to check its bank details", None, where, about=found.business.name, since=since
    )
