"""Ending an award early or completing it: proposed by one person, confirmed by another, since money is released."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.kernel.workflow import first_reason
from crm.programme.awards.forms import CompleteForm, EndForm, RefusalForm, SendForm
from crm.programme.awards.models import Award, AwardClosing
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards as awards_
from crm.programme.awards.queries import closings as queries
from crm.programme.awards.rules import labels
from crm.programme.awards.service import closing as service
from crm.programme.awards.service.closing import Proposal
from crm.programme.awards.workflow import CLOSINGS, Act, ClosingKind, ClosingStatus
from crm.web.feature import Todo
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import asked_by_actor, open_acts, permits
from crm.web.seen import seen_version

blueprint = Blueprint("award_closing", __name__)
permit = permits(POLICY)
AWARD, HERE = "/awards/<uuid:award_id>", "/award-closings/<uuid:closing_id>"
PAGE = "award_closing.closing"
PROPOSED = "Proposed. Nothing changes until another programme manager or an approver confirms it."


def why_not_ended(found: Award) -> str | None:
    """Why this award cannot be proposed to be ended early."""
    return service.why_not_proposed(found, ClosingKind.END)


def why_not_completed(found: Award) -> str | None:
    """Why this award cannot be proposed as complete."""
    return service.why_not_proposed(found, ClosingKind.COMPLETE)


@blueprint.route(f"{AWARD}/end", methods=["GET", "POST"])
@permit(Act.PROPOSE_CLOSING, audience=Audience.INTERNAL, load=awards_.award, unless=why_not_ended)
def end(found: Award) -> ResponseReturnValue:
    """Propose to end an award early: what was not claimed would be free again."""
    form = EndForm.of_request(version=found.version)
    wanted = Proposal(ClosingKind.END, form.reason.data, form.version.data)
    return answer(
        form,
        page=lambda: _end_page(form, found),
        act=lambda: service.propose(found, wanted, by=current_actor()),
        then=lambda made: saved(PROPOSED, PAGE, closing_id=made.id),
    )


@blueprint.route(f"{AWARD}/complete", methods=["GET", "POST"])
@permit(Act.PROPOSE_CLOSING, audience=Audience.INTERNAL, load=awards_.award, unless=why_not_completed)
def complete(found: Award) -> ResponseReturnValue:
    """Propose to complete an award whose milestones are all met."""
    form = CompleteForm.of_request(version=found.version)
    wanted = Proposal(ClosingKind.COMPLETE, "", form.version.data)
    return answer(
        form,
        page=lambda: _complete_page(form, found),
        act=lambda: service.propose(found, wanted, by=current_actor()),
        then=lambda made: saved(PROPOSED, PAGE, closing_id=made.id),
    )


def _end_page(form: Form, found: Award) -> str:
    left = service.left_of(found)
    return render_template("programme/awards/end.html", form=form, award=found, left=left)


def _complete_page(form: Form, found: Award) -> str:
    left = service.left_of(found)
    return render_template("programme/awards/complete.html", form=form, award=found, left=left)


@blueprint.get(HERE)
@permit(Act.VIEW_CLOSING, audience=Audience.INTERNAL, load=queries.closing)
def closing(found: AwardClosing) -> ResponseReturnValue:
    """How an award is to be closed, what that releases, and who decides."""
    is_open = found.status is ClosingStatus.PROPOSED
    shown: dict[str, Any] = {"closing": found, "labels": labels, "Act": Act, "is_open": is_open}
    shown["acts"] = open_acts(found, policy=POLICY, machine=CLOSINGS)
    if is_open:
        shown |= {"left": service.left_of(found.award), "used": service.used_of(found.award)}
        shown["why_not"] = service.why_not_confirmed(found)
        shown["why_not_me"] = service.why_not_confirmed_by(found, current_actor().account_id)
        shown["form"] = SendForm.of_request(seen=service.mark_of_closing(found))
    return render_template("programme/awards/closing.html", award=found.award, **shown)


def _to(found: AwardClosing, said: str) -> str:
    return saved(said, PAGE, closing_id=found.id)


@blueprint.post(f"{HERE}/confirm")
@permit(
    Act.CONFIRM_CLOSING,
    audience=Audience.INTERNAL,
    load=queries.closing,
    machine=CLOSINGS,
    unless=first_reason(asked_by_actor(service.why_not_confirmed_by), service.why_not_confirmed),
)
def confirm(found: AwardClosing) -> ResponseReturnValue:
    """Close the award as another person proposed."""
    seen = SendForm.of_request().seen.data
    service.confirm(found, seen=seen, by=current_actor())
    said = "Award ended early" if found.kind is ClosingKind.END else "Award completed"
    return done(_to(found, f"{said}. We have written to the business."))


@blueprint.route(f"{HERE}/refuse", methods=["GET", "POST"])
@permit(Act.REFUSE_CLOSING, audience=Audience.INTERNAL, load=queries.closing, machine=CLOSINGS)
def refuse_closing(found: AwardClosing) -> ResponseReturnValue:
    """Refuse to close an award, with a reason."""
    form = RefusalForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: render_template("programme/awards/refuse_closing.html", form=form, closing=found),
        act=lambda: service.refuse(
            found, reason=form.reason.data, version=form.version.data, by=current_actor()
        ),
        then=lambda _: _to(found, "Refused. The award runs on as it was."),
    )


@blueprint.post(f"{HERE}/withdraw")
@permit(Act.WITHDRAW_CLOSING, audience=Audience.INTERNAL, load=queries.closing, machine=CLOSINGS)
def withdraw(found: AwardClosing) -> ResponseReturnValue:
    """Withdraw one's own proposal."""
    service.withdraw(found, version=seen_version(), by=current_actor())
    return done(_to(found, "Proposal withdrawn. The award runs on as it was."))


def to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Each proposal to close an award that this person can confirm."""
    return tuple(
        _todo(each)
        for each in queries.closings_that_wait()
        if POLICY.allows(actor, Act.CONFIRM_CLOSING, each)
        and not service.why_not_confirmed_by(each, actor.account_id)
    )


def _todo(found: AwardClosing) -> Todo:
    what = (
        "Confirm that an award ends early" if found.kind is ClosingKind.END else "Confirm a completed award"
    )
    about, where = found.award.business.name, url_for(PAGE, closing_id=found.id)
    return Todo(what, None, where, about=about, since=day_of(found.proposed_at), things=(found.award_id,))
