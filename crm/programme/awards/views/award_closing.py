"""Ending an award early or completing it: proposed by one person, confirmed by another, since money is released."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.views.proposals import ProposalForm, ProposalPages, Said
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.programme.awards.forms import CompleteForm, EndForm
from crm.programme.awards.models import Award, AwardClosing
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards as awards_
from crm.programme.awards.queries import closings as queries
from crm.programme.awards.rules import labels
from crm.programme.awards.service import closing as service
from crm.programme.awards.service.closing import Proposal
from crm.programme.awards.workflow import CLOSINGS, Act, ClosingKind, ClosingStatus
from crm.web.feature import Todo
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("award_closing", __name__)
permit = permits(POLICY)
AWARD, HERE = "/awards/<uuid:award_id>", "/award-closings/<uuid:closing_id>"
PAGE = "award_closing.proposal"
TO_DECIDE = {
    ClosingKind.END: "Decide whether an award ends early",
    ClosingKind.COMPLETE: "Decide whether an award is complete",
}
DONE = {ClosingKind.END: "Award ended early", ClosingKind.COMPLETE: "Award completed"}
READ = {
    (ClosingKind.END, ClosingStatus.CONFIRMED): "Read: an award ended early",
    (ClosingKind.END, ClosingStatus.REFUSED): "Read why an award does not end early",
    (ClosingKind.COMPLETE, ClosingStatus.CONFIRMED): "Read: an award was completed",
    (ClosingKind.COMPLETE, ClosingStatus.REFUSED): "Read why an award was not completed",
}
PROPOSED = "Proposed. Nothing changes until another programme manager or an approver confirms it."


def why_not_ended(found: Award) -> str | None:
    """Why this award cannot be proposed to be ended early."""
    return service.why_not_proposed(found, ClosingKind.END)


def why_not_completed(found: Award) -> str | None:
    """Why this award cannot be proposed as complete."""
    return service.why_not_proposed(found, ClosingKind.COMPLETE)


def _closing_page(form: Form, found: AwardClosing) -> str:
    shown = PAGES.shown(found, form) | {"closing": found, "labels": labels}
    if shown["is_open"]:
        shown |= {"left": service.left_of(found.award), "used": service.used_of(found.award)}
    return render_template("programme/awards/closing.html", award=found.award, **shown)


PAGES = ProposalPages(
    blueprint,
    CLOSINGS,
    policy=POLICY,
    verbs=service,
    load=queries.closing,
    named="closing_id",
    said=Said(
        confirmed=lambda found: f"{DONE[found.kind]}. We have written to the business.",
        refusing=lambda found: f"Refuse to close the award to {found.business.name}",
        stays="The award runs on as it was.",
    ),
    show=_closing_page,
)
PAGES.open_doors(HERE)


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
        then=lambda made: PAGES.to(made, PROPOSED),
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
        then=lambda made: PAGES.to(made, PROPOSED),
    )


def _end_page(form: Form, found: Award) -> str:
    left = service.left_of(found)
    return render_template("programme/awards/end.html", form=form, award=found, left=left)


def _complete_page(form: Form, found: Award) -> str:
    left = service.left_of(found)
    return render_template("programme/awards/complete.html", form=form, award=found, left=left)


@blueprint.get(HERE)
@permit(Act.VIEW_CLOSING, audience=Audience.INTERNAL, load=queries.closing)
def proposal(found: AwardClosing) -> ResponseReturnValue:
    """How an award is to be closed, what that releases, and who decides."""
    return _closing_page(ProposalForm(), found)


def to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Each proposal to close an award on which this person decides."""
    rows = PAGES.to_decide(queries.closings_on_desks(), actor)
    return tuple(_todo(each, TO_DECIDE[each.kind]) for each in rows)


def to_read(actor: Actor) -> tuple[Todo, ...]:
    """What became of each proposal lately, for those who decide in the programme, but not for the person who decided it."""
    rows = PAGES.to_read(queries.closings_on_desks(), actor)
    return tuple(_todo(each, READ[each.kind, each.status]) for each in rows)


def _todo(found: AwardClosing, words: str) -> Todo:
    about, since = found.award.business.name, day_of(found.decided_at or found.proposed_at)
    return Todo(words, None, PAGES.url(found), about=about, since=since, things=(found.award_id,))
