"""Changes to an envelope's limit: proposed here, and approved, refused or withdrawn."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.funding.envelopes.forms import LimitForm
from crm.funding.envelopes.models import Envelope, EnvelopeChange
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.service import changing
from crm.funding.envelopes.workflow import CHANGES, Act
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.reasons import ReasonForm, reason_of
from crm.web.seen import SeenForm

blueprint = Blueprint("envelope_changes", __name__)
permit = permits(POLICY)
PROPOSED = "Change proposed. An approver must approve it before it counts."
HERE = "/envelopes/<uuid:envelope_id>/changes/<uuid:change_id>"


@blueprint.route("/envelopes/<uuid:envelope_id>/changes/new", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL, load=queries.envelope, unless=changing.why_not_proposed)
def propose_limit(found: Envelope) -> ResponseReturnValue:
    """Propose other limits for the lines of an envelope."""
    form = LimitForm.of_request(**{each.line.value: each.limited_to for each in found.lines})
    return answer(
        form,
        page=lambda: _propose_limit_page(form, found),
        act=lambda: changing.propose(found, form.limits(), reason=form.reason.data, by=current_actor()),
        then=lambda made: saved(
            PROPOSED, "envelope_changes.limit_change", envelope_id=found.id, change_id=made.id
        ),
    )


def _propose_limit_page(form: Form, found: Envelope) -> str:
    return render_template("funding/envelopes/propose_limit.html", form=form, envelope=found)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.INTERNAL, load=change_queries.change_of)
def limit_change(found: EnvelopeChange) -> ResponseReturnValue:
    """One change: each line's limit before and after, and what can be done with it."""
    return _limit_change_page(ReasonForm(), found)


@blueprint.post(f"{HERE}/approve")
@permit(Act.APPROVE, audience=Audience.INTERNAL, load=change_queries.change_of, machine=CHANGES, is_told=True)
def approve_limit(found: EnvelopeChange) -> ResponseReturnValue:
    """Approve a change: it is posted to the ledger at once."""
    form, there = SeenForm.of_request(), found.envelope_id
    return answer(
        form,
        page=lambda: _limit_change_page(form, found),
        act=lambda: changing.approve(found, by=current_actor()),
        then=lambda _: saved(
            "Limit approved and posted to the ledger.", "envelopes.envelope", envelope_id=there
        ),
    )


@blueprint.post(f"{HERE}/refuse")
@permit(Act.REFUSE, audience=Audience.INTERNAL, load=change_queries.change_of, machine=CHANGES, is_told=True)
def refuse_limit(found: EnvelopeChange) -> ResponseReturnValue:
    """Refuse a change, with a reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _limit_change_page(form, found),
        act=lambda: changing.refuse(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Change refused, with your reason.", "envelopes.envelope", envelope_id=found.envelope_id
        ),
    )


@blueprint.post(f"{HERE}/withdraw")
@permit(
    Act.WITHDRAW, audience=Audience.INTERNAL, load=change_queries.change_of, machine=CHANGES, is_told=True
)
def withdraw_limit(found: EnvelopeChange) -> ResponseReturnValue:
    """Withdraw one's own proposal."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _limit_change_page(form, found),
        act=lambda: changing.withdraw(found, by=current_actor()),
        then=lambda _: saved("Proposal withdrawn.", "envelopes.envelope", envelope_id=found.envelope_id),
    )


def _limit_change_page(form: Form, found: EnvelopeChange) -> str:
    acts = open_acts(found, machine=CHANGES, policy=POLICY)
    shown = {"reason": reason_of(form), "Act": Act}
    shown["why_not"] = changing.why_not_approved(found) if Act.APPROVE in acts else None
    return render_template("funding/envelopes/limit_change.html", form=form, change=found, acts=acts, **shown)


def limits_to_approve(actor: Actor) -> tuple[Todo, ...]:
    """Each proposed limit that this actor may decide on."""
    return tuple(
        _todo(each) for each in change_queries.proposed_changes() if POLICY.allows(actor, Act.APPROVE, each)
    )


def _todo(change: EnvelopeChange) -> Todo:
    where = url_for("envelope_changes.limit_change", envelope_id=change.envelope_id, change_id=change.id)
    words, name = "Approve or refuse a change to the limit", change.envelope.name
    return Todo(words, None, where, about=name, since=day_of(change.proposed_at))
