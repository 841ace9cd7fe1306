"""Payment runs: made out of what is due, checked and released by another person, and the file for the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.config import Settings
from crm.funding.payments.forms import RunFilter, RunForm
from crm.funding.payments.models import BankDetails, Payment, PaymentRun, RunLine
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import details, finding
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.accounts import BankAccount, Bar
from crm.funding.payments.service import handing, running
from crm.funding.payments.views import paying
from crm.funding.payments.workflow import RUNS, Act, DetailsStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Hit, Todo
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.navigation import kind_of
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, open_address, permits
from crm.web.reasons import ReasonForm, reason_of
from crm.web.seen import SeenForm
from crm.web.transaction import after

blueprint = Blueprint("payment_runs", __name__)
permit = permits(POLICY)
PAGE, HERE = "payment_runs.run", "/payment-runs/<uuid:run_id>"
MADE = "Payment run made. Another finance officer, or an approver, must check and release it."
RELEASED = "Payment run released. A finance officer must now download its file and give it to the bank."
NO_PAYER = "This installation has no bank account to pay from. Ask an administrator to set CRM_PAYS_FROM."
DEAD = "Discard a payment run that cannot be released"
UNTIL_CALLED = "Wait for a call about bank details, or discard a payment run"
GIVE = "Download the file of a payment run and give it to the bank"
KEPT = "Clear up a payment run whose file is kept back"
FOUND_AT_ONCE, LEAST_LETTERS = 6, 4


@blueprint.get("/payment-runs")
@permit(Act.LIST, audience=Audience.INTERNAL)
def runs() -> ResponseReturnValue:
    """Every payment run, the newest first."""
    filters = as_offered(RunFilter(request.args))
    page = page_of(queries.runs(filters.wanted(), cursor()))
    may_make = POLICY.allows(current_actor(), Act.MAKE)
    return render_template("funding/payments/runs.html", page=page, filters=filters, may_make=may_make)


@blueprint.route("/payment-runs/new", methods=["GET", "POST"])
@permit(Act.MAKE, audience=Audience.INTERNAL)
def make() -> ResponseReturnValue:
    """Choose the payments of a run: those that may be paid; the others are listed with the reason."""
    form = RunForm.of_request(pay_on=running.next_pay_day())
    return answer(
        form,
        page=lambda: _make_page(form),
        act=lambda: running.make(form.chosen(), pay_on=form.pay_on.data, by=current_actor()),
        then=lambda made: saved(MADE, PAGE, run_id=made.id),
    )


def _make_page(form: RunForm) -> str:
    due = queries.due()
    whys = running.whys_not_paid(due, current_actor())
    ready = [each for each in due if whys[each.id] is None]
    if not form.was_sent:
        form.payments.data = [str(each.id) for each in ready]
    form.payments.choices = [
        (str(each.id), f"{each.business.name}: {each.amount.in_full()} for {each.reason}") for each in ready
    ]
    held = [(each, whys[each.id]) for each in due if whys[each.id] is not None]
    shown = {"ready": ready, "held": held, "called": _waiting_for_call(held)} | _taken(form)
    return render_template("funding/payments/make.html", form=form, **shown)


def _waiting_for_call(held: Sequence[tuple[Payment, str | None]]) -> set[UUID]:
    """The businesses of payments that are held whose other bank details wait for our call."""
    return {each.business_id for each in details.waiting_among({each.business_id for each, _ in held})}


def _taken(form: RunForm) -> dict[str, Any]:
    """The runs in which payments are that were chosen in vain, and who reads of them: often whoever made them."""
    taken = queries.runs_holding(form.chosen()) if form.was_sent else ()
    return {"taken": taken, "me": current_actor().account_id}


@blueprint.get(HERE)
@permit(Act.LIST, audience=Audience.INTERNAL, load=queries.run)
def run(found: PaymentRun) -> ResponseReturnValue:
    """One run: its payments, their number and sum, and what to do now."""
    return _run_page(found, ReasonForm())


def _run_page(found: PaymentRun, form: Form) -> str:
    actor = current_actor()
    shown: dict[str, Any] = {"acts": open_acts(found, machine=RUNS, policy=POLICY), "Act": Act, "form": form}
    shown |= {"reason": reason_of(form), "waiting": _waiting_in(found)}
    shown |= {"sees_accounts": POLICY.allows(actor, Act.CHECK_DETAILS), "behind": _behind(found, actor)}
    is_waiting = found.status == "made"
    shown["why_not"] = (running.why_not_released(found, actor) or _why_no_payer()) if is_waiting else None
    shown["is_dead"] = is_waiting and found.id in running.stops([found])
    shown |= _handed(found, actor)
    return render_template("funding/payments/run.html", run=found, trail=entries_about(found), **shown)


def _handed(found: PaymentRun, actor: Actor) -> dict[str, Any]:
    """How far the file of a run has come: whether it is kept back, may be downloaded, and was."""
    may = found.status == "released" and POLICY.allows(actor, Act.DOWNLOAD, found)
    shown: dict[str, Any] = {"why_kept": handing.why_kept(found)}
    shown["downloaded"] = next(iter(entries_about(found, act=Act.DOWNLOAD, limit=1)), None)
    return shown | {"may_download": may and not shown["why_kept"]}


def _waiting_in(found: PaymentRun) -> list[BankDetails]:
    """The other bank details that businesses still to be paid by a run entered since, and that wait for our call."""
    paid = {each.payment.business_id for each in found.lines if each.is_open}
    return list(details.waiting_among(paid)) if paid else []


@dataclass(frozen=True)
class Behind:
    """What a checker compares a line of a run with: what it pays for, the account, and the one before it.

    ``is_new`` says that the account was confirmed shortly before the run, or on a number that was new: it is to be looked at twice.
    ``bar`` is what the bank had against the same account before the business said that it is right.
    """

    cause: str
    href: str
    account: BankDetails
    before: BankDetails | None
    is_new: bool
    bar: Bar | None

    @property
    def is_same(self) -> bool:
        """Whether the account is the one before it, which the business entered again."""
        return self.before is not None and self.before.is_account_of(self.account)


def _behind(found: PaymentRun, actor: Actor) -> dict[UUID, Behind]:
    known = details.behind(found.lines)
    bars = details.bars_before([account for account, _ in known.values()])
    shown = {}
    for each in found.lines:
        (account, before), cause = known[each.id], each.payment.cause
        href = open_address(cause.table, cause.id, to=actor)
        is_new = _is_new(found, account)
        shown[each.id] = Behind(kind_of(cause.table), href, account, before, is_new, bars.get(account.id))
    return shown


def _is_new(found: PaymentRun, account: BankDetails) -> bool:
    """Whether an account of a run is to be looked at twice. In a run that waits, one that was replaced since is not new any more."""
    is_used = found.status == "released" or account.status is DetailsStatus.CONFIRMED
    return is_used and details.is_new_in(found, account)


@blueprint.post(f"{HERE}/release")
@permit(Act.RELEASE, audience=Audience.INTERNAL, load=queries.run, machine=RUNS, is_told=True)
def release(found: PaymentRun) -> ResponseReturnValue:
    """Release another person's run to the bank."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _run_page(found, form),
        act=lambda: running.release(found, payer=_payer(), by=current_actor()),
        then=lambda _: saved(RELEASED, PAGE, run_id=found.id),
    )


