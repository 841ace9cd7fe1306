"""Withdrawing an award that its applicant was told of: proposed by one person, and confirmed or dropped by another."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.programme.cohort.forms.confirming import WithdrawForm
from crm.programme.cohort.models import Decision
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import decisions as queries
from crm.programme.cohort.service import telling
from crm.programme.cohort.service import withdrawing as service
from crm.programme.cohort.service.deciding import why_not_withdrawn_by
from crm.programme.cohort.views.decisions import to_decision
from crm.programme.cohort.workflow import Act, why_end_not_read
from crm.web.feature import Todo
from crm.web.forms import answer, done
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.seen import seen_version

blueprint = Blueprint("award_withdrawals", __name__)
permit = permits(POLICY)
HERE = "/decisions/<uuid:decision_id>"
PROPOSED = "Proposed. Nothing changes until another programme manager or an approver confirms it."


@blueprint.route(f"{HERE}/propose-withdrawal", methods=["GET", "POST"])
@permit(
    Act.PROPOSE_WITHDRAWAL, audience=Audience.INTERNAL, load=queries.decision, unless=service.why_not_proposed
)
def propose_withdrawal(found: Decision) -> ResponseReturnValue:
    """Propose to withdraw an award that its applicant was told of."""
    form = WithdrawForm.of_request(version=found.version)
    shown = {"decision": found, "is_unreached": bool(telling.unreached([found]))}
    return answer(
        form,
        page=lambda: render_template("programme/cohort/propose_withdrawal.html", form=form, **shown),
        act=lambda: service.propose_withdrawal(found, **form.details(), by=current_actor()),
        then=lambda _: to_decision(PROPOSED, found),
    )


@blueprint.post(f"{HERE}/keep")
@permit(Act.KEEP_AWARD, audience=Audience.INTERNAL, load=queries.decision, unless=service.why_not_kept)
def keep_award(found: Decision) -> ResponseReturnValue:
    """Drop the proposal: the award stays as it is."""
    service.keep_award(found, version=seen_version(), by=current_actor())
    return done(to_decision("The award stays as it is.", found))


@blueprint.post(f"{HERE}/read-end")
@permit(Act.READ_END, audience=Audience.INTERNAL, load=queries.decision, unless=why_end_not_read)
def read_end(found: Decision) -> ResponseReturnValue:
    """Mark as read why the business gave its award up."""
    service.read_end(found, by=current_actor())
    return done(to_decision("Marked as read. It is off the desks of the programme’s team.", found))


def to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Each proposal to withdraw an award on which this person decides."""
    return tuple(
        _todo(each)
        for each in queries.withdrawals_proposed()
        if POLICY.allows(actor, Act.WITHDRAW_AWARD, each) and not why_not_withdrawn_by(each, actor.account_id)
    )


def _todo(found: Decision) -> Todo:
    where, about = url_for("decisions.decision", decision_id=found.id), found.application
    since = day_of(found.withdrawal_proposed_at) if found.withdrawal_proposed_at else None
    named = f"{about.business.name}, {about.reference}"
    return Todo(
        "Decide whether an award is withdrawn", None, where, about=named, since=since, things=(about.id,)
    )
