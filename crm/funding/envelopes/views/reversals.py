"""Reversing a ledger entry: requested on the ledger's page, confirmed or refused by another person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.funding.envelopes.models import EntryReversal, LedgerEntry
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import ledger
from crm.funding.envelopes.queries import reversals as queries
from crm.funding.envelopes.rules import ACCOUNTS, LINES, MOVEMENTS, REVERSAL_STATUSES
from crm.funding.envelopes.service import posting
from crm.funding.envelopes.service import reversing as service
from crm.funding.envelopes.views import showing
from crm.funding.envelopes.workflow import REVERSALS, Act, ReversalStatus
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.reasons import ReasonForm, reason_of
from crm.web.seen import SeenForm

blueprint = Blueprint("entry_reversals", __name__)
permit = permits(POLICY)
PAGE, HERE = "entry_reversals.reversal", "/entry-reversals/<uuid:reversal_id>"
WORDS = {"lines": LINES, "accounts": ACCOUNTS, "movements": MOVEMENTS, "statuses": REVERSAL_STATUSES}
ASKED = "Reversal requested. Another finance officer or an approver confirms it."


@blueprint.route("/envelopes/<uuid:envelope_id>/ledger/<int:entry_id>/reverse", methods=["GET", "POST"])
@permit(Act.ASK_REVERSAL, audience=Audience.INTERNAL, load=ledger.entry_of, unless=service.why_not_asked)
def reverse_entry(found: LedgerEntry) -> ResponseReturnValue:
    """Ask for an entry that was a mistake to be reversed."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _reverse_entry_page(form, found),
        act=lambda: service.ask(found, reason=form.reason.data, by=current_actor()),
        then=lambda made: saved(ASKED, PAGE, reversal_id=made.id),
    )


def _reverse_entry_page(form: Form, found: LedgerEntry) -> str:
    shown: dict[str, Any] = {"entry": found, "form": form, "about": _about(found)}
    return render_template("funding/envelopes/reverse_entry.html", **shown, **WORDS)


def _about(found: LedgerEntry) -> showing.About:
    return showing.about(found.envelope_id, [found])[found.subject]


@blueprint.get(HERE)
@permit(Act.VIEW_REVERSAL, audience=Audience.INTERNAL, load=queries.reversal)
def reversal(found: EntryReversal) -> ResponseReturnValue:
    """An entry that is to be reversed, why, and who decides."""
    return _reversal_page(ReasonForm(), found)


def _reversal_page(form: Form, found: EntryReversal) -> str:
    is_open = found.status is ReversalStatus.ASKED
    shown: dict[str, Any] = {
        "reversal": found,
        "entry": found.entry,
        "form": form,
        "reason": reason_of(form),
        "about": _about(found.entry),
    }
    shown |= {"acts": open_acts(found, machine=REVERSALS, policy=POLICY), "Act": Act, "is_open": is_open}
    shown["why_not"] = posting.why_not_reversed(found.entry) if is_open else None
    return render_template("funding/envelopes/reversal.html", **shown, **WORDS)


def _why_not(found: EntryReversal) -> str | None:
    """Why the entry can no longer be reversed."""
    return posting.why_not_reversed(found.entry) if found.status is ReversalStatus.ASKED else None


@blueprint.post(f"{HERE}/confirm")
@permit(
    Act.CONFIRM_REVERSAL,
    audience=Audience.INTERNAL,
    load=queries.reversal,
    machine=REVERSALS,
    unless=_why_not,
    is_told=True,
)
def confirm(found: EntryReversal) -> ResponseReturnValue:
    """Reverse the entry as another person asked."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _reversal_page(form, found),
        act=lambda: service.confirm(found, by=current_actor()),
        then=lambda made: saved(
            f"Entry {found.entry_id} reversed by entry {made.id}.", PAGE, reversal_id=found.id
        ),
    )


@blueprint.post(f"{HERE}/refuse")
@permit(
    Act.REFUSE_REVERSAL, audience=Audience.INTERNAL, load=queries.reversal, machine=REVERSALS, is_told=True
)
def refuse(found: EntryReversal) -> ResponseReturnValue:
    """Refuse to reverse the entry, with a reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _reversal_page(form, found),
        act=lambda: service.refuse(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Refused. The ledger stays as it is.", PAGE, reversal_id=found.id),
    )


@blueprint.post(f"{HERE}/withdraw")
@permit(
    Act.WITHDRAW_REVERSAL, audience=Audience.INTERNAL, load=queries.reversal, machine=REVERSALS, is_told=True
)
def withdraw(found: EntryReversal) -> ResponseReturnValue:
    """Withdraw one's own request."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _reversal_page(form, found),
        act=lambda: service.withdraw(found, by=current_actor()),
        then=lambda _: saved("Request withdrawn. The ledger stays as it is.", PAGE, reversal_id=found.id),
    )


def to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Each request to reverse an entry that this actor can decide."""
    return tuple(
        Todo(
            "Confirm or refuse the reversal of a ledger entry",
            None,
            url_for(PAGE, reversal_id=each.id),
            about=f"{each.entry.envelope.name}: {each.entry.amount.in_full()}",
            since=day_of(each.asked_at),
        )
        for each in queries.reversals_that_wait()
        if POLICY.allows(actor, Act.CONFIRM_REVERSAL, each)
    )