def _why_no_payer() -> str | None:
    """Why no run can be released by anybody: this installation has no account to pay from."""
    known: Settings = current_app.extensions["settings"]
    return None if known.pays_from else NO_PAYER


def _payer() -> BankAccount:
    """The account that payments come from. Raises `Conflict` where there is none."""
    found = paying.payer()
    if found is None:
        raise Conflict(NO_PAYER)
    return found


@blueprint.post(f"{HERE}/discard")
@permit(Act.DISCARD, audience=Audience.INTERNAL, load=queries.run, machine=RUNS, is_told=True)
def discard(found: PaymentRun) -> ResponseReturnValue:
    """Discard a run before it is released."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _run_page(found, form),
        act=lambda: running.discard(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Payment run discarded. Its payments are due again.", PAGE, run_id=found.id),
    )


@blueprint.get(f"{HERE}/file")
@permit(
    Act.DOWNLOAD,
    audience=Audience.INTERNAL,
    load=queries.run,
    leaves_trace="who downloaded the file of a run",
)
def download(found: PaymentRun) -> ResponseReturnValue:
    """The file for the bank: the same each time. Who downloaded it is recorded."""
    whole = handing.file_for_the_bank(found)
    after(running.noting_download(found, by=current_actor()))
    headers = {"Content-Disposition": f'attachment; filename="{found.reference}.xml"'}
    return Response(whole, mimetype="application/xml", headers=headers)


def to_check(actor: Actor) -> tuple[Todo, ...]:
    """Each run that this actor can check and release: they neither made it nor called about an account that is new in it."""
    waiting = queries.runs_to_check()
    dead = running.stops(waiting)
    rows = [each for each in waiting if each.id not in dead and POLICY.allows(actor, Act.RELEASE, each)]
    accounts = details.accounts_in([line for each in rows for line in each.lines]) if rows else {}
    free = [each for each in rows if not running.why_not_released_by(each, actor, accounts=accounts)]
    return tuple(_todo("Check and release a payment run", each) for each in free)


def to_discard(actor: Actor) -> tuple[Todo, ...]:
    """Each run that nobody can release any more, and that this actor can discard: its payments are due again then."""
    waiting = queries.runs_to_check()
    dead = running.stops(waiting)
    mine = [each for each in waiting if each.id in dead and POLICY.allows(actor, Act.DISCARD, each)]
    return tuple(_todo(UNTIL_CALLED if dead[each.id].waits_for_call else DEAD, each) for each in mine)


def _todo(words: str, found: PaymentRun) -> Todo:
    where, about = url_for(PAGE, run_id=found.id), f"{found.reference}: {found.total.in_full()}"
    return Todo(words, None, where, about=about, since=day_of(found.made_at))


def to_give(actor: Actor) -> tuple[Todo, ...]:
    """Each released run whose file this actor can download, and nobody has; also where it is kept back, for that is to be cleared up."""
    waiting = [each for each in queries.runs_at_the_bank() if POLICY.allows(actor, Act.DOWNLOAD, each)]
    taken = handing.downloaded(waiting)
    left = [each for each in waiting if each.id not in taken]
    kept = handing.whys_kept(left)
    return tuple(_to_give(each, is_kept=each.id in kept) for each in left)


def _to_give(found: PaymentRun, *, is_kept: bool) -> Todo:
    where, since = url_for(PAGE, run_id=found.id), day_of(found.released_at or found.made_at)
    about = f"{found.reference}: {found.total.in_full()}, to be paid on {day_in_words(found.pay_on)}"
    return Todo(KEPT if is_kept else GIVE, None, where, about=about, since=since)


def find(actor: Actor, words: str) -> list[Hit]:
    """The runs and payments that the bank knows under this reference."""
    is_reference = len(words) >= LEAST_LETTERS and any(each.isdigit() for each in words)
    if not is_reference or not POLICY.allows(actor, Act.LIST):
        return []
    runs = [_hit_of_run(each) for each in finding.runs_named(words, most=FOUND_AT_ONCE)]
    return [*runs, *(_hit_of_try(each) for each in finding.tries_named(words, most=FOUND_AT_ONCE))]


def _hit_of_run(found: PaymentRun) -> Hit:
    where, text = url_for(PAGE, run_id=found.id), f"{found.total.in_full()}, {found.status_label.lower()}"
    return Hit(f"Payment run {found.reference}", "Payment runs", where, text)


def _hit_of_try(found: RunLine) -> Hit:
    title = f"{found.amount.in_full()} to {found.payment.business.name}"
    where = url_for("payments.payment", payment_id=found.payment_id)
    return Hit(title, "Payments", where, f"{found.end_to_end_id}, {found.payment.status_label.lower()}")
