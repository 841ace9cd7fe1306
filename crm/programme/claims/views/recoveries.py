"""Money that a business is to pay back, as two people decided: recorded when it came, and released by another person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.policy import is_theirs
from crm.kernel.clock import is_past, today
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor, Audience
from crm.programme.claims.forms.recoveries import CorrectionForm, ReceivedForm
from crm.programme.claims.models import AwardRecovery
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import money_proposals
from crm.programme.claims.queries import recoveries as queries
from crm.programme.claims.service import recovering as service
from crm.programme.claims.views.showing import words
from crm.programme.claims.workflow import RECOVERIES, Act, RecoveryStatus
from crm.web.feature import Todo
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import open_acts, permits
from crm.web.reasons import LongReasonForm

blueprint = Blueprint("recoveries", __name__)
permit = permits(POLICY)
RECEIVED = "Repayment recorded. Another person releases it."
HERE, PAGE = "/repayments/<uuid:recovery_id>", "recoveries.recovery"


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.recovery)
def recovery(found: AwardRecovery) -> ResponseReturnValue:
    """How much is to be paid back and why, and where it stands."""
    actor = current_actor()
    acts = open_acts(found, policy=POLICY, machine=RECOVERIES)
    shown: dict[str, Any] = {"recovery": found, "acts": acts, "Act": Act, "words": words()}
    shown |= {"is_own": is_theirs(actor, found), "is_late": is_past(found.due_on, on=today())}
    shown["why_not_me"] = service.why_not_released_by(found, actor.account_id)
    shown["why_not_cancel"] = service.why_not_cancelled_by(found, actor.account_id)
    shown |= _with(found, is_own=shown["is_own"])
    shown |= {"repaid_to": settings().repaid_to, "service": settings().service_name}
    return render_template("programme/claims/recovery.html", **shown)


def _with(found: AwardRecovery, *, is_own: bool) -> dict[str, Any]:
    """What was asked for together with a repayment: its other parts, what of all is still to come, and for staff who confirmed it."""
    rows = queries.asked_together(found)
    rest = next((each for each in rows if each.status is RecoveryStatus.ASKED), None)
    shown: dict[str, Any] = {"instalments": rows, "rest": rest if rest is not found else None}
    shown["asked_for"] = sum((each.amount for each in rows), start=NO_MONEY)
    shown["confirmed"] = None if is_own else money_proposals.proposal_among([each.id for each in rows])
    return shown


def _to(found: AwardRecovery, said: str) -> str:
    return saved(said, PAGE, recovery_id=found.id)


@blueprint.route(f"{HERE}/receive", methods=["GET", "POST"])
@permit(Act.RECEIVE, audience=Audience.INTERNAL, load=queries.recovery, machine=RECOVERIES)
def receive(found: AwardRecovery) -> ResponseReturnValue:
    """Record that the money came back."""
    form = ReceivedForm.of_request(amount=found.amount, received_on=today())
    return answer(
        form,
        page=lambda: render_template("programme/claims/receive.html", form=form, recovery=found),
        act=lambda: service.receive(found, form.came(), by=current_actor()),
        then=lambda left: _to(
            found, RECEIVED if not left else f"{RECEIVED} {left.in_full()} is still to come."
        ),
    )


@blueprint.route(f"{HERE}/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.recovery, machine=RECOVERIES)
def correct(found: AwardRecovery) -> ResponseReturnValue:
    """Correct the day on which the money came back."""
    form = CorrectionForm.of_request(received_on=found.received_on, version=found.version)
    given = {name: form[name].data for name in ("received_on", "reason", "version")}
    return answer(
        form,
        page=lambda: render_template("programme/claims/correct.html", form=form, recovery=found),
        act=lambda: service.correct(found, **given, by=current_actor()),
        then=lambda _: _to(found, "Date corrected."),
    )


def _why_not_me(found: AwardRecovery) -> str | None:
    """Why the current actor does not release it."""
    return service.why_not_released_by(found, current_actor().account_id)


def _why_not_cancel(found: AwardRecovery) -> str | None:
    return service.why_not_cancelled_by(found, current_actor().account_id)


@blueprint.route(f"{HERE}/release", methods=["GET", "POST"])
@permit(
    Act.RELEASE, audience=Audience.INTERNAL, load=queries.recovery, machine=RECOVERIES, unless=_why_not_me
)
def release(found: AwardRecovery) -> ResponseReturnValue:
    """Make the money free again in its envelope."""
    form = LongReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/claims/release.html", form=form, recovery=found),
        act=lambda: service.release(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _to(found, "Repayment released. The money is free in its envelope."),
    )


@blueprint.route(f"{HERE}/cancel", methods=["GET", "POST"])
@permit(
    Act.CANCEL, audience=Audience.INTERNAL, load=queries.recovery, machine=RECOVERIES, unless=_why_not_cancel
)
def cancel(found: AwardRecovery) -> ResponseReturnValue:
    """Cancel a repayment that did not come."""
    form = LongReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/claims/cancel.html", form=form, recovery=found),
        act=lambda: service.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _to(found, "Repayment cancelled. We have written to the business."),
    )


def _todo(what: str, found: AwardRecovery) -> Todo:
    about = f"{found.business.name}: {found.amount.in_full()}, {found.award.application.reference}"
    where, due = url_for(PAGE, recovery_id=found.id), found.due_on
    if found.status is not RecoveryStatus.ASKED:
        return Todo(what, None, where, about=about, since=found.received_on, things=(found.award_id,))
    late = is_past(due, on=today())
    return Todo(what, None, where, about=about, due=due, is_overdue=late, things=(found.award_id,))


def to_pay_back(actor: Actor) -> tuple[Todo, ...]:
    """Each repayment that was asked of this person's businesses."""
    rows = queries.recoveries_that_are(RecoveryStatus.ASKED)
    return tuple(_todo("Pay back part of your grant", each) for each in rows if is_theirs(actor, each))


def to_receive(actor: Actor) -> tuple[Todo, ...]:
    """Each repayment that was asked for and did not come yet."""
    rows = queries.recoveries_that_are(RecoveryStatus.ASKED)
    words_ = "Record a repayment when it comes"
    return tuple(_todo(words_, each) for each in rows if POLICY.allows(actor, Act.RECEIVE, each))


def to_release(actor: Actor) -> tuple[Todo, ...]:
    """Each repayment that came and that this person can release."""
    return tuple(
        _todo("Release a repayment", each)
        for each in queries.recoveries_that_are(RecoveryStatus.RECEIVED)
        if POLICY.allows(actor, Act.RELEASE, each) and not service.why_not_released_by(each, actor.account_id)
    )
